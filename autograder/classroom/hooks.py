"""What this course adds to the grading engine; nbgrader_config.py names it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cached_property
from pathlib import Path

from ..grading import CourseError
from ..grading.assignment import Assignment, read_assignment
from ..grading.hooks import Hooks
from ..grading.marks import NotebookMarks
from ..grading.records import Answer, Findings
from ..grading.submission import Submission
from ..sandbox import Result
from ..sandbox.outcome import CellOutcome, CellRun
from ..sandbox.outputs import one_line
from . import extensions
from .other_units import asked_by, why_another
from .reports import answers, ungraded
from .version import version

# What of a cell's record a person should know about.
TROUBLE = (CellOutcome.STOPPED, CellOutcome.TIMEOUT, CellOutcome.NOT_RUN, CellOutcome.NOT_PLAIN)


class CourseHooks(Hooks):
    """A submission is graded again when its checks change; another unit's notebook is not run; the record says what
    the checks found.
    """

    def version(self, assignment: Assignment) -> str:
        return version(assignment)

    def refuses(self, assignment: Assignment, submission: Submission) -> str:
        for notebook in assignment.notebooks:
            data = submission.notebooks.get(notebook.name)
            if data is not None and (why := why_another(data, notebook, self._questions)):
                return f"this is not {notebook.name}.ipynb of {assignment.name}: {why}"
        return ""

    def due(self, assignment: str, learner: str) -> datetime | None:
        return self._dates.get((assignment, learner))

    def findings(
        self, assignment: Assignment, submission: Submission, result: Result, marks: dict[str, NotebookMarks]
    ) -> Findings:
        found: list[Answer] = []
        for notebook in assignment.notebooks:
            executed = result.notebooks.get(notebook.name)
            if result.failed:
                found += ungraded(notebook, f"{result.failed}.")
            elif executed is None:
                found += ungraded(notebook, f"{notebook.name}.ipynb was not handed in.")
            elif executed.error:
                found += ungraded(notebook, f"{executed.error}.")
            else:
                found += answers(notebook, executed.known, marks[notebook.name])
        messages = tuple(one_line(told, 1000) for told in self._messages(assignment, submission, result))
        return Findings(self._status(assignment, submission, result), messages, tuple(found))

    def _status(self, assignment: Assignment, submission: Submission, result: Result) -> str:
        if result.failed:
            return "failed"
        if not submission.notebooks:
            return "missing"
        if all(executed.error and not executed.failed for executed in result.notebooks.values()):
            return "other unit" if self.refuses(assignment, submission) else "unreadable"
        return "graded"

    def _messages(self, assignment: Assignment, submission: Submission, result: Result) -> Iterable[str]:
        folder = self._folder(assignment, submission)
        if result.failed:
            yield f"{folder} could not be graded: {result.failed}."
            return
        for notebook in assignment.notebooks:
            path, executed = folder / f"{notebook.name}.ipynb", result.notebooks.get(notebook.name)
            if notebook.name not in submission.notebooks:
                yield _missing(path)
            elif executed is not None and executed.failed:
                yield f"{path} could not be graded: {executed.error}. It has no marks; grade again."
            elif executed is not None and executed.error:
                ask = "" if "ask for" in executed.error else " Ask for another copy."
                yield f"{path}: {executed.error}.{ask}"
            elif executed is not None:
                yield from (f"{path} {note}." for note in executed.notes)
                yield from (f"{path}, {told}" for told in _trouble(executed.cells))
        yield from (f"{folder / note}." for note in submission.notes if not note.endswith("was not submitted"))

    def _folder(self, assignment: Assignment, submission: Submission) -> Path:
        return self.course.folder("submitted", submission.student, assignment.name)

    @cached_property
    def _dates(self) -> Mapping[tuple[str, str], datetime]:
        return extensions.read(self.course.root)

    @cached_property
    def _questions(self) -> dict[str, set[str]]:
        """What every unit of the course asks."""
        found = {}
        for name in self.course.assignments():
            with contextlib.suppress(CourseError):  # one that this engine cannot grade
                cells = [cell for notebook in read_assignment(self.course, name).notebooks for cell in notebook.cells]
                found[name] = {asked for cell in cells if (asked := asked_by(cell))}
        return found


def _trouble(cells: Iterable[CellRun]) -> Iterable[str]:
    for cell in cells:
        where = cell.name or f"cell {cell.cell + 1}"
        if cell.outcome in TROUBLE:
            yield f"{where}: {cell.error or cell.outcome}"
        if cell.role == "asking":
            yield f"{where}: the learner's own objects said how they compare, as the cell's author asked"
        if cell.role == "unprotected":
            yield f"{where}: run unprotected, beside the learner's code, as the cell's author asked"


def _missing(path: Path) -> str:
    others = sorted(p.name for p in path.parent.glob("*") if p.is_file() and p.name != "timestamp.txt")
    if others:
        return f"{path} is missing; there is {', '.join(others)}. If that is the notebook, rename it to {path.name}."
    return f"{path} is missing: the folder is empty. Nothing was handed in."
