"""Arithmetic in the bank: "head_dim(d_model, H)" over the names of a configuration and the reference's own functions.

An answer written in this way is what the reference computes, and cannot drift from it. Nothing but arithmetic is
evaluated: no attribute, no other name, no other call.
"""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

Names = Mapping[str, float]

_OPERATORS: dict[type[ast.AST], Callable[..., Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
    ast.USub: operator.neg,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
_PLAIN: dict[str, Callable[..., Any]] = {"min": min, "max": max, "sqrt": math.sqrt, "exp": math.exp, "log": math.log}


@cache
def _reference() -> dict[str, Callable[..., Any]]:
    import reference_impl  # NumPy is slow to import, and a session may hold no number question

    return {name: getattr(reference_impl, name) for name in reference_impl.__all__ if name[0].islower()}


def _value(node: ast.expr, names: Names) -> Any:
    match node:
        case ast.Constant(value=int() | float() | bool() as value):
            return value
        case ast.Name(id=name) if name in names:
            return names[name]
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
            return _OPERATORS[type(op)](_value(left, names), _value(right, names))
        case ast.UnaryOp(op=op, operand=operand) if type(op) in _OPERATORS:
            return _OPERATORS[type(op)](_value(operand, names))
        case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in _OPERATORS:
            return _OPERATORS[type(op)](_value(left, names), _value(right, names))
        case ast.BoolOp(op=ast.And(), values=values):
            return all(_value(value, names) for value in values)
        case ast.BoolOp(op=ast.Or(), values=values):
            return any(_value(value, names) for value in values)
        case ast.List(elts=items):
            return [_value(item, names) for item in items]
        case ast.Subscript(value=value, slice=index):
            return _value(value, names)[_value(index, names)]
        case ast.Call(func=ast.Name(id=name), args=args, keywords=keywords):
            function = _PLAIN.get(name) or _reference().get(name)
            if function:
                given = {word.arg: _value(word.value, names) for word in keywords if word.arg}
                return function(*(_value(arg, names) for arg in args), **given)
    raise ValueError(f"'{ast.unparse(node)}' is not one of the names {', '.join(names)} or the allowed functions")


@cache
def _tree(expression: str) -> ast.expr:
    return ast.parse(expression, mode="eval").body


def evaluate(expression: str, names: Names) -> float:
    """The value of arithmetic; ValueError where it cannot be worked out. A whole number is returned as an int."""
    try:
        number = float(_value(_tree(expression), names))
        return int(number) if number.is_integer() else number
    except (SyntaxError, TypeError, ArithmeticError, IndexError) as error:
        raise ValueError(f"'{expression}' cannot be worked out: {error}") from error


def holds(condition: str, names: Names) -> bool:
    """Whether a condition such as "d_model % H == 0" holds; ValueError where it cannot be worked out."""
    return bool(evaluate(condition, names))
