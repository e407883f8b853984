"""What was handed in, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..sandbox.outputs import one_line
from ..sandbox.packing import Result
from .marks import NotebookMarks
from .records import Findings, NotebookRecord, Record
from .submission import Submission


@dataclass(frozen=True)
class HandedIn:
    """What one learner handed in for one unit (nbgrader's assignment)."""

    learner: str
    unit: str


@dataclass(frozen=True)
class Graded:
    """One submission after execution.

    marks   per notebook
    before    the submission's marks in the gradebook until now; None where it has none
    after     its marks once this is written: scores that a person gave go first, and late penalties are off
    reviewed  whether a person has scored exactly this submission
    """

    submission: Submission
    result: Result
    marks: dict[str, NotebookMarks]
    record: Record
    before: float | None = None
    after: float = 0.0
    reviewed: bool = False

    @property
    def handed_in(self) -> HandedIn:
        return HandedIn(self.submission.student, self.submission.assignment)

    @property
    def score(self) -> float:
        """The sum of all automatic scores."""
        return sum(notebook.score for notebook in self.marks.values())


def record_of(
    submission: Submission, result: Result, marks: Mapping[str, NotebookMarks], findings: Findings, version: str
) -> Record:
    """The record of an executed submission.

    version  of everything else that its marks depend on
    """
    return Record(
        learner=submission.student, unit=submission.assignment, submission=submission.hash, version=version,
        isolation=result.isolation, failed=result.failed, score=sum(notebook.score for notebook in marks.values()),
        points=sum(mark.points for notebook in marks.values() for mark in notebook.marks.values()),
        seconds=round(result.seconds, 4), cpu_seconds=round(result.cpu, 4), memory_bytes=result.memory,
        restarts=result.restarts, notes=tuple(one_line(note) for note in submission.notes[:100]),
        notebooks={name: _of_notebook(name, result, notebook) for name, notebook in marks.items()}, findings=findings,
    )  # fmt: skip


def _of_notebook(name: str, result: Result, marks: NotebookMarks) -> NotebookRecord:
    executed = result.notebooks.get(name)
    if executed is None:
        return NotebookRecord(submitted=False, error="", cells=(), notes=(), marks=marks.marks)
    notes = tuple(one_line(note) for note in executed.notes[:100])
    return NotebookRecord(True, one_line(executed.error), executed.cells, notes, marks.marks)
