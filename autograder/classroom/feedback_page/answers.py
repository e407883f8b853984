"""An executed notebook as answers, from top to bottom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ...marking.executed import report_in

Cell = Mapping[str, Any]


@dataclass(frozen=True)
class AnswerShown:
    """One graded cell of a learner's notebook.

    place     the number of the cell in the notebook
    title     the question's title; the cell's name where the question is plain nbgrader's
    marks     what the gradebook has; points, what there is to earn
    answers   the learner's cells above it; the cell itself where a person marks it
    comments  what people wrote about them
    read      the lesson's section
    """

    place: int
    title: str
    marks: float
    points: float
    cell: Cell
    answers: tuple[Cell, ...]
    comments: tuple[str, ...]
    outcome: str
    read: str

    @property
    def is_full(self) -> bool:
        return self.marks >= self.points


def graded(cells: Iterable[Cell]) -> list[AnswerShown]:
    """The graded cells of a notebook that nbgrader's GetGrades has gone through."""
    found = []
    above: list[Cell] = []
    for place, cell in enumerate(cells):
        about = cell["metadata"].get("nbgrader", {})
        if about.get("solution") or about.get("task"):
            above.append(cell)
        if not (about.get("grade") or about.get("task")):
            continue
        report = next((told for output in cell.get("outputs", ()) if (told := report_in(output))), {})
        comments = (one["metadata"]["nbgrader"].get("comment") for one in above)
        found.append(
            AnswerShown(
                place, str(report.get("title", about["grade_id"])), float(about.get("score") or 0.0),
                float(about.get("points") or 0.0), cell, tuple(above), tuple(filter(None, comments)),
                str(report.get("outcome", "")), str(report.get("read", "")),
            )
        )  # fmt: skip
        above = []
    return found
