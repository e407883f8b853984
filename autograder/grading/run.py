"""Grading a class: find what is to be done, execute it anywhere, write it down."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from . import records
from .config import GradingEngine
from .costs import attempt
from .course import Assignment, Course, CourseError, Submission
from .hooks import Hooks
from .locks import course_lock
from .marks import NotebookMarks, marks_of
from .outcome import unreadable
from .outputs import one_line
from .packing import Result
from .pool import available_cores, execute, isolation_of, local_executor
from .settings import Settings
from .writer import Entry, Writer

BATCH = 64
BATCH_SECONDS = 1.0


@dataclass(frozen=True)
class Graded:
    """One submission after execution: its marks per notebook, and the record that describes the run."""

    submission: Submission
    result: Result
    marks: dict[str, NotebookMarks]
    record: dict[str, Any]

    @property
    def score(self) -> float:
        """The sum of all automatic scores."""
        return sum(notebook.score for notebook in self.marks.values())


@dataclass(frozen=True)
class Progress:
    """How far a run is: `done` of `total`, the submission just finished, and seconds since the start."""

    done: int
    total: int
    record: dict[str, Any]
    seconds: float


@dataclass
class Summary:
    """What a run did: the short record of each submission graded, and how many were up to date already."""

    records: list[dict[str, Any]] = field(default_factory=list)
    up_to_date: int = 0
    isolation: str = ""
    seconds: float = 0.0

    @property
    def failed(self) -> list[dict[str, Any]]:
        """Records of submissions that could not be graded at all."""
        return [record for record in self.records if record.get("failed")]


class Run:
    """A grading run over one course.

    executor: any concurrent.futures.Executor; by default workers on this machine, `jobs` at a time.
    """

    def __init__(
        self, course: Course, settings: Settings | None = None, *, executor: Executor | None = None,
        jobs: int | None = None,
    ) -> None:  # fmt: skip
        engine = GradingEngine(config=course.config)
        self.course, self.jobs, self.executor = course, jobs or engine.jobs or None, executor
        self.settings = for_course(course, settings or engine.settings())
        self.hooks: Hooks = engine.hooks(course)
        self.versions: dict[str, str] = {}

    def isolation(self) -> str:
        """How submissions will be shut in. Raises IsolationUnavailable. On a cluster each worker sees for itself."""
        return isolation_of(self.settings) if self.executor is None else self.settings.isolation

    def find(
        self, assignment: Assignment, students: Iterable[str] | None = None, *, force: bool = False
    ) -> tuple[list[str], list[str]]:
        """Who is to be graded and who is up to date. Reads the submissions, one at a time, and keeps none."""
        todo: list[str] = []
        fresh: list[str] = []
        wanted = None if students is None else set(students)
        for student in self.course.students(assignment.name):
            if wanted is not None and student not in wanted:
                continue
            record = None if force else records.read(self.course.root, assignment.name, student)
            current = record and attempt(partial(self.is_current, assignment, student, record), lambda why: False)
            (fresh if current else todo).append(student)
        return todo, fresh

    def is_current(self, assignment: Assignment, student: str, record: dict[str, Any]) -> bool:
        """Whether a record describes exactly what is on disk now."""
        if record.get("checks_version") != self.version(assignment) or record.get("failed"):
            return False
        if not self.course.autograded(assignment.name, student).is_dir():
            return False
        return bool(record.get("submission") == self._submission(assignment, student).hash)

    def version(self, assignment: Assignment) -> str:
        """What the course calls everything that marks depend on beside the submission; asked once per run."""
        if assignment.name not in self.versions:
            self.versions[assignment.name] = self.hooks.version(assignment)
        return self.versions[assignment.name]

    def _submission(self, assignment: Assignment, student: str) -> Submission:
        return self.course.submission(assignment, student, self.settings.limits.submission_bytes)

    def execute(self, assignment: Assignment, students: Iterable[str]) -> Iterator[Graded]:
        """Execute the submissions of these students, in any order, a few at a time. Nothing is written."""
        own = local_executor(self.jobs) if self.executor is None else None
        executor = self.executor or own
        assert executor is not None
        ahead = 3 * (self.jobs or available_cores()) if own else 64
        self.course.secret()  # that it cannot be had concerns the course, not the first submission
        running: dict[Future[Result], Submission] = {}
        waiting = iter(students)
        try:
            while True:
                while len(running) < ahead and (student := next(waiting, None)) is not None:
                    submission, future = self.start(executor, assignment, student)
                    running[future] = submission
                if not running:
                    return
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    yield self.graded(assignment, running.pop(future), result_of(future))
        finally:
            for future in running:
                future.cancel()
            if own is not None:
                own.shutdown(cancel_futures=True)

    def start(self, executor: Executor, assignment: Assignment, student: str) -> tuple[Submission, Future[Result]]:
        """Hand one submission to an executor; one that cannot be read, or that the course refuses, is done at once."""
        return attempt(
            partial(self._start, executor, assignment, student),
            lambda why: (nothing_of(assignment, student), done(Result({}, failed=why))),
        )

    def _start(self, executor: Executor, assignment: Assignment, student: str) -> tuple[Submission, Future[Result]]:
        submission = self._submission(assignment, student)
        if why := self.hooks.refuses(assignment, submission):
            return submission, done(refused(assignment, submission, why))
        seed = self.course.seed(submission)
        return submission, executor.submit(execute, assignment.packed, submission.packed, seed, self.settings)

    def graded(self, assignment: Assignment, submission: Submission, result: Result) -> Graded:
        """The marks and the record of an executed submission; it has failed if they cannot be had."""
        return attempt(
            partial(self._graded, assignment, submission, result),
            lambda why: self._failed(assignment, submission, why),
        )

    def _graded(self, assignment: Assignment, submission: Submission, result: Result) -> Graded:
        marks = {n.name: marks_of(n, result.notebooks.get(n.name)) for n in assignment.notebooks}
        record = self._record(assignment, submission, result, marks)
        return Graded(
            submission, result, marks, {**record, **self.hooks.describe(assignment, submission, result, marks)}
        )

    def _failed(self, assignment: Assignment, submission: Submission, why: str) -> Graded:
        """A submission that an error cost its marks, described by the course if the course can."""
        result = Result({}, failed=why)
        marks = {n.name: marks_of(n, None) for n in assignment.notebooks}
        told: dict[str, Any] = attempt(
            lambda: self.hooks.describe(assignment, submission, result, marks), lambda another: {}
        )
        return Graded(submission, result, marks, {**self._record(assignment, submission, result, marks), **told})

    def _record(
        self, assignment: Assignment, submission: Submission, result: Result, marks: dict[str, NotebookMarks]
    ) -> dict[str, Any]:
        notebooks = {}
        for name, notebook in marks.items():
            outcome = result.notebooks.get(name)
            notebooks[name] = {
                "submitted": outcome is not None,
                "error": one_line(outcome["error"]) if outcome else "",
                "cells": outcome["cells"] if outcome else [],
                "notes": [one_line(note) for note in outcome["notes"]][:100] if outcome else [],
                "marks": {
                    key: {"score": mark.score, "points": mark.points, **({"note": mark.note} if mark.note else {})}
                    for key, mark in notebook.marks.items()
                },
            }
        return {
            "assignment": submission.assignment, "student": submission.student, "submission": submission.hash,
            "checks_version": self.version(assignment), "isolation": result.isolation, "failed": result.failed,
            "score": sum(notebook.score for notebook in marks.values()),
            "points": sum(mark.points for notebook in marks.values() for mark in notebook.marks.values()),
            "seconds": round(result.seconds, 4), "cpu_seconds": round(result.cpu, 4), "memory_bytes": result.memory,
            "restarts": result.restarts, "notes": [one_line(note) for note in submission.notes][:100],
            "notebooks": notebooks,
        }  # fmt: skip

    def write(self, assignment: Assignment, graded: Iterable[Graded]) -> Iterator[Graded]:
        """Put results into the gradebook and on disk, in batches; yields each when it is safely there."""
        writer = Writer(self.course, assignment)
        records.path_of(self.course.root, assignment.name, "").parent.mkdir(parents=True, exist_ok=True)
        try:
            batch: list[Graded] = []
            since = time.monotonic()
            for one in graded:
                batch.append(one)
                if len(batch) >= BATCH or time.monotonic() - since > BATCH_SECONDS:
                    yield from self._write(writer, assignment, batch)
                    batch, since = [], time.monotonic()
            yield from self._write(writer, assignment, batch)
        finally:
            writer.close()

    def _write(self, writer: Writer, assignment: Assignment, batch: list[Graded]) -> list[Graded]:
        """Files first, then the gradebook, then the record that says it is done; each step for what came through."""
        batch = [self._step(self._write_files, assignment, one) for one in batch]
        batch = self._enter(writer, assignment, batch)
        return [self._step(self._write_record, assignment, one, even_failed=True) for one in batch]

    def _step(
        self, step: Callable[[Assignment, Graded], None], assignment: Assignment, one: Graded, even_failed: bool = False
    ) -> Graded:
        """Write something of one submission; the submission has failed if that fails."""

        def go() -> Graded:
            if even_failed or not one.result.failed:
                step(assignment, one)
            return one

        return attempt(
            go,
            lambda why: one if one.result.failed else self._failed(assignment, one.submission, f"not written: {why}"),
        )

    def _enter(self, writer: Writer, assignment: Assignment, batch: list[Graded]) -> list[Graded]:
        """Into the gradebook, all at once; one at a time if that fails, so that the others are entered."""
        good = [one for one in batch if not one.result.failed]

        def together() -> list[Graded]:
            writer.write([entry_of(one) for one in good])
            return batch

        def alone(_: Assignment, one: Graded) -> None:
            writer.write([entry_of(one)])

        return attempt(together, lambda why: [self._step(alone, assignment, one) for one in batch]) if good else batch

    def _write_record(self, assignment: Assignment, one: Graded) -> None:
        records.write(self.course.root, assignment.name, one.submission.student, one.record)

    def _write_files(self, assignment: Assignment, graded: Graded) -> None:
        target = self.course.autograded(assignment.name, graded.submission.student)
        fresh = target.with_name(f".new.{os.getpid()}")
        shutil.rmtree(fresh, ignore_errors=True)
        groupshared = self.course.coursedir.groupshared
        files = {**graded.submission.files, **assignment.files}
        files.update({f"{name}.ipynb": outcome["executed"] for name, outcome in graded.result.notebooks.items()})
        fresh.mkdir(parents=True)
        for name, data in files.items():
            path = fresh / name
            if "/" in name:
                path.parent.mkdir(parents=True, exist_ok=True)
            fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o664 if groupshared else 0o444)
            with open(fd, "wb") as file:
                file.write(data)
        if groupshared:
            for folder in (fresh, *(path for path in fresh.rglob("*") if path.is_dir())):
                folder.chmod((folder.stat().st_mode | 0o2770) & 0o2777)
        if target.exists():
            shutil.rmtree(target)
        fresh.rename(target)


def result_of(future: Future[Result]) -> Result:
    """What an executor brought back. What it lost costs that submission only, and the next run tries it again."""
    return attempt(future.result, lambda why: Result({}, failed=f"the executor lost it ({why})"))


def done(result: Result) -> Future[Result]:
    """A result that needs no executor."""
    future: Future[Result] = Future()
    future.set_result(result)
    return future


def nothing_of(assignment: Assignment, student: str) -> Submission:
    """Stands for a submission that cannot be read."""
    return Submission(assignment.name, student, {}, {}, b"", None, ())


def entry_of(one: Graded) -> Entry:
    """What the gradebook is told about a submission."""
    return Entry(one.submission.student, one.submission.timestamp, one.marks)


def refused(assignment: Assignment, submission: Submission, why: str) -> Result:
    """The result of a submission that is not run."""
    return Result({n.name: unreadable(n, why) for n in assignment.notebooks if n.name in submission.notebooks})


def short(record: dict[str, Any]) -> dict[str, Any]:
    """A record without its cells, but with the names of tests that could not work: enough for a table of a class."""
    kept = {key: value for key, value in record.items() if key not in ("notebooks", "notes")}
    cells = [cell for notebook in record["notebooks"].values() for cell in notebook["cells"]]
    kept["not_plain_data"] = [cell.get("name", "") for cell in cells if cell["outcome"] == "not plain data"]
    kept["unprotected"] = [cell.get("name", "") for cell in cells if cell["role"] == "unprotected"]
    kept["stopped"] = [cell.get("name", "") for cell in cells if cell["outcome"] in ("stopped", "timeout", "not run")]
    return kept


def for_course(course: Course, settings: Settings) -> Settings:
    """The settings with what a learner must not see in this course hidden."""
    hidden = {*settings.hidden, str(course.root)}
    if (url := course.coursedir.db_url).startswith("sqlite:///"):
        hidden.add(os.path.abspath(url.removeprefix("sqlite:///")))
    return replace(settings, hidden=tuple(sorted(hidden)))


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
    course = Course(course_dir)
    students = None if students is None else list(students)
    run = Run(course, settings, executor=executor, jobs=jobs)
    summary = Summary()
    with course_lock(course.root, on_wait):
        loaded = [course.assignment(name) for name in (course.assignments() if assignments is None else assignments)]
        plans = [(assignment, *run.find(assignment, students, force=force)) for assignment in loaded]
        found = {student for _, todo, fresh in plans for student in (*todo, *fresh)}
        if unknown := sorted(set(students or ()) - found):
            raise CourseError(f"Nothing was submitted by {', '.join(one_line(name, 60) for name in unknown)}.")
        total = sum(len(todo) for _, todo, _ in plans)
        summary.up_to_date = sum(len(fresh) for _, _, fresh in plans)
        summary.isolation = run.isolation() if total else ""
        for assignment, todo, _ in plans:
            for one in run.write(assignment, run.execute(assignment, todo)):
                summary.records.append(short(one.record))
                if on_progress is not None:
                    on_progress(Progress(len(summary.records), total, one.record, time.monotonic() - started))
    summary.seconds = time.monotonic() - started
    return summary
