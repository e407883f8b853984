"""The engine behind `nbgrader autograde` and formgrader's Autograde button.

nbgrader converts each submitted notebook twice with an exporter: once to put it right, once to run it. This exporter
runs the whole submission in the first of the two, and SaveMarks writes the marks in the second.
"""

from __future__ import annotations

import os
import re
from concurrent.futures import Executor, Future
from typing import Any

from nbconvert.exporters import NotebookExporter
from nbgrader.converters.base import NbGraderException
from nbgrader.preprocessors import NbGraderPreprocessor

from . import records
from .course import Assignment, Course, CourseError, Submission
from .jail import IsolationUnavailable
from .locks import course_lock
from .packing import Result
from .pool import available_cores, local_executor
from .run import Graded, Run
from .writer import Entry, Writer


class EngineExporter(NotebookExporter):  # type: ignore[misc]
    """Turns a submitted notebook into an executed one. Its parent is nbgrader's Autograde converter."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        coursedir = self.parent.coursedir
        self.course = Course(coursedir.root, self.config, coursedir)
        self.run = Run(self.course)
        try:
            self.run.isolation()
        except (IsolationUnavailable, CourseError) as error:
            self.log.error(str(error))
            raise NbGraderException(str(error)) from None
        self.jobs = self.run.jobs or available_cores()
        self.executor: Executor = local_executor(self.jobs)
        self.assignments: dict[str, Assignment] = {}
        self.writers: dict[str, Writer] = {}
        self.running: dict[str, tuple[Submission, Future[Result]]] = {}
        self.done: tuple[str, Graded] | None = None

    def assignment(self, name: str) -> Assignment:
        """What is to be graded, read once per run."""
        if name not in self.assignments:
            self.assignments[name] = self.course.assignment(name)
        return self.assignments[name]

    def writer(self, name: str) -> Writer:
        """The way into the gradebook, opened once per run."""
        if name not in self.writers:
            self.writers[name] = Writer(self.course, self.assignment(name))
        return self.writers[name]

    def from_filename(self, filename: str, resources: Any = None, **kwargs: Any) -> tuple[str, Any]:
        """The executed notebook as text."""
        resources["output_extension"] = self.file_extension
        told = resources["nbgrader"]
        if not self.parent._sanitizing:
            return super().from_filename(filename, resources, **kwargs)  # type: ignore[no-any-return]
        graded = self.graded(told["assignment"], told["student"], os.path.dirname(filename))
        executed: bytes = graded.result.notebooks[told["notebook"]]["executed"]
        return executed.decode(), resources

    def graded(self, assignment: str, student: str, folder: str) -> Graded:
        """The whole submission, executed; it is kept until the next one is asked for."""
        if self.done is None or self.done[0] != folder:
            self._start(folder, assignment, student)
            submission, future = self.running.pop(folder)
            self._look_ahead(folder)
            self.done = (folder, self.run.graded(self.assignment(assignment), submission, future.result()))
        graded = self.done[1]
        if graded.result.failed:
            raise NbGraderException(graded.result.failed)
        return graded

    def _start(self, folder: str, assignment: str, student: str) -> None:
        if folder not in self.running:
            self.running[folder] = self.run.start(self.executor, self.assignment(assignment), student)

    def _look_ahead(self, folder: str) -> None:
        """Start what comes next while nbgrader is busy with its own files and database."""
        pattern = re.compile(self.parent._format_source("(?P<assignment>.*)", "(?P<student>.*)", escape=True) + "$")
        for path in sorted(path for path in self.parent.assignments if path > folder)[: self.jobs]:
            match = pattern.match(path)
            if match and not self.course.autograded(match["assignment"], match["student"]).exists():
                self._start(path, match["assignment"], match["student"])


class SaveMarks(NbGraderPreprocessor):  # type: ignore[misc]
    """Writes the marks, comments and late penalty of an executed notebook to the gradebook, and the record."""

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """`nb` is the executed notebook that EngineExporter made; it is not changed."""
        exporter, told = self.parent, resources["nbgrader"]
        assignment = exporter.assignment(told["assignment"])
        graded, name = exporter.done[1], told["notebook"]
        entry = Entry(told["student"], graded.submission.timestamp, {name: graded.marks[name]})
        with course_lock(exporter.course.root, self.log.warning):
            exporter.writer(assignment.name).write([entry])
            records.write(exporter.course.root, assignment.name, told["student"], graded.record)
        return nb, resources
