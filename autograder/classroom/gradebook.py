"""What grading reads from and writes to nbgrader's gradebook beside nbgrader itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

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


def all_scores(room: Room) -> Mapping[tuple[str, str], Scores]:
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
        for unit, learner, notebook, cell, cell_id, auto, manual, extra, needs_manual in rows:
            found[unit, learner][notebook, cell] = Score(auto, manual, extra, needs_manual, points[cell_id])
    return found


def enrol(room: Room, learner: str) -> None:
    """Make sure that the gradebook has a learner, so that the tables show them."""
    with room.gradebook() as gradebook:
        gradebook.update_or_create_student(learner)


def keep_reviewed(room: Room, submission: Submission, before: Scores) -> None:
    """Take back nbgrader's "needs manual grade" where a person has scored and the automatic score is what it was."""
    with room.gradebook() as gradebook:
        for notebook in gradebook.find_submission(submission.unit, submission.learner).notebooks:
            for grade in notebook.grades:
                old = before.get((notebook.name, grade.name))
                if old is not None and grade.manual_score is not None and grade.auto_score == old.auto:
                    grade.needs_manual_grade = old.needs_manual
        gradebook.db.commit()
