"""Reading what the checks said from the outputs of an executed notebook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import nbformat

from ..marking.report import REPORT_MIME
from .cells import KnownCell
from .record import Answer


def report_in(cell: Any) -> dict[str, Any] | None:
    """The report that a check left in a cell's outputs."""
    for output in cell.get("outputs", []):
        report = output.get("data", {}).get(REPORT_MIME)
        if isinstance(report, dict) and "question" in report and "outcome" in report:
            return report
    return None


def error_in(cell: Any) -> str:
    """The error that a cell ended in, in one line; empty where it did not."""
    for output in cell.get("outputs", []):
        if output.get("output_type") == "error":
            return f"{output.get('ename', 'Error')}: {output.get('evalue', '')}".splitlines()[0]
    return ""


def answers(
    notebook: str, executed: Path, known: Sequence[KnownCell], marks: Mapping[str, float | None]
) -> tuple[Answer, ...]:
    """What became of every graded cell.

    executed  the autograded notebook
    marks     what the gradebook has as automatic score, by grade_id
    """
    nb = nbformat.read(executed, as_version=4)
    cells: dict[str | None, Any] = {}
    errors: dict[str | None, str] = {}
    error = ""
    for cell in nb.cells:
        marks_of_cell = cell.metadata.get("nbgrader", {})
        name = marks_of_cell.get("grade_id")
        cells[name] = cell
        if marks_of_cell.get("grade"):
            errors[name], error = error, ""
        elif not marks_of_cell.get("locked"):
            error = error or error_in(cell)
    return tuple(
        _answer(notebook, cell, cells.get(cell.name, {}), marks.get(cell.name), errors.get(cell.name, ""))
        for cell in known
        if cell.points is not None
    )


def ungraded(notebook: str, known: Sequence[KnownCell], message: str) -> tuple[Answer, ...]:
    """The answers of a submission that could not be graded."""
    return tuple(
        Answer(_question(notebook, cell), notebook, cell.name, "not graded", 0.0, cell.points, message=message)
        for cell in known
        if cell.points is not None
    )


def _question(notebook: str, known: KnownCell) -> str:
    return known.asks or f"{notebook}.{known.name}"


def _answer(notebook: str, known: KnownCell, cell: Any, marks: float | None, before: str) -> Answer:
    """before: the error that the learner's cells above, up to the check before, ended in."""
    points = known.points or 0.0
    report, error = report_in(cell), error_in(cell)
    question = _question(notebook, known)
    if known.task or known.solution:
        outcome = "by hand" if marks is None else "not attempted"
        return Answer(question, notebook, known.name, outcome, marks, points)
    if report is not None and report["outcome"] == "not attempted" and before:
        # A cell that fails, at a syntax error say, leaves nothing behind that a check could see.
        return Answer(question, notebook, known.name, "raised", marks, points, message=before)
    if report is not None:
        mistakes = tuple({"name": str(m["name"]), "says": str(m["says"])} for m in report.get("mistakes", []))
        message = str(report.get("message", ""))
        return Answer(question, notebook, known.name, str(report["outcome"]), marks, points, mistakes, message)
    outcome = "raised" if error else "passed" if marks is not None and marks >= points else "wrong"
    return Answer(question, notebook, known.name, outcome, marks, points, message=error)
