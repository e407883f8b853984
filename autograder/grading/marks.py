"""From executed cells to marks, by nbgrader's own rules."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import Any

import nbformat
from nbgrader import utils

from ..sandbox.cells import SourceCell, SourceNotebook
from ..sandbox.outcome import Executed


@dataclass(frozen=True)
class Mark:
    """One graded cell: the automatic score (None: a person has to mark it), the points, and a note if one is due."""

    score: float | None
    points: float
    note: str = ""


@dataclass(frozen=True)
class NotebookMarks:
    """The marks and automatic comments of one notebook, by grade_id. `missing`: it was not submitted."""

    marks: dict[str, Mark]
    comments: dict[str, str | None]
    missing: bool = False

    @property
    def score(self) -> float:
        """The sum of the automatic scores."""
        return sum(mark.score or 0.0 for mark in self.marks.values())


def marks_of(source: SourceNotebook, executed: Executed | None) -> NotebookMarks:
    """The marks of one notebook of a Result; `executed` is None when the learner did not submit it."""
    if executed is None:
        marks = {cell.name: Mark(0.0, cell.points or 0.0) for cell in source.cells if cell.points is not None}
        return NotebookMarks(marks, {}, missing=True)
    if executed.error:
        # Not a mark of 0: a person has to look, ask for another copy, or grade again.
        marks = {c.name: Mark(None, c.points, executed.error) for c in source.cells if c.points is not None}
        return NotebookMarks(marks, {cell.name: executed.error for cell in source.cells if is_solution(cell)})
    found: dict[str, Mark] = {}
    comments: dict[str, str | None] = {}
    for told in executed.known:
        cell = nbformat.from_dict(told)
        name = cell.metadata.nbgrader["grade_id"]
        if utils.is_grade(cell):
            found[name] = _mark(cell)
        if utils.is_solution(cell) or utils.is_task(cell):
            untouched = cell.metadata.nbgrader.get("checksum") == utils.compute_checksum(cell)
            comments[name] = "No response." if untouched and not utils.is_task(cell) else None
    return NotebookMarks(found, comments)


def is_solution(cell: SourceCell) -> bool:
    """Whether a cell is the learner's to answer, in code or in words."""
    told = cell.metadata["nbgrader"]
    return bool(told["solution"] or told["task"])


def _mark(cell: Any) -> Mark:
    points = float(cell.metadata.nbgrader["points"])
    try:
        score, _ = utils.determine_grade(cell)
    except ValueError:
        return Mark(points, points, "the test gave more than the cell's points; the points were counted")
    except (KeyError, TypeError, AttributeError) as error:
        return Mark(0.0, points, f"the test's result could not be read ({type(error).__name__})")
    if (number := _number(cell)) is not None and not number >= 0:
        # nbgrader would give full points: nan is neither below 0 nor above the points, and what is below 0 is "strange".
        return Mark(0.0, points, f"the test gave {number:g}, which is no score")
    return Mark(score, points)


def _number(cell: Any) -> float | None:
    """The number that a test cell ends with, if it ends with one."""
    for output in cell.get("outputs", []):
        if output["output_type"] == "execute_result":
            with contextlib.suppress(KeyError, TypeError, ValueError):
                return float(output["data"]["text/plain"])
    return None
