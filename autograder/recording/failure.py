"""Where an exception came from in the learner's code, and what met there: the arrays, their shapes, what was asked of them."""

from __future__ import annotations

import ast
import contextlib
import types
from collections.abc import Callable
from typing import Any

import numpy as np

from .expressions import computed, tree_of, written

_MESSAGE, _PARTS = 500, 8


def failure(error: BaseException, is_learners: Callable[[types.CodeType], bool]) -> dict[str, Any]:
    """An exception as plain data.

    kind       the name of its class, and those above it
    message    what it says
    function   the learner's function it came from, "" where none is known
    line       the line there
    operation  the part of the line that failed
    form       what kind of part that is: ``@``, ``+``, ``call reshape``, ``[]``, ``.view`` or ""
    parts      what met: a list [text, what]. What is ``["array", shape, dtype]`` or ``["value", text]``; None if unknown
    """
    told: dict[str, Any] = {
        "kind": [kind.__name__ for kind in type(error).__mro__ if kind is not object][:8],
        "message": str(error)[:_MESSAGE],
        "function": "",
        "line": "",
        "operation": "",
        "form": "",
        "parts": [],
        "calls": 0,
    }
    frames = []
    tb = error.__traceback__
    while tb is not None:
        if is_learners(tb.tb_frame.f_code):
            frames.append(tb)
        tb = tb.tb_next
    if not frames:
        return told
    told["calls"] = len(frames)
    last = frames[-1]
    code = last.tb_frame.f_code
    told["function"] = code.co_name
    with contextlib.suppress(Exception):
        _locate(told, last, code)
    return told


def _locate(told: dict[str, Any], tb: types.TracebackType, code: types.CodeType) -> None:
    found = tree_of(code)
    if found is None:
        return
    source, tree = found
    lines = source.splitlines()
    told["line"] = lines[tb.tb_lineno - 1].strip()[:200] if tb.tb_lineno <= len(lines) else ""
    place = list(code.co_positions())[tb.tb_lasti // 2]
    node = next(
        (n for n in ast.walk(tree) if isinstance(n, ast.expr | ast.stmt) and _position(n, lines) == place), None
    )
    if node is None:
        return
    told["operation"] = written(source, node)
    told["form"], operands = _taken_apart(node)
    names = {**tb.tb_frame.f_globals, **tb.tb_frame.f_locals}
    told["parts"] = [[written(source, part), _what(part, names)] for part in operands[:_PARTS]]


def _position(node: Any, lines: list[str]) -> tuple[int, int, int, int]:
    return node.lineno, node.end_lineno, node.col_offset, node.end_col_offset


_SIGNS = {
    "MatMult": "@", "Add": "+", "Sub": "-", "Mult": "*", "Div": "/", "FloorDiv": "//", "Pow": "**", "Mod": "%",
}  # fmt: skip


def _taken_apart(node: ast.AST) -> tuple[str, list[ast.expr]]:
    match node:
        case ast.BinOp(left=left, op=op, right=right):
            return _SIGNS.get(type(op).__name__, "operator"), [left, right]
        case ast.AugAssign(target=left, op=op, value=right):
            return _SIGNS.get(type(op).__name__, "operator"), [left, right]
        case ast.Compare(left=left, comparators=others):
            return "compare", [left, *others]
        case ast.BoolOp(values=values):
            return "truth", list(values)
        case ast.Call(func=func, args=args, keywords=keywords):
            name = func.attr if isinstance(func, ast.Attribute) else func.id if isinstance(func, ast.Name) else ""
            owner = [func.value] if isinstance(func, ast.Attribute) and not _is_module(func.value) else []
            return f"call {name}", [
                *owner,
                *(a for a in args if not isinstance(a, ast.Starred)),
                *(k.value for k in keywords),
            ]
        case ast.Subscript(value=value, slice=where):
            return "[]", [value, where]
        case ast.Attribute(value=value, attr=attr):
            return f".{attr}", [value]
        case ast.UnaryOp(operand=operand):
            return "not" if isinstance(node.op, ast.Not) else "sign", [operand]
        case ast.Name(id=name):
            return f"name {name}", []
        case ast.Assign(value=value):
            return "assign", [value]
    return "", [node] if isinstance(node, ast.expr) else []


def _is_module(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id in ("np", "numpy")


def _what(node: ast.expr, names: dict[str, Any]) -> list[Any] | None:
    try:
        with np.errstate(all="ignore"):
            value = computed(node, names)
    except Exception:
        return None
    if isinstance(value, np.ndarray):
        return ["array", list(value.shape), str(value.dtype)]
    if type(value) in (list, tuple) and any(isinstance(item, np.ndarray) for item in value):
        return ["value", f"a {type(value).__name__} of {len(value)}"]
    return ["value", repr(value)[:60] if not isinstance(value, np.generic) else repr(value.item())]
