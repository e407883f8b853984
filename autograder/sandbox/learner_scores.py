"""Whether the number a test cell ends with was worked out by the test, or came from the learner.

nbgrader takes the value of a test cell's last line for its score if it reads as a number, and gives full points
otherwise. A number that the submitted code returned is no score: `grade_it(answer)` must not give what the learner's own
`grade_it` says. Such a cell gets 0 with a reason; taking the number away would give full points.

The number is the learner's own
- if the value is an object of the learner's: what it shows is the learner's text;
- if it is the very object that came over the line in this cell, kept in a variable or not;
- if the last line asks the learner for it: a call of the learner's function, a variable or attribute of theirs. This
  finds the small integers, of which Python has only one each.

A cell whose last line shows something else of the learner's, a list or a picture, is marked by whether it raised, as in
nbgrader. A test that works with a number, `round(f(x), 2)`, has made it a score; that is the author's decision.

The learner chooses the types that a test calculates with. `1.0 * (f(3) == 6)` is NumPy's 0.0 where f returns NumPy's
number, and array([0.]) where it returns an array; nbgrader reads neither as a number, and would give full points. So a
number of NumPy's counts as the number it is, and what a calculation makes of an array or of an object is no score.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import Any

import numpy as np

from .given import parsed
from .jailed.shared.shell import Output
from .names import Handle, Names
from .outputs import error_output

NO_NUMBER = "this test calculates a score, and what the submitted code returned makes it no number"
NOT_A_SCORE = "the last line of this test is a number that the submitted code returned, which is no score"


def without_learners_scores(
    outputs: list[Output], source: str, value: object, names: Names, received: Iterable[object]
) -> list[Output]:
    """The outputs of a test cell, with an error before them if its score is the learner's own: nbgrader reads the
    first output that says something.

    value: what the last line gave. received: the numbers that came over the line while the cell ran.
    """
    results = [output for output in outputs if output["output_type"] == "execute_result"]
    if not results:
        return outputs
    theirs = isinstance(value, Handle) or any(value is number for number in received) or _asks_learner(source, names)
    if any(_reads_as_number(output) for output in results):
        return [error_output("NoScore", NOT_A_SCORE), *outputs] if theirs else outputs
    # A span of time is an integer to NumPy.
    if isinstance(value, np.integer | np.floating) and not isinstance(value, np.timedelta64) and not theirs:
        for output in results:
            output["data"]["text/plain"] = repr(float(value))
    elif not isinstance(value, bool | np.bool_) and _calculates(source):
        return [error_output("NoScore", NO_NUMBER), *outputs]
    return outputs


def is_traceable(value: Any) -> bool:
    """Whether a value is a number, and an object of its own: Python keeps one object for each small integer."""
    if isinstance(value, int):
        return not -5 <= value <= 256
    return isinstance(value, float | complex | np.generic)


def _reads_as_number(output: Output) -> bool:
    try:
        float(output["data"].get("text/plain", ""))
    except (TypeError, ValueError):
        return False
    return True


def _calculates(source: str) -> bool:
    """Whether a test's last line is a calculation, or a variable in which the test keeps one."""
    tree = parsed(source)
    last = tree.body[-1] if tree is not None and tree.body else None
    if tree is None or not isinstance(last, ast.Expr):
        return False
    match last.value:
        case ast.Name(id=name):
            return any(_keeps_calculation(node, name) for node in ast.walk(tree))
        case value:
            return _is_calculation(value)


def _keeps_calculation(node: ast.AST, name: str) -> bool:
    match node:
        case ast.AugAssign(target=ast.Name(id=target)):
            return target == name
        case ast.Assign(targets=targets, value=value):
            return any(isinstance(one, ast.Name) and one.id == name for one in targets) and _is_calculation(value)
    return False


def _is_calculation(node: ast.expr) -> bool:
    match node:
        case ast.BinOp(left=one, right=other):
            return not (_is_shown(one) or _is_shown(other))
        case ast.UnaryOp():
            return True
        case ast.Call(func=ast.Name(id="round" | "abs" | "sum" | "min" | "max")):
            return True
        case ast.IfExp(body=one, orelse=other):
            return _is_calculation(one) or _is_calculation(other)
    return False


def _is_shown(node: ast.expr) -> bool:
    """Whether an operand is a text or a list that the test puts together to show it."""
    match node:
        case ast.Constant(value=str()) | ast.JoinedStr() | ast.List() | ast.Tuple():
            return True
        case ast.BinOp(left=one, right=other):
            return _is_shown(one) or _is_shown(other)
    return False


def _asks_learner(source: str, names: Names) -> bool:
    tree = parsed(source)
    last = tree.body[-1] if tree is not None and tree.body else None
    return isinstance(last, ast.Expr) and _is_learners(last.value, names)


def _is_learners(node: ast.expr, names: Names) -> bool:
    match node:
        case ast.Name(id=name):
            return names.is_learners(name)
        case ast.Call(func=inner) | ast.Attribute(value=inner) | ast.Subscript(value=inner):
            return _is_learners(inner, names)
        case ast.NamedExpr(value=inner) | ast.UnaryOp(operand=inner) | ast.Await(value=inner):
            return _is_learners(inner, names)
        case ast.IfExp(body=one, orelse=other):
            return _is_learners(one, names) or _is_learners(other, names)
        case ast.BoolOp(values=some):
            return any(_is_learners(one, names) for one in some)
    return False
