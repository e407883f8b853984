"""Grading what was handed in: what is new, and what becomes of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property

from ..problem import Problem
from . import record as records
from .autograde import autograde
from .cells import KnownCell
from .gradebook import Scores, all_scores, keep_reviewed, save_ungraded, scores, seconds_late
from .inspection import Finding, inspect
from .record import Answer, Record
from .reports import answers, ungraded
from .room import Room
from .submission import Submission, submissions
from .version import version


@dataclass(frozen=True)
class Graded:
    """A submission just graded, with its marks before (None where it was not graded before) and after."""

    submission: Submission
    record: Record
    before: float | None
    after: float


class Grader:
    """Grades submissions of a course directory. What the gradebook says of cells and checks is read once."""

    def __init__(self, room: Room) -> None:
        room.must_be_writable()
        self.room = room

    @cached_property
    def known(self) -> Mapping[str, Mapping[str, Sequence[KnownCell]]]:
        """The gradebook's cells by unit and notebook."""
        return {
            unit: {notebook: self.room.cells(unit, notebook) for notebook in self.room.notebooks(unit)}
            for unit in self.room.units
        }

    @cached_property
    def versions(self) -> Mapping[str, str]:
        """The version of each unit's checks."""
        return {unit: version(self.room, unit, cells) for unit, cells in self.known.items()}

    def new(self, units: Iterable[str]) -> list[Submission]:
        """What was not graded yet as it is now: a new or changed submission, or one whose checks have changed."""
        entered = all_scores(self.room)
        return [
            s for s in submissions(self.room, units) if (s.unit, s.learner) not in entered or not self._is_graded(s)
        ]

    def _is_graded(self, submission: Submission) -> bool:
        record = records.read(self.room.record(submission.learner, submission.unit))
        return (
            record is not None
            and record.submission == submission.digest()
            and record.checks == self.versions[submission.unit]
            and (record.status != "graded" or self.room.autograded(submission.learner, submission.unit).is_dir())
        )

    def grade(self, todo: Sequence[Submission]) -> Iterator[Graded]:
        """Grade these submissions and record them; a bad one costs nobody else anything."""
        try:
            yield from self._grade(todo)
        except OSError as error:
            raise Problem(
                f"Grading stopped: {error.strerror or error}: {error.filename}. What was graded before is kept; "
                "put it right and run this again."
            ) from error

    def _grade(self, todo: Sequence[Submission]) -> Iterator[Graded]:
        entered = all_scores(self.room)
        started = {s: self._start(s, entered.get((s.unit, s.learner), {})) for s in todo}
        gradable = [s for s, start in started.items() if start.finding.status == "gradable"]
        for submission, start in started.items():
            if start.finding.status != "gradable":
                yield self._without_marks(submission, start, start.finding.status, start.finding.messages)
        for submission, why_not in autograde(self.room, gradable):
            start = started[submission]
            if why_not:
                told = (*start.finding.messages, f"nbgrader could not grade {submission.folder}: {why_not}")
                yield self._without_marks(submission, start, "failed", told)
            else:
                yield self._with_marks(submission, start)

    def _start(self, submission: Submission, before: Scores) -> _Start:
        record = records.read(self.room.record(submission.learner, submission.unit))
        digest = submission.digest()
        return _Start(
            digest=digest,
            finding=inspect(self.room, submission, self.known),
            scores=before,
            graded_before=record is not None and record.submission == digest,
        )

    def _with_marks(self, submission: Submission, start: _Start) -> Graded:
        messages = list(start.finding.messages)
        if start.graded_before:
            messages += keep_reviewed(self.room, submission, start.scores)
        found: list[Answer] = []
        marks = scores(self.room, submission)
        for notebook, cells in self.known[submission.unit].items():
            executed = self.room.autograded(submission.learner, submission.unit) / f"{notebook}.ipynb"
            auto = {name: score.auto for (there, name), score in marks.items() if there == notebook}
            if executed.is_file():
                found += answers(notebook, executed, cells, auto)
            else:  # one of several that was not handed in; nbgrader gives it 0
                found += ungraded(notebook, cells, f"{notebook}.ipynb was not handed in.")
        return self._save(submission, start, "graded", messages, found)

    def _without_marks(self, submission: Submission, start: _Start, status: str, messages: Sequence[str]) -> Graded:
        told = " ".join(messages)
        save_ungraded(self.room, submission, told)
        known = self.known[submission.unit]
        found = [answer for notebook, cells in known.items() for answer in ungraded(notebook, cells, told)]
        return self._save(submission, start, status, messages, found)

    def _save(
        self, submission: Submission, start: _Start, status: str, messages: Sequence[str], found: Sequence[Answer]
    ) -> Graded:
        record = Record(
            learner=submission.learner,
            unit=submission.unit,
            status=status,
            submission=start.digest,
            checks=self.versions[submission.unit],
            graded_at=datetime.now(UTC).isoformat(timespec="seconds"),
            late=seconds_late(self.room, submission),
            messages=tuple(messages),
            answers=tuple(found),
        )
        records.write(self.room.record(submission.learner, submission.unit), record)
        after = scores(self.room, submission)
        return Graded(submission, record, _total(start.scores) if start.scores else None, _total(after))


@dataclass(frozen=True)
class _Start:
    """What is known of a submission before it is graded.

    scores         what the gradebook had until now
    graded_before  whether it was graded before, as it is
    """

    digest: str
    finding: Finding
    scores: Scores
    graded_before: bool


def _total(scores: Scores) -> float:
    return sum(score.final for score in scores.values())
