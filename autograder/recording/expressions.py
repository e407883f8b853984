"""The parts of a learner's line that can be computed once more without doing anything else.

A head written as one expression has no names for its scores and weights. Products, sums, slices and NumPy's own functions
of what already has a name are computed again, on the side; a learner's own function never is.
"""

from __future__ import annotations

import ast
import linecache
import math
import types
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

import numpy as np

_METHODS = frozenset(
    [
        "all",
        "any",
        "argmax",
        "astype",
        "copy",
        "cumsum",
        "dot",
        "flatten",
        "max",
        "mean",
        "min",
        "ravel",
        "repeat",
        "reshape",
        "squeeze",
        "std",
        "sum",
        "swapaxes",
        "transpose",
        "var",
    ]
)
_ATTRIBUTES = frozenset(["T", "mT", "dtype", "ndim", "shape", "size"])
# Functions of NumPy that write into an argument, read files, or draw numbers.
_DOING = frozenset(
    [
        "copyto",
        "fill_diagonal",
        "fromfile",
        "genfromtxt",
        "load",
        "loadtxt",
        "place",
        "put",
        "put_along_axis",
        "putmask",
        "random",
        "save",
        "savetxt",
        "savez",
    ]
)
_FUNCTIONS: dict[str, Any] = {
    "abs": abs,
    "float": float,
    "int": int,
    "len": len,
    "max": max,
    "min": min,
    "round": round,
}
_SHOWN = 80
_COMPREHENSIONS: dict[str, Any] = {"<listcomp>": ast.ListComp, "<genexpr>": ast.GeneratorExp, "<setcomp>": ast.SetComp}


@lru_cache(64)
def _parsed(source: str) -> ast.Module | None:
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError):
        return None


def tree_of(code: types.CodeType) -> tuple[str, ast.Module] | None:
    """The source of the cell or file that holds some code, and its syntax tree; None where they are not known."""
    source = "".join(linecache.getlines(code.co_filename))
    tree = _parsed(source) if source else None
    return (source, tree) if tree is not None else None


def written(source: str, node: ast.AST) -> str:
    """A node as the learner wrote it, on one line and not too long."""
    text = " ".join((ast.get_source_segment(source, node) or "").split())
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


@lru_cache(512)
def parts(code: types.CodeType, line: int) -> tuple[tuple[str, ast.expr], ...]:
    """What can be computed of the expressions that begin on a line of this code: inner parts first, each with its text."""
    found = tree_of(code)
    if found is None:
        return ()
    source, tree = found
    return tuple(
        (written(source, node), node)
        for root in _expressions(tree, code, line)
        for node in _inner_first(root)
        if not isinstance(node, ast.Name | ast.Constant | ast.Slice | ast.Tuple) and _only_computes(node)
    )


def _expressions(tree: ast.Module, code: types.CodeType, line: int) -> Iterator[ast.expr]:
    if code.co_name == "<lambda>":
        for node in ast.walk(tree):
            if isinstance(node, ast.Lambda) and node.body.lineno <= line <= (node.body.end_lineno or line):
                arguments = node.args
                named = [a.arg for a in (*arguments.posonlyargs, *arguments.args)]
                if tuple(named) == code.co_varnames[: code.co_argcount]:
                    yield node.body
    elif code.co_name in _COMPREHENSIONS:
        for node in ast.walk(tree):
            if isinstance(node, _COMPREHENSIONS[code.co_name]) and node.lineno <= line <= (node.end_lineno or line):
                yield node.elt
    else:
        for node in ast.walk(tree):
            states = isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign | ast.Return | ast.Expr)
            if states and node.lineno == line and node.value is not None:  # type: ignore[attr-defined]
                yield node.value  # type: ignore[attr-defined]


def _inner_first(node: ast.AST) -> Iterator[ast.expr]:
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.Lambda | ast.ListComp | ast.GeneratorExp | ast.SetComp | ast.DictComp):
            yield from _inner_first(child)
    if isinstance(node, ast.expr):
        yield node


def _only_computes(node: ast.AST) -> bool:
    match node:
        case ast.Name() | ast.Constant():
            return True
        case ast.BinOp(left=left, right=right):
            return _only_computes(left) and _only_computes(right)
        case ast.UnaryOp(operand=operand):
            return _only_computes(operand)
        case ast.Compare(left=left, comparators=others):
            return all(map(_only_computes, [left, *others]))
        case ast.Subscript(value=value, slice=where):
            return _only_computes(value) and _only_computes(where)
        case ast.Slice(lower=lower, upper=upper, step=step):
            return all(map(_only_computes, filter(None, [lower, upper, step])))
        case ast.Tuple(elts=items) | ast.List(elts=items):
            return all(map(_only_computes, items))
        case ast.Attribute(value=value, attr=attr):
            return (attr in _ATTRIBUTES or _is_numpy(node)) and _only_computes(value)
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]):
            return (
                name in _FUNCTIONS
                and not any(isinstance(a, ast.Starred) for a in args)
                and all(map(_only_computes, args))
            )
        case ast.Call(func=ast.Attribute(value=value, attr=attr) as func, args=args, keywords=keywords):
            if any(k.arg in (None, "out") for k in keywords) or any(isinstance(a, ast.Starred) for a in args):
                return False
            known = (_is_numpy(func) and attr not in _DOING) or attr in _METHODS
            return known and _only_computes(value) and all(map(_only_computes, [*args, *(k.value for k in keywords)]))
    return False


def _is_numpy(node: ast.Attribute) -> bool:
    """Whether it reads as a name of NumPy's, ``np.exp``, or of math: what the name stands for is looked at when it is computed."""
    return (
        isinstance(node.value, ast.Name) and node.value.id in ("np", "numpy", "math") and not node.attr.startswith("_")
    )


def computed(node: ast.expr, names: Mapping[str, Any]) -> Any:
    """The value of one of these parts. Raises LookupError where a name is unknown or stands for more than plain data."""
    for inner in ast.walk(node):
        if isinstance(inner, ast.Name) and not _may_be_used(inner.id, names):
            raise LookupError(inner.id)
    return eval(compile(ast.Expression(node), "<part>", "eval"), {"__builtins__": {}}, {**_FUNCTIONS, **names})


def _may_be_used(name: str, names: Mapping[str, Any]) -> bool:
    return _is_data(names[name]) if name in names else name in _FUNCTIONS


def _is_data(value: Any, depth: int = 0) -> bool:
    if value is np or value is math or value is None or type(value) in (np.ndarray, bool, int, float, str, type):
        return True
    if type(value) in (list, tuple) and len(value) <= 100 and depth < 3:
        return all(_is_data(item, depth + 1) for item in value)
    return isinstance(value, np.generic)
