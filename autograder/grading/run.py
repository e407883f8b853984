"""The one way through grading: what is new, executed anywhere, compared with what stands there, written down."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from contextlib import closing
from dataclasses import replace
from functools import cache, partial
from itertools import groupby

from ..sandbox.outcome import unreadable
from ..sandbox.packing import Result
from ..sandbox.pool import available_cores, execute, isolation_of, local_executor
from ..sandbox.settings import Settings
from . import records
from .assignment import Assignment, read_assignment
from .batches import batches
from .config import GradingEngine
from .costs import attempt, in_words
from .course import NbgraderCourse
from .files import replace_folder
from .graded import Graded, HandedIn, record_of
from .hooks import Hooks
from .lateness import Lateness
from .marks import marks_of
from .records import Findings, Record
from .scores import NOTHING, Entered, Scores, all_entered, by_notebook, changed_under, marks_with, total
from .submission import Submission, nothing_of, read_submission
from .writer import GradebookEntry, Writer


class Run:
    """A grading run over one course.

    executor: any concurrent.futures.Executor; by default workers on this machine, `jobs` at a time.
    """

    def __init__(
        self, course: NbgraderCourse, settings: Settings | None = None, *, executor: Executor | None = None,
        jobs: int | None = None,
    ) -> None:  # fmt: skip
        engine = GradingEngine(config=course.config)
        self.course, self.jobs, self.executor = course, jobs or engine.jobs or None, executor
        self.settings = for_course(course, settings or engine.settings())
        self.hooks: Hooks = engine.hooks(course)
        self.assignment = cache(lambda name: read_assignment(course, name))
        self.version = cache(lambda name: self.hooks.version(self.assignment(name)))
        self.isolation = cache(self._isolation)
        self.lateness = cache(lambda name: Lateness(course, name, self.hooks))

    def _isolation(self) -> str:
        """How submissions will be shut in. Raises IsolationUnavailable. On a cluster each worker sees for itself."""
        return isolation_of(self.settings) if self.executor is None else self.settings.isolation

    def all(self, units: Iterable[str]) -> list[HandedIn]:
        """Everything handed in for these units, by unit and learner."""
        return [HandedIn(learner, unit) for unit in units for learner in self.course.students(unit)]

    def new(self, handed_in: Iterable[HandedIn]) -> list[HandedIn]:
        """What was not graded yet as it is now: a new or changed submission, one whose checks have changed, or one whose
        late penalty is another now.

        Reads the submissions, one at a time, and keeps none.
        """
        with in_words():
            entered = all_entered(self.course)
            return [one for one in handed_in if not self._is_current(one, entered.get((one.unit, one.learner)))]

    def was_graded(self, one: HandedIn) -> bool:
        """Whether exactly this submission has marks already, be they by other checks or another late policy."""
        record = records.read(self.course.root, one.unit, one.learner)
        return attempt(
            lambda: record is not None and not record.has_failed and self._is_the_same(record, one), lambda _: False
        )

    def _is_the_same(self, record: Record, one: HandedIn) -> bool:
        return record.submission == self._submission(one).hash

    def _is_current(self, one: HandedIn, entered: Entered | None) -> bool:
        return entered is not None and attempt(partial(self._is_done, one, entered), lambda why: False)

    def _is_done(self, one: HandedIn, entered: Entered) -> bool:
        """Whether record and gradebook describe exactly what is on disk now."""
        record = records.read(self.course.root, one.unit, one.learner)
        if record is None or record.has_failed or record.version != self.version(one.unit):
            return False
        if not self.course.folder("autograded", one.learner, one.unit).is_dir():
            return False
        submission = self._submission(one)
        return record.submission == submission.hash and self._is_penalised(record, submission, entered)

    def _is_penalised(self, record: Record, submission: Submission, entered: Entered) -> bool:
        """Whether the gradebook has the penalties of today's late policy and extensions."""
        sent = {name: marks for name, marks in by_notebook(entered.scores).items() if record.has_sent(name)}
        due = self.lateness(record.unit).penalties_of(record.learner, sent, submission.timestamp, entered)
        return all(math.isclose(due[name], entered.penalties.get(name, 0.0), abs_tol=1e-9) for name in due)

    def _submission(self, one: HandedIn) -> Submission:
        limit = self.settings.limits.submission_bytes
        return read_submission(self.course, self.assignment(one.unit), one.learner, limit)

    def execute(self, todo: Iterable[HandedIn]) -> Iterator[Graded]:
        """Execute these submissions, unit by unit and within a unit in any order. Nothing is written."""
        with in_words():
            todo = list(todo)
            if todo:
                self.isolation()
                self.course.secret()  # that it cannot be had concerns the course, not the first submission
            for _, some in groupby(todo, key=lambda one: one.unit):
                yield from self._execute(some)

    def _execute(self, todo: Iterable[HandedIn]) -> Iterator[Graded]:
        own = local_executor(self.jobs) if self.executor is None else None
        executor = self.executor or own
        assert executor is not None
        ahead = 3 * (self.jobs or available_cores()) if own else 64
        running: dict[Future[Result], Submission] = {}
        waiting = iter(todo)
        try:
            while True:
                while len(running) < ahead and (one := next(waiting, None)) is not None:
                    submission, future = self.start(executor, one)
                    running[future] = submission
                if not running:
                    return
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    yield self.graded(running.pop(future), result_of(future))
        finally:
            for future in running:
                future.cancel()
            if own is not None:
                own.shutdown(cancel_futures=True)

    def start(self, executor: Executor, one: HandedIn) -> tuple[Submission, Future[Result]]:
        """Hand one submission to an executor; one that cannot be read, or that the course refuses, is done at once."""
        assignment = self.assignment(one.unit)
        return attempt(
            partial(self._start, executor, one),
            lambda why: (nothing_of(assignment, one.learner), done(Result({}, failed=why))),
        )

    def _start(self, executor: Executor, one: HandedIn) -> tuple[Submission, Future[Result]]:
        submission, assignment = self._submission(one), self.assignment(one.unit)
        if why := self.hooks.refuses(assignment, submission):
            return submission, done(refused(assignment, submission, why))
        seed = self.course.seed(one.unit, one.learner, submission.hash)
        return submission, executor.submit(execute, assignment.packed, submission.packed, seed, self.settings)

    def graded(self, submission: Submission, result: Result) -> Graded:
        """The marks and the record of an executed submission; it has failed if they cannot be had."""
        return attempt(partial(self._graded, submission, result), lambda why: self._failed(submission, why))

    def _graded(self, submission: Submission, result: Result) -> Graded:
        assignment = self.assignment(submission.assignment)
        marks = {n.name: marks_of(n, result.notebooks.get(n.name)) for n in assignment.notebooks}
        findings = self.hooks.findings(assignment, submission, result, marks)
        return Graded(
            submission, result, marks, record_of(submission, result, marks, findings, self.version(assignment.name))
        )

    def _failed(self, submission: Submission, why: str) -> Graded:
        """A submission that an error cost its marks, described by the course if the course can."""
        assignment, result = self.assignment(submission.assignment), Result({}, failed=why)
        marks = {n.name: marks_of(n, None) for n in assignment.notebooks}
        findings = attempt(
            lambda: self.hooks.findings(assignment, submission, result, marks),
            lambda another: Findings("failed", (why,)),
        )
        return Graded(
            submission, result, marks, record_of(submission, result, marks, findings, self.version(assignment.name))
        )

    def compare(self, executed: Iterable[Graded]) -> Iterator[Graded]:
        """The same with what writing would change. Nothing is written."""
        with in_words():
            entered = all_entered(self.course)
            for one in executed:
                yield self._compared(one, entered)

    def _compared(self, one: Graded, all_before: Mapping[tuple[str, str], Entered]) -> Graded:
        learner, unit = one.handed_in.learner, one.handed_in.unit
        entered = all_before.get((unit, learner), NOTHING)
        reviewed = self._is_reviewed(one, entered.scores)
        record = one.record.with_messages(*changed_under(entered.scores, one.marks)) if reviewed else one.record
        marks = marks_with(entered.scores, one.marks)
        sent = {name: score for name, score in marks.items() if not one.marks[name].missing}
        penalties = self.lateness(unit).penalties_of(learner, sent, one.submission.timestamp, entered)
        after = total(marks, {**entered.penalties, **penalties})
        return replace(one, record=record, before=entered.total, after=after, reviewed=reviewed)

    def _is_reviewed(self, one: Graded, before: Scores) -> bool:
        """Whether a person has scored this very submission."""
        if all(score.manual is None for score in before.values()):
            return False
        earlier = records.read(self.course.root, one.handed_in.unit, one.handed_in.learner)
        return earlier is not None and earlier.submission == one.submission.hash

    def write(self, executed: Iterable[Graded]) -> Iterator[Graded]:
        """Put results into the gradebook and on disk, in batches; yields each when it is safely there.

        Scores and comments that people gave stay.
        """
        with in_words():
            entered = all_entered(self.course)
            for unit, some in groupby(executed, key=lambda one: one.handed_in.unit):
                records.path_of(self.course.root, unit, "").parent.mkdir(parents=True, exist_ok=True)
                with closing(Writer(self.course, self.assignment(unit), self.lateness(unit))) as writer:
                    for batch in batches(some):
                        yield from self.enter(writer, [self._step(self.write_files, one) for one in batch], entered)

    def enter(
        self, writer: Writer, batch: Iterable[Graded], entered: Mapping[tuple[str, str], Entered]
    ) -> list[Graded]:
        """Put results into the gradebook, and then the records that say they are done; each step for what came through.

        entered: what the gradebook has, by unit and learner. The result is the batch, compared with them.
        """
        compared = [self._compared(one, entered) for one in batch]
        good = [one for one in compared if not one.result.failed]
        failed = [one.handed_in.learner for one in compared if one.result.failed]

        def together() -> list[Graded]:
            writer.write([entry_of(one) for one in good], failed)
            return compared

        def alone(one: Graded) -> None:
            writer.write([entry_of(one)])

        # All at once; one at a time if that fails, so that the others are entered.
        written = attempt(together, lambda why: [self._step(alone, one) for one in compared])
        return [self._step(self._write_record, one, even_failed=True) for one in written]

    def _step(self, step: Callable[[Graded], None], one: Graded, even_failed: bool = False) -> Graded:
        """Write something of one submission; the submission has failed if that fails."""

        def go() -> Graded:
            if even_failed or not one.result.failed:
                step(one)
            return one

        return attempt(
            go, lambda why: one if one.result.failed else self._failed(one.submission, f"not written: {why}")
        )

    def _write_record(self, one: Graded) -> None:
        records.write(self.course.root, one.record)

    def write_files(self, one: Graded) -> None:
        """Put a submission's executed notebooks and its files into autograded/. Raises OSError."""
        files = {**one.submission.files, **self.assignment(one.handed_in.unit).files}
        files.update({f"{name}.ipynb": executed.notebook for name, executed in one.result.notebooks.items()})
        target = self.course.folder("autograded", one.handed_in.learner, one.handed_in.unit)
        replace_folder(target, files, self.course.coursedir.groupshared)


def result_of(future: Future[Result]) -> Result:
    """What an executor brought back. What it lost costs that submission only, and the next run tries it again."""
    return attempt(future.result, lambda why: Result({}, failed=f"the executor lost it ({why})"))


def done(result: Result) -> Future[Result]:
    """A result that needs no executor."""
    future: Future[Result] = Future()
    future.set_result(result)
    return future


def entry_of(one: Graded) -> GradebookEntry:
    """What goes into the gradebook for a submission."""
    return GradebookEntry(one.submission.student, one.submission.timestamp, one.marks, one.reviewed)


def refused(assignment: Assignment, submission: Submission, why: str) -> Result:
    """The result of a submission that is not run."""
    return Result({n.name: unreadable(n, why) for n in assignment.notebooks if n.name in submission.notebooks})


def for_course(course: NbgraderCourse, settings: Settings) -> Settings:
    """The settings with what a learner must not see in this course hidden."""
    hidden = {*settings.hidden, str(course.root)}
    if course.gradebook_file is not None:
        hidden.add(os.path.abspath(course.gradebook_file))
    return replace(settings, hidden=tuple(sorted(hidden)))
