"""Grading what was handed in: what is new, and what becomes of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import groupby

from .. import grading
from ..grading import CourseError, IsolationUnavailable, Run
from ..grading.course import Assignment
from ..problem import Problem
from .gradebook import Score, Scores, all_scores, enrol, keep_reviewed
from .record import Record, read
from .room import Room
from .submission import Submission, submissions


@dataclass(frozen=True)
class Graded:
    """A submission just graded, with its marks before (None where it was not graded before) and after."""

    submission: Submission
    record: Record
    before: float | None
    after: float


class Grader:
    """Grades submissions of a course directory through the engine.

    run  how: where submissions are executed, and how they are shut in
    """

    def __init__(self, room: Room, run: Run) -> None:
        room.must_be_writable()
        self.room, self.run = room, run
        self.assignments: dict[str, Assignment] = {}

    def assignment(self, unit: str) -> Assignment:
        """What the gradebook knows of a unit, read once."""
        if unit not in self.assignments:
            self.assignments[unit] = self.run.course.assignment(unit)
        return self.assignments[unit]

    def new(self, units: Iterable[str]) -> list[Submission]:
        """What was not graded yet as it is now: a new or changed submission, or one whose checks have changed."""
        entered = all_scores(self.room).keys()
        with told_apart():
            done = {(unit, learner) for unit in units for learner in self.run.find(self.assignment(unit))[1]}
        return [s for s in self.all(units) if (s.unit, s.learner) not in done & entered]

    def all(self, units: Iterable[str]) -> list[Submission]:
        """Everything handed in, by unit and learner."""
        return submissions(self.room, units)

    def grade(self, todo: Sequence[Submission]) -> Iterator[Graded]:
        """Grade these submissions and record them; a bad one costs nobody else anything."""
        return self.write(todo, self.execute(todo))

    def execute(self, todo: Sequence[Submission]) -> Iterator[grading.Graded]:
        """Run these submissions, unit by unit. Nothing is written."""
        with told_apart():
            if todo:
                self.run.isolation()
            for unit, some in groupby(todo, key=lambda s: s.unit):
                yield from self.run.execute(self.assignment(unit), [s.learner for s in some])

    def compare(
        self, executed: Iterable[grading.Graded], entered: Mapping[tuple[str, str], Scores]
    ) -> Iterator[Graded]:
        """What writing would change.

        entered  the scores in the gradebook, by unit and learner
        """
        for one in executed:
            yield self._compared(one, entered.get((one.submission.assignment, one.submission.student), {}))

    def write(self, todo: Sequence[Submission], executed: Iterable[grading.Graded]) -> Iterator[Graded]:
        """Put what was executed into the gradebook and on disk. Scores and comments given by people stay."""
        entered = all_scores(self.room) if todo else {}
        with told_apart():
            for unit, some in groupby(executed, key=lambda one: one.submission.assignment):
                reviewed: set[str] = set()
                noted = (self._noted(one, entered.get((unit, one.submission.student), {}), reviewed) for one in some)
                for one in self.run.write(self.assignment(unit), noted):
                    before = entered.get((unit, one.submission.student), {})
                    done = self._compared(one, before)
                    if one.submission.student in reviewed:
                        keep_reviewed(self.room, done.submission, before)
                    if one.result.failed:
                        enrol(self.room, one.submission.student)
                    yield done

    def _compared(self, one: grading.Graded, before: Scores) -> Graded:
        unit, learner = one.submission.assignment, one.submission.student
        submission = Submission(learner, unit, self.room.submitted(learner, unit))
        new = {
            (notebook, name): mark.score for notebook, found in one.marks.items() for name, mark in found.marks.items()
        }
        fresh = Score(None, None, None, needs_manual=False, points=0.0)
        after = sum(replace(before.get(place, fresh), auto=auto).final for place, auto in new.items())
        old = sum(score.final for score in before.values()) if before else None
        # A failed one may lack what this course says about it: saying so may be what failed.
        told = {"status": "failed", "messages": [f"{submission.folder} could not be graded: {one.result.failed}."]}
        record = {**told, "answers": [], **one.record} if one.result.failed else one.record
        return Graded(submission, Record.of(record), old, after)

    def _noted(self, one: grading.Graded, before: Scores, reviewed: set[str]) -> grading.Graded:
        """Where a person has scored this very submission: enter the learner in `reviewed`, and note in the record which
        automatic scores changed under that person's.
        """
        if all(score.manual is None for score in before.values()):
            return one
        earlier = read(self.room.root, one.submission.assignment, one.submission.student)
        if earlier is None or earlier.submission != one.submission.hash:
            return one
        reviewed.add(one.submission.student)
        told = [
            f"{name}: your score of {old.manual:g} was kept; the automatic one went from {_shown(old.auto)} to "
            f"{_shown(mark.score)}. Look at it again in formgrader."
            for notebook, found in one.marks.items()
            for name, mark in found.marks.items()
            if (old := before.get((notebook, name))) and old.manual is not None and old.auto != mark.score
        ]
        return replace(one, record={**one.record, "messages": [*one.record.get("messages", []), *told]})


def _shown(score: float | None) -> str:
    return "none" if score is None else f"{score:g}"


@contextmanager
def told_apart() -> Iterator[None]:
    """What stops the engine, in a sentence for the person who grades."""
    try:
        yield
    except (CourseError, IsolationUnavailable) as error:
        raise Problem(str(error)) from error
    except OSError as error:
        raise Problem(
            f"Grading stopped: {error.strerror or error}: {error.filename}. What was graded before is kept; put it "
            "right and run this again."
        ) from error
