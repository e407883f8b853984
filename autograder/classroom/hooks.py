"""What this course adds to the grading engine; nbgrader_config.py names it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from dataclasses import asdict
from functools import cached_property
from pathlib import Path
from typing import Any

from ..grading import CourseError, Result
from ..grading.course import Assignment, Submission
from ..grading.hooks import Hooks
from ..grading.marks import NotebookMarks
from ..grading.outputs import one_line
from .reports import answers, ungraded
from .strangers import asked_by, stranger
from .version import version

# What of a cell's record a person should know about.
TROUBLE = ("stopped", "timeout", "not run", "not plain data")


class CourseHooks(Hooks):
    """A submission is graded again when its checks change; another unit's notebook is not run; the record says what
    the checks found.
    """

    def version(self, assignment: Assignment) -> str:
        return version(assignment, self.course.root / "checks")

    def refuses(self, assignment: Assignment, submission: Submission) -> str:
        for notebook in assignment.notebooks:
            data = submission.notebooks.get(notebook.name)
            if data is not None and (why := stranger(data, notebook, self._questions)):
                return f"this is not {notebook.name}.ipynb of {assignment.name}: {why}"
        return ""

    def describe(
        self, assignment: Assignment, submission: Submission, result: Result, marks: dict[str, NotebookMarks]
    ) -> dict[str, Any]:
        """status  "graded", or why not: "missing", "unreadable", "other unit", "failed"
        messages  what a person should know: what was wrong, where, and what to do
        answers   what became of every graded cell, see record.Answer
        """
        found = []
        for notebook in assignment.notebooks:
            outcome = result.notebooks.get(notebook.name)
            if result.failed:
                found += ungraded(notebook, f"{result.failed}.")
            elif outcome is None:
                found += ungraded(notebook, f"{notebook.name}.ipynb was not handed in.")
            elif outcome["error"]:
                found += ungraded(notebook, f"{outcome['error']}.")
            else:
                found += answers(notebook, outcome["graded"], marks[notebook.name])
        return {
            "status": self._status(assignment, submission, result),
            "messages": [one_line(told, 1000) for told in self._messages(assignment, submission, result)],
            "answers": [asdict(answer) for answer in found],
        }

    def _status(self, assignment: Assignment, submission: Submission, result: Result) -> str:
        if result.failed:
            return "failed"
        if not submission.notebooks:
            return "missing"
        if all(outcome["error"] for outcome in result.notebooks.values()):
            return "other unit" if self.refuses(assignment, submission) else "unreadable"
        return "graded"

    def _messages(self, assignment: Assignment, submission: Submission, result: Result) -> Iterable[str]:
        folder = self._folder(assignment, submission)
        if result.failed:
            yield f"{folder} could not be graded: {result.failed}."
            return
        for notebook in assignment.notebooks:
            path, outcome = folder / f"{notebook.name}.ipynb", result.notebooks.get(notebook.name)
            if notebook.name not in submission.notebooks:
                yield _missing(path)
            elif outcome is not None and outcome["error"]:
                ask = "" if "ask for" in outcome["error"] else " Ask for another copy."
                yield f"{path}: {outcome['error']}.{ask}"
            elif outcome is not None:
                yield from (f"{path} {note}." for note in outcome["notes"])
                yield from (f"{path}, {told}" for told in _trouble(outcome["cells"]))
        yield from (f"{folder / note}." for note in submission.notes if not note.endswith("was not submitted"))

    def _folder(self, assignment: Assignment, submission: Submission) -> Path:
        course = self.course.coursedir
        return Path(course.format_path(course.submitted_directory, submission.student, assignment.name))

    @cached_property
    def _questions(self) -> dict[str, set[str]]:
        """What every unit of the course asks."""
        found = {}
        for name in self.course.assignments():
            with contextlib.suppress(CourseError):  # one that this engine cannot grade
                cells = [cell for notebook in self.course.assignment(name).notebooks for cell in notebook.cells]
                found[name] = {asked for cell in cells if (asked := asked_by(cell))}
        return found


def _trouble(cells: Iterable[dict[str, Any]]) -> Iterable[str]:
    for cell in cells:
        where = cell.get("name") or f"cell {cell['cell'] + 1}"
        if cell["outcome"] in TROUBLE:
            yield f"{where}: {cell.get('error', cell['outcome'])}"
        if cell["role"] == "unprotected":
            yield f"{where}: run unprotected, beside the learner's code, as the cell's author asked"


def _missing(path: Path) -> str:
    others = sorted(p.name for p in path.parent.glob("*") if p.is_file() and p.name != "timestamp.txt")
    if others:
        return f"{path} is missing; there is {', '.join(others)}. If that is the notebook, rename it to {path.name}."
    return f"{path} is missing: the folder is empty. Nothing was handed in."
