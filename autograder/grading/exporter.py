"""The same run behind `nbgrader autograde` and formgrader's Autograde button.

nbgrader converts each submitted notebook twice with an exporter: once to put it right, once to run it. This exporter
runs the whole submission in the first of the two, and SaveMarks enters its marks in the second.
"""

from __future__ import annotations

import os
import re
from concurrent.futures import Executor, Future
from typing import Any

from nbconvert.exporters import NotebookExporter
from nbgrader.converters.base import NbGraderException
from nbgrader.preprocessors import NbGraderPreprocessor

from ..problem import Problem
from ..sandbox.outputs import one_line
from ..sandbox.packing import Result
from ..sandbox.pool import available_cores, local_executor
from .costs import attempt
from .course import NbgraderCourse
from .graded import Graded, HandedIn
from .locks import course_lock
from .run import Run
from .scores import all_entered
from .submission import Submission, why_not_by_nbgrader
from .writer import Writer


class EngineExporter(NotebookExporter):  # type: ignore[misc]
    """Turns a submitted notebook into an executed one. Its parent is nbgrader's Autograde converter."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        coursedir = self.parent.coursedir
        self.course = NbgraderCourse(coursedir.root, self.config, coursedir)
        self.run = Run(self.course)
        self._begins = self.parent.init_destination
        self.parent.init_destination = self.begin  # nbgrader's first step with a submission
        try:
            self.run.isolation()
        except Problem as error:
            self.log.error(str(error))
            raise NbGraderException(str(error)) from None
        self.jobs = self.run.jobs or available_cores()
        self.executor: Executor = local_executor(self.jobs)
        self.writers: dict[str, Writer] = {}
        self.running: dict[str, tuple[Submission, Future[Result]]] = {}
        self.done: tuple[str, Graded] | None = None
        self.entered = ""

    def begin(self, unit: str, student: str) -> bool:
        """Whether nbgrader should go on with a submission. Raises NbGraderException where it must not touch it."""
        if student not in self.course.coursedir.student_id_exclude.split(","):
            why = attempt(lambda: why_not_by_nbgrader(self.course, unit, student), lambda told: told)
            if why:
                raise NbGraderException(f"{unit} of {one_line(student, 100)} was not graded: {why}.")
        return bool(self._begins(unit, student))

    def from_filename(self, filename: str, resources: Any = None, **kwargs: Any) -> tuple[str, Any]:
        """The executed notebook as text."""
        resources["output_extension"] = self.file_extension
        known = resources["nbgrader"]
        if not self.parent._sanitizing:
            return super().from_filename(filename, resources, **kwargs)  # type: ignore[no-any-return]
        graded = self._graded(HandedIn(known["student"], known["assignment"]), os.path.dirname(filename))
        return graded.result.notebooks[known["notebook"]].notebook.decode(), resources

    def _graded(self, one: HandedIn, folder: str) -> Graded:
        """The whole submission, executed; it is kept until the next one is asked for."""
        if self.done is None or self.done[0] != folder:
            self._start(folder, one)
            submission, future = self.running.pop(folder)
            self._look_ahead(folder)
            self.done = (folder, self.run.graded(submission, future.result()))
        graded = self.done[1]
        if graded.result.failed:
            raise NbGraderException(graded.result.failed)
        return graded

    def _start(self, folder: str, one: HandedIn) -> None:
        if folder not in self.running:
            self.running[folder] = self.run.start(self.executor, one)

    def _look_ahead(self, folder: str) -> None:
        """Start what comes next while nbgrader is busy with its own files and database."""
        pattern = re.compile(self.parent._format_source("(?P<assignment>.*)", "(?P<student>.*)", escape=True) + "$")
        for path in sorted(path for path in self.parent.assignments if path > folder)[: self.jobs]:
            match = pattern.match(path)
            if match and not self.course.folder("autograded", match["student"], match["assignment"]).exists():
                self._start(path, HandedIn(match["student"], match["assignment"]))

    def enter(self) -> None:
        """Put the submission that was executed last into the gradebook, once."""
        assert self.done is not None
        folder, graded = self.done
        if self.entered == folder:
            return
        unit = graded.handed_in.unit
        if unit not in self.writers:
            self.writers[unit] = Writer(self.course, self.run.assignment(unit), self.run.lateness(unit))
        with course_lock(self.course.root, self.log.warning):
            self.run.enter(self.writers[unit], [graded], all_entered(self.course))
        self.entered = folder


class SaveMarks(NbGraderPreprocessor):  # type: ignore[misc]
    """Writes the marks, comments and late penalty of an executed submission to the gradebook, and the record."""

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """`nb` is the executed notebook that EngineExporter made; it is not changed."""
        self.parent.enter()
        return nb, resources
