"""The numbers of a number question: its answer and its known wrong results, computed for each variant.

The bank writes them as arithmetic over the variant's names and the reference's own functions, so that an answer is what
the reference computes and cannot drift from it.
"""

from __future__ import annotations

import ast
import math
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from .errors import BankError
from .questions import NumberQuestion

_OPERATORS: dict[type[ast.AST], Callable[..., Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
    ast.USub: operator.neg,
}

# A brace that follows a letter, "_", "^", "}" or a backslash belongs to a formula, as in d_{k} or \sqrt{H}.
_PLACEHOLDER = re.compile(r"(?<![A-Za-z_^}\\]){(\w+)}")


@dataclass(frozen=True, slots=True)
class Solved:
    """A number question with one variant's sizes put in."""

    text: str
    explanation: str
    answer: float
    wrong: tuple[tuple[float, str], ...]


@cache
def _functions() -> dict[str, Callable[..., Any]]:
    import reference_impl  # NumPy is slow to import, and a session may hold no number question

    reference = ("head_dim", "concat_dim", "output_projection_shape", "parameter_count")
    return {name: getattr(reference_impl, name) for name in reference} | {"min": min, "max": max, "sqrt": math.sqrt}


def _value(node: ast.expr, names: Mapping[str, Any]) -> Any:
    match node:
        case ast.Constant(value=int() | float() | bool() as value):
            return value
        case ast.Name(id=name) if name in names:
            return names[name]
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
            return _OPERATORS[type(op)](_value(left, names), _value(right, names))
        case ast.UnaryOp(op=op, operand=operand) if type(op) in _OPERATORS:
            return _OPERATORS[type(op)](_value(operand, names))
        case ast.Subscript(value=value, slice=index):
            return _value(value, names)[_value(index, names)]
        case ast.Call(func=ast.Name(id=name), args=args, keywords=keywords) if name in _functions():
            given = {word.arg: _value(word.value, names) for word in keywords if word.arg}
            return _functions()[name](*(_value(arg, names) for arg in args), **given)
    raise ValueError(f"'{ast.unparse(node)}' is not one of the names {', '.join(names)} or the allowed functions")


def evaluate(expression: str, names: Mapping[str, float]) -> float:
    """The value of arithmetic such as "head_dim(d_model, H)"; ValueError where it cannot be worked out."""
    try:
        number = _value(ast.parse(expression, mode="eval").body, names)
        return int(number) if float(number).is_integer() else float(number)
    except (SyntaxError, TypeError, ArithmeticError, IndexError) as error:
        raise ValueError(f"'{expression}' cannot be worked out: {error}") from error


def agrees(given: float, expected: float) -> bool:
    """Whether a number counts as `expected`: whole numbers exactly, others to half a percent."""
    whole = float(expected).is_integer()
    return abs(given - expected) <= (1e-9 * max(1.0, abs(expected)) if whole else 0.005 * abs(expected))


def shown(number: float) -> str:
    """A number as people write it: 64, 0.125, 5.657."""
    return str(number) if isinstance(number, int) else f"{number:.4g}"


def fill(text: str, names: Mapping[str, float]) -> str:
    """Put sizes in for {d_model} and its like; braces of formulas stay as they are."""

    def put(found: re.Match[str]) -> str:
        return shown(names[found[1]]) if found[1] in names else found[0]

    return _PLACEHOLDER.sub(put, text)


def asked(question: NumberQuestion, variant: int) -> str:
    """The question's text for one variant, without working anything out: NumPy need not be imported to ask."""
    return fill(question.text, question.variants[variant])


def solve(question: NumberQuestion, variant: int) -> Solved:
    """The question for one variant. `{answer}` may stand in the explanation.

    Raises BankError where arithmetic fails, or where two of the answer and the wrong results could not be told apart.
    """
    names = question.variants[variant]
    try:
        answer = evaluate(question.answer, names)
        wrong = tuple((evaluate(known.value, names), known.why) for known in question.wrong)
    except ValueError as error:
        raise BankError([f"question {question.id}, variant {names}: {error}."]) from None
    seen = [(question.answer, answer)]
    for known, (value, _) in zip(question.wrong, wrong, strict=True):
        for other, taken in seen:
            if agrees(value, taken) or agrees(taken, value):
                problem = f"the wrong value '{known.value}' and '{other}' are both {shown(value)}; change the variant."
                raise BankError([f"question {question.id}, variant {names}: {problem}"])
        seen.append((known.value, value))
    filled = {**names, "answer": answer}
    return Solved(
        text=asked(question, variant),
        explanation=fill(question.explanation, filled),
        answer=answer,
        wrong=tuple((value, fill(why, filled)) for value, why in wrong),
    )
