"""Reading what the checks said from the outputs of executed cells."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from ..grading.marks import NotebookMarks, is_solution
from ..grading.records import LONGEST_CODE, Answer
from ..marking.executed import error_in, report_in
from ..sandbox.cells import SourceCell, SourceNotebook
from ..sandbox.outputs import plain_text
from .other_units import asked_by


def answers(notebook: SourceNotebook, known: Iterable[dict[str, Any]], marks: NotebookMarks) -> list[Answer]:
    """What became of every graded cell.

    known  the executed cells that the unit has, with their outputs, from top to bottom
    """
    cells: dict[str, dict[str, Any]] = {}
    errors: dict[str, str] = {}
    code: dict[str, str] = {}
    error, above = "", ""
    for cell in known:
        about = cell["metadata"]["nbgrader"]
        cells[about["grade_id"]] = cell
        if about["grade"]:
            errors[about["grade_id"]], error = error, ""
            code[about["grade_id"]], above = above, ""
        elif not about["locked"]:
            error = error or error_in(cell)
            if cell["cell_type"] == "code":
                above = f"{above}\n\n{plain_text(cell['source'])}".strip()
    return [
        replace(
            _answer(notebook.name, cell, cells[cell.name], mark.score if mark else None, errors.get(cell.name, "")),
            code=code.get(cell.name, "")[:LONGEST_CODE],
        )
        for cell in notebook.cells
        if cell.points is not None
        for mark in [marks.marks.get(cell.name)]  # a task has none: a person marks it
    ]


def ungraded(notebook: SourceNotebook, message: str) -> list[Answer]:
    """The answers of a submission that could not be graded."""
    return [
        Answer(
            _question(notebook.name, cell), notebook.name, cell.name, "not graded", 0.0, cell.points, message=message
        )
        for cell in notebook.cells
        if cell.points is not None
    ]


def _question(notebook: str, cell: SourceCell) -> str:
    return asked_by(cell) or f"{notebook}.{cell.name}"


def _answer(notebook: str, known: SourceCell, cell: dict[str, Any], marks: float | None, before: str) -> Answer:
    """before: the error that the learner's cells above, up to the check before, ended in."""
    points = known.points or 0.0
    report = next((found for output in cell.get("outputs", []) if (found := report_in(output))), None)
    error = error_in(cell)
    question = _question(notebook, known)
    if is_solution(known):
        outcome = "by hand" if marks is None else "not attempted"
        return Answer(question, notebook, known.name, outcome, marks, points)
    if report is not None and report["outcome"] == "not attempted" and before:
        # A cell that fails, at a syntax error say, leaves nothing behind that a check could see.
        return Answer(question, notebook, known.name, "raised", marks, points, message=before)
    if report is not None:
        mistakes = tuple({"name": str(m["name"]), "says": str(m["says"])} for m in report.get("mistakes", []))
        facets = tuple({key: one[key] for key in ("title", "share", "passed")} for one in report.get("facets", []))
        message = str(report.get("message", ""))
        return Answer(
            question, notebook, known.name, str(report["outcome"]), marks, points, mistakes, message, facets,
            trail=tuple(dict(step) for step in report.get("trail", [])),
            first_wrong=str(report.get("first_wrong", "")), explanation=str(report.get("explanation", "")),
        )  # fmt: skip
    outcome = "raised" if error else "passed" if marks is not None and marks >= points else "wrong"
    return Answer(question, notebook, known.name, outcome, marks, points, message=error)
