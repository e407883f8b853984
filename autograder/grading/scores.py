"""The scores that the gradebook has."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
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


@dataclass(frozen=True)
class Entered:
    """What the gradebook has of a submission.

    penalties  what the late policy takes off, by notebook
    """

    scores: Scores = field(default_factory=dict)
    timestamp: datetime | None = None
    extension: timedelta | None = None
    penalties: Mapping[str, float] = field(default_factory=dict)

    @property
    def total(self) -> float | None:
        """The marks of the submission, as nbgrader counts; None where it has no scores."""
        return total(by_notebook(self.scores), self.penalties) if self.scores else None


NOTHING = Entered()


def by_notebook(scores: Scores) -> dict[str, float]:
    """The marks of each notebook, before any late penalty."""
    found: dict[str, float] = defaultdict(float)
    for (notebook, _), score in scores.items():
        found[notebook] += score.final
    return dict(found)


def total(marks: Mapping[str, float], penalties: Mapping[str, float]) -> float:
    """The marks of a submission; a penalty takes at most what its notebook has."""
    return sum(max(0.0, score - penalties.get(notebook, 0.0)) for notebook, score in marks.items())


def marks_with(scores: Scores, marks: Mapping[str, NotebookMarks]) -> dict[str, float]:
    """What each notebook will have when these automatic marks are written, before any late penalty."""
    new = {
        (notebook, name): replace(scores.get((notebook, name), _NONE), auto=mark.score)
        for notebook, found in marks.items()
        for name, mark in found.marks.items()
    }
    return by_notebook(new)


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


def all_entered(course: NbgraderCourse) -> Mapping[tuple[str, str], Entered]:
    """What the gradebook has of every submission with scores, by unit and learner."""
    from nbgrader.api import Assignment, Notebook, SubmittedAssignment, SubmittedNotebook

    scores = all_scores(course)
    about: dict[tuple[str, str], tuple[datetime | None, timedelta | None]] = {}
    penalties: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    with course.gradebook() as gradebook:
        rows: Any = (
            gradebook.db.query(
                Assignment.name,
                SubmittedAssignment.student_id,
                SubmittedAssignment.timestamp,
                SubmittedAssignment.extension,
                Notebook.name,
                SubmittedNotebook.late_submission_penalty,
            )
            .select_from(SubmittedNotebook)
            .join(Notebook, SubmittedNotebook.notebook_id == Notebook.id)
            .join(SubmittedAssignment, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
            .join(Assignment, SubmittedAssignment.assignment_id == Assignment.id)
        )
        for unit, learner, timestamp, extension, notebook, penalty in rows:
            about[unit, learner] = (timestamp, extension)
            penalties[unit, learner][notebook] = float(penalty or 0.0)
    return {key: Entered(found, *about[key], penalties[key]) for key, found in scores.items()}


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
