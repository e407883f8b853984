"""The marks of a class as they stand: the gradebook's scores, with what the records know about them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ..grading import records
from ..grading.records import Answer, Earlier, Findings, Record
from ..grading.scores import Score, Scores, all_scores
from .directory import CourseDirectory


@dataclass(frozen=True)
class Learner:
    id: str
    first_name: str
    last_name: str
    lms_user_id: str
    email: str = ""


@dataclass(frozen=True)
class Marked:
    """One answer with its marks as the gradebook has them, a person's score before the automatic one.

    seconds  how long its check ran; None where nothing ran
    """

    answer: Answer
    marks: float | None
    by_hand: bool
    needs_hand: bool
    seconds: float | None = None


@dataclass(frozen=True)
class LearnerResult:
    """What a learner has for a unit.

    status   "graded", "missing" (nothing handed in), "not graded yet", or why it could not be graded
    penalty  what the late policy takes off
    isolation  how the submission was shut in while it ran
    earlier    what was graded before, where the learner handed in more than once
    """

    learner: Learner
    unit: str
    status: str
    points: float
    answers: tuple[Marked, ...] = ()
    late: float = 0.0
    penalty: float = 0.0
    messages: tuple[str, ...] = ()
    isolation: str = ""
    earlier: tuple[Earlier, ...] = ()

    @property
    def marks(self) -> float:
        return max(0.0, sum(m.marks or 0.0 for m in self.answers) - self.penalty)

    @property
    def needs_hand(self) -> bool:
        return any(m.needs_hand for m in self.answers)


def results(directory: CourseDirectory, units: Iterable[str]) -> list[LearnerResult]:
    """A result for every learner of the gradebook and every one of these units; by learner, then by unit."""
    units = tuple(units)
    with directory.course.gradebook() as gradebook:
        learners = [
            Learner(s.id, s.first_name or "", s.last_name or "", s.lms_user_id or "", s.email or "")
            for s in gradebook.students
        ]
        points = {a.name: float(a.max_score) for a in gradebook.assignments}
        penalties = _penalties(gradebook)
    scores = all_scores(directory.course)
    learners.sort(key=lambda one: (one.last_name.casefold(), one.first_name.casefold(), one.id))
    return [
        _result(
            directory,
            learner,
            unit,
            points[unit],
            scores.get((unit, learner.id), {}),
            penalties.get((unit, learner.id)),
        )
        for learner in learners
        for unit in units
    ]


def _result(
    directory: CourseDirectory,
    learner: Learner,
    unit: str,
    points: float,
    scores: Scores,
    submitted: tuple[float, float] | None,
) -> LearnerResult:
    record = records.read(directory.root, unit, learner.id)
    if submitted is None:
        if record is not None and record.failed:  # nothing was entered: the next run tries again
            return LearnerResult(learner, unit, "failed", points, messages=record.findings.messages)
        there = directory.submitted(learner.id, unit).is_dir()
        return LearnerResult(learner, unit, "not graded yet" if there else "missing", points)
    late, penalty = submitted
    found = record.findings if record is not None else Findings("graded")
    told = {(a.notebook, a.cell): a for a in found.answers}
    order, seconds = list(told), _seconds(record)
    marked = [
        _marked(told.get(place), place, score, seconds.get(place))
        for place, score in sorted(scores.items(), key=lambda g: order.index(g[0]) if g[0] in told else len(order))
    ]
    isolation, earlier = (record.isolation, record.earlier) if record is not None else ("", ())
    return LearnerResult(
        learner, unit, found.status, points, tuple(marked), late, penalty, found.messages, isolation, earlier
    )


def _seconds(record: Record | None) -> Mapping[tuple[str, str], float]:
    """How long each cell ran, by notebook and name."""
    notebooks = record.notebooks if record is not None else {}
    return {(name, cell.name): cell.seconds for name, one in notebooks.items() for cell in one.cells if cell.name}


def _marked(answer: Answer | None, place: tuple[str, str], score: Score, seconds: float | None) -> Marked:
    if answer is None:  # graded by nbgrader alone: there is no record
        notebook, cell = place
        answer = Answer(f"{notebook}.{cell}", notebook, cell, "", score.auto, score.points)
    answer = replace(answer, points=score.points)
    return Marked(answer, score.final, score.manual is not None, score.needs_manual, seconds)


def _penalties(gradebook: Any) -> dict[tuple[str, str], tuple[float, float]]:
    """For every unit and learner with a submission: seconds late, and the penalty for it."""
    from nbgrader.api import SubmittedAssignment
    from sqlalchemy.orm import selectinload

    return {
        (s.name, s.student_id): (
            float(s.total_seconds_late),
            sum(float(n.late_submission_penalty or 0.0) for n in s.notebooks),
        )
        for s in gradebook.db.query(SubmittedAssignment).options(selectinload(SubmittedAssignment.notebooks))
    }
