"""The scores that the gradebook has."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from .course import NbgraderCourse
from .marks import NotebookMarks


@dataclass(frozen=True)
class Score:
    """The scores of one graded cell of a submission, and the cell's points."""

    auto: float | None
    manual: float | None
    extra: float | None
    needs_manual: bool
    points: float

    @property
    def final(self) -> float:
        """As nbgrader counts: a person's score goes before the automatic one, extra credit on top."""
        base = self.manual if self.manual is not None else self.auto
        return (base or 0.0) + (self.extra or 0.0)


# By notebook and grade_id.
Scores = Mapping[tuple[str, str], Score]
_NONE = Score(None, None, None, needs_manual=False, points=0.0)


def total(scores: Scores) -> float | None:
    """The marks of a submission, before any late penalty; None where it has no scores."""
    return sum(score.final for score in scores.values()) if scores else None


def total_with(scores: Scores, marks: Mapping[str, NotebookMarks]) -> float:
    """What the marks of a submission will be when these automatic ones are written."""
    new = {(notebook, name): mark.score for notebook, found in marks.items() for name, mark in found.marks.items()}
    return sum(replace(scores.get(place, _NONE), auto=auto).final for place, auto in new.items())


def changed_under(scores: Scores, marks: Mapping[str, NotebookMarks]) -> list[str]:
    """A sentence for every automatic score that changes under a person's."""
    return [
        f"{name}: your score of {old.manual:g} was kept; the automatic one went from {_shown(old.auto)} to "
        f"{_shown(mark.score)}. Look at it again in formgrader."
        for notebook, found in marks.items()
        for name, mark in found.marks.items()
        if (old := scores.get((notebook, name))) and old.manual is not None and old.auto != mark.score
    ]


def _shown(score: float | None) -> str:
    return "none" if score is None else f"{score:g}"


def all_scores(course: NbgraderCourse) -> Mapping[tuple[str, str], Scores]:
    """The scores of every submission in the gradebook, by unit and learner."""
    from nbgrader.api import (
        Assignment,
        BaseCell,
        Grade,
        GradeCell,
        Notebook,
        SubmittedAssignment,
        SubmittedNotebook,
        TaskCell,
    )

    found: dict[tuple[str, str], dict[tuple[str, str], Score]] = defaultdict(dict)
    with course.gradebook() as gradebook:
        points = {cell.id: float(cell.max_score) for kind in (GradeCell, TaskCell) for cell in gradebook.db.query(kind)}
        rows: Any = (
            gradebook.db.query(
                Assignment.name,
                SubmittedAssignment.student_id,
                Notebook.name,
                BaseCell.name,
                BaseCell.id,
                Grade.auto_score,
                Grade.manual_score,
                Grade.extra_credit,
                Grade.needs_manual_grade,
            )
            .select_from(Grade)
            .join(BaseCell, Grade.cell_id == BaseCell.id)
            .join(SubmittedNotebook, Grade.notebook_id == SubmittedNotebook.id)
            .join(Notebook, SubmittedNotebook.notebook_id == Notebook.id)
            .join(SubmittedAssignment, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
            .join(Assignment, SubmittedAssignment.assignment_id == Assignment.id)
        )
        for unit, learner, notebook, cell, cell_id, auto, manual, extra, needs_manual in rows:
            found[unit, learner][notebook, cell] = Score(auto, manual, extra, needs_manual, points[cell_id])
    return found
