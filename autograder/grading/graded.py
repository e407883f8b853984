"""What was handed in, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass

from ..sandbox.packing import Result
from .marks import NotebookMarks
from .records import Record
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
