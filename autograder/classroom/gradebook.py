"""What grading reads from and writes to nbgrader's gradebook beside nbgrader itself."""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .room import Room
from .submission import Submission


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


def all_scores(room: Room, *only: Submission) -> Mapping[tuple[str, str], Scores]:
    """The scores of every submission in the gradebook, or of these only, by unit and learner."""
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
    with room.gradebook() as gradebook:
        points = {cell.id: float(cell.max_score) for kind in (GradeCell, TaskCell) for cell in gradebook.db.query(kind)}
        rows = (
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
        if only:
            wanted = {one.learner for one in only}, {one.unit for one in only}
            rows = rows.filter(SubmittedAssignment.student_id.in_(wanted[0]), Assignment.name.in_(wanted[1]))
        for unit, learner, notebook, cell, cell_id, auto, manual, extra, needs_manual in rows:
            found[unit, learner][notebook, cell] = Score(auto, manual, extra, needs_manual, points[cell_id])
    return found


def scores(room: Room, submission: Submission) -> Scores:
    """The scores of one submission; empty where it is not in the gradebook."""
    return all_scores(room, submission).get((submission.unit, submission.learner), {})


def seconds_late(room: Room, submission: Submission) -> float:
    with room.gradebook() as gradebook:
        found = _find(gradebook, submission)
        return float(found.total_seconds_late) if found is not None else 0.0


def keep_reviewed(room: Room, submission: Submission, before: Scores) -> list[str]:
    """Take back nbgrader's "needs manual grade" where a person has scored and the automatic score is what it was.

    Returns the cells whose automatic score changed under a person's score, a sentence each.
    """
    told = []
    with room.gradebook() as gradebook:
        found = _find(gradebook, submission)
        for notebook in found.notebooks:
            for grade in notebook.grades:
                old = before.get((notebook.name, grade.name))
                if grade.manual_score is None or old is None:
                    continue
                if grade.auto_score == old.auto:
                    grade.needs_manual_grade = old.needs_manual
                else:
                    told.append(
                        f"{grade.name}: your score of {grade.manual_score:g} was kept; the automatic one went from "
                        f"{_shown(old.auto)} to {_shown(grade.auto_score)}. Look at it again in formgrader."
                    )
        gradebook.db.commit()
    return told


def save_ungraded(room: Room, submission: Submission, reason: str) -> None:
    """Enter a submission that cannot be graded: automatic scores of 0, nothing left to do by hand, and why.

    A person's scores and comments stay. What an earlier submission left under autograded/ and feedback/ goes.
    """
    for folder in (
        room.autograded(submission.learner, submission.unit),
        room.feedback(submission.learner, submission.unit),
    ):
        if folder.is_dir():
            shutil.rmtree(folder)
    with room.gradebook() as gradebook:
        gradebook.update_or_create_student(submission.learner)
        gradebook.update_or_create_submission(submission.unit, submission.learner)
        for notebook in _find(gradebook, submission).notebooks:
            notebook.late_submission_penalty = None
            for grade in notebook.grades:
                grade.auto_score = 0.0
                grade.needs_manual_grade = False
            for comment in notebook.comments:
                comment.auto_comment = reason
        gradebook.db.commit()


def _find(gradebook: Any, submission: Submission) -> Any:
    from nbgrader.api import MissingEntry

    try:
        return gradebook.find_submission(submission.unit, submission.learner)
    except MissingEntry:
        return None


def _shown(score: float | None) -> str:
    return "none" if score is None else f"{score:g}"
