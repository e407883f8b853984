"""Run all comes to its end whatever a learner has written, as long as the cell itself runs."""

from __future__ import annotations

import ast
import contextlib
import io
from typing import Any

import nbformat
import pytest

from autograder.course import read
from autograder.tests.support import UNITS

# What a learner's functions may do, as the body of each; and what stands where a value was asked for.
BODIES = {
    "raise an error": "return 1 / 0",
    "return nothing": "return None",
    "return text": "return 'a word'",
    "return a number": "return 3",
    "return what they were given": "return args[0]",
    "return a strange shape": "import numpy\n    return numpy.zeros((3, 2, 5, 1))",
    "return a list of ragged lists": "return [[1], [2, 3]]",
}
VALUES = ("None", "'a word'", "[1, 'two', None]", "{'a': object()}", "float('nan')")


def wrongly_answered(unit: str, body: str, value: str) -> nbformat.NotebookNode:
    """The unit's exercise, with functions and values of that kind in the learner's cells."""
    notebook = nbformat.read(read().unit(unit).exercise, as_version=4)
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("solution"):
            cell.source = "\n\n".join(_answer(node, body, value) for node in ast.parse(cell.source).body)
    return notebook


def _answer(node: ast.stmt, body: str, value: str) -> str:
    if isinstance(node, ast.FunctionDef):
        return f"def {node.name}(*args, **kwargs):\n    {body}"
    if isinstance(node, ast.Expr):  # a call that shows what the learner is given
        return ast.unparse(node)
    assert isinstance(node, ast.Assign)
    return f"{ast.unparse(node.targets[0])} = {value}"


def _run_all(notebook: nbformat.NotebookNode) -> str:
    """Run the cells one after the other, and return what they print. Raises what a cell raises."""
    names: dict[str, Any] = {"__name__": "notebook"}
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        for cell in notebook.cells:
            if cell.cell_type == "code":
                exec(compile(cell.source, f"<{cell.id}>", "exec"), names)
    return said.getvalue()


@pytest.mark.parametrize("does", BODIES)
@pytest.mark.parametrize("unit", UNITS)
def test_functions_that_do_something_else_stop_no_cell(unit: str, does: str) -> None:
    assert "points" in _run_all(wrongly_answered(unit, BODIES[does], "..."))


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize("unit", UNITS)
def test_values_of_another_kind_stop_no_cell(unit: str, value: str) -> None:
    assert "points" in _run_all(wrongly_answered(unit, "raise NotImplementedError", value))


# Unit 2 asks for no functions.
@pytest.mark.parametrize("unit", [unit for unit in UNITS if unit != "order_the_steps"])
def test_a_cell_that_shows_something_says_what_is_still_missing(unit: str) -> None:
    assert "Not yet: not written" in _run_all(wrongly_answered(unit, "raise NotImplementedError('not written')", "..."))
