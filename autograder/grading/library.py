"""A class graded in one call."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from pathlib import Path

from ..sandbox.outputs import one_line
from ..sandbox.settings import Settings
from .course import CourseError, NbgraderCourse
from .graded import HandedIn
from .locks import course_lock
from .records import Record
from .run import Run


@dataclass(frozen=True)
class Progress:
    """How far a run is: `done` of `total`, the submission just finished, and seconds since the start."""

    done: int
    total: int
    record: Record
    seconds: float


@dataclass
class Summary:
    """What a run did: the record of each submission graded, without its cells, and how many were up to date already."""

    records: list[Record] = field(default_factory=list)
    up_to_date: int = 0
    isolation: str = ""
    seconds: float = 0.0

    @property
    def failed(self) -> list[Record]:
        """Records of submissions that could not be graded at all."""
        return [record for record in self.records if record.failed]


def grade(
    course_dir: str | Path, assignments: Iterable[str] | None = None, students: Iterable[str] | None = None, *,
    executor: Executor | None = None, jobs: int | None = None, settings: Settings | None = None, force: bool = False,
    on_progress: Callable[[Progress], None] | None = None,
    on_wait: Callable[[str], None] | None = None,
) -> Summary:  # fmt: skip
    """Grade what is new in a course and write it to the gradebook, autograded/ and records/.

    assignments, students: names; None for all. force: grade again what is up to date. on_progress is called after each
    submission is written, on_wait with who holds the course when another run does. Raises CourseError and
    IsolationUnavailable before anything is graded.
    """
    started = time.monotonic()
    course = NbgraderCourse(course_dir)
    run = Run(course, settings, executor=executor, jobs=jobs)
    summary = Summary()
    with course_lock(course.root, on_wait):
        units = list(course.assignments() if assignments is None else assignments)
        for unit in units:
            run.assignment(unit)
        found = _of(run.all(units), students)
        todo = found if force else run.new(found)
        summary.up_to_date = len(found) - len(todo)
        summary.isolation = run.isolation() if todo else ""
        for one in run.write(run.execute(todo)):
            summary.records.append(replace(one.record, notebooks={}))
            if on_progress is not None:
                on_progress(Progress(len(summary.records), len(todo), one.record, time.monotonic() - started))
    summary.seconds = time.monotonic() - started
    return summary


def _of(found: list[HandedIn], students: Iterable[str] | None) -> list[HandedIn]:
    """What these learners handed in. Raises CourseError where one of them handed in nothing."""
    if students is None:
        return found
    wanted = set(students)
    if unknown := sorted(wanted - {one.learner for one in found}):
        raise CourseError(f"Nothing was submitted by {', '.join(one_line(name, 60) for name in unknown)}.")
    return [one for one in found if one.learner in wanted]
