"""The marks of a class as they stand: the gradebook's scores, with what the records know about them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from . import record as records
from .record import Answer
from .room import Room


@dataclass(frozen=True)
class Learner:
    id: str
    first_name: str
    last_name: str
    lms_user_id: str


@dataclass(frozen=True)
class Marked:
    """One answer with its marks as the gradebook has them, a person's score before the automatic one."""

    answer: Answer
    marks: float | None
    by_hand: bool
    needs_hand: bool


@dataclass(frozen=True)
class Result:
    """What a learner has for a unit.

    status   "graded", "missing" (nothing handed in), "not graded yet", or why it could not be graded
    penalty  what the late policy takes off
    """

    learner: Learner
    unit: str
    status: str
    points: float
    answers: tuple[Marked, ...] = ()
    late: float = 0.0
    penalty: float = 0.0
    messages: tuple[str, ...] = ()

    @property
    def marks(self) -> float:
        return max(0.0, sum(m.marks or 0.0 for m in self.answers) - self.penalty)

    @property
    def needs_hand(self) -> bool:
        return any(m.needs_hand for m in self.answers)


def results(room: Room, units: Iterable[str]) -> list[Result]:
    """A result for every learner of the gradebook and every one of these units; by learner, then by unit."""
    units = tuple(units)
    with room.gradebook() as gradebook:
        learners = [
            Learner(s.id, s.first_name or "", s.last_name or "", s.lms_user_id or "") for s in gradebook.students
        ]
        points = {a.name: float(a.max_score) for a in gradebook.assignments}
        grades = _grades(gradebook)
        penalties = _penalties(gradebook)
    learners.sort(key=lambda one: (one.last_name.casefold(), one.first_name.casefold(), one.id))
    return [
        _result(room, learner, unit, points[unit], grades[unit, learner.id], penalties.get((unit, learner.id)))
        for learner in learners
        for unit in units
    ]


class _Grade(NamedTuple):
    """What the gradebook has for one cell: the score that counts, a person's score, whether one is still wanted."""

    marks: float
    manual: float | None
    needs_hand: bool
    points: float


# By notebook and grade_id.
_Grades = Mapping[tuple[str, str], _Grade]


def _result(
    room: Room, learner: Learner, unit: str, points: float, grades: _Grades, submitted: tuple[float, float] | None
) -> Result:
    if submitted is None:
        there = room.submitted(learner.id, unit).is_dir()
        return Result(learner, unit, "not graded yet" if there else "missing", points)
    late, penalty = submitted
    record = records.read(room.record(learner.id, unit))
    told = {(a.notebook, a.cell): a for a in record.answers} if record is not None else {}
    order = list(told)
    marked = [
        _marked(told.get(place), place, grade)
        for place, grade in sorted(grades.items(), key=lambda g: order.index(g[0]) if g[0] in told else len(order))
    ]
    status = record.status if record is not None else "graded"
    messages = record.messages if record is not None else ()
    return Result(learner, unit, status, points, tuple(marked), late, penalty, messages)


def _marked(answer: Answer | None, place: tuple[str, str], grade: _Grade) -> Marked:
    if answer is None:  # graded by nbgrader alone: there is no record
        notebook, cell = place
        answer = Answer(f"{notebook}.{cell}", notebook, cell, "", grade.marks, grade.points)
    return Marked(replace(answer, points=grade.points), grade.marks, grade.manual is not None, grade.needs_hand)


def _grades(gradebook: Any) -> Mapping[tuple[str, str], _Grades]:
    """The grades by unit and learner."""
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

    found: dict[tuple[str, str], dict[tuple[str, str], _Grade]] = defaultdict(dict)
    points = {cell.id: float(cell.max_score) for kind in (GradeCell, TaskCell) for cell in gradebook.db.query(kind)}
    rows = (
        gradebook.db.query(
            Assignment.name,
            SubmittedAssignment.student_id,
            Notebook.name,
            BaseCell.name,
            BaseCell.id,
            Grade.score,
            Grade.manual_score,
            Grade.needs_manual_grade,
        )
        .select_from(Grade)
        .join(BaseCell, Grade.cell_id == BaseCell.id)
        .join(SubmittedNotebook, Grade.notebook_id == SubmittedNotebook.id)
        .join(Notebook, SubmittedNotebook.notebook_id == Notebook.id)
        .join(SubmittedAssignment, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .join(Assignment, SubmittedAssignment.assignment_id == Assignment.id)
    )
    for unit, learner, notebook, cell, cell_id, score, manual, needs_hand in rows:
        found[unit, learner][notebook, cell] = _Grade(float(score), manual, needs_hand, points[cell_id])
    return found


def _penalties(gradebook: Any) -> dict[tuple[str, str], tuple[float, float]]:
    """For every unit and learner with a submission: seconds late, and the penalty for it."""
    from nbgrader.api import SubmittedAssignment

    return {
        (s.name, s.student_id): (
            float(s.total_seconds_late),
            sum(float(n.late_submission_penalty or 0.0) for n in s.notebooks),
        )
        for s in gradebook.db.query(SubmittedAssignment)
    }
