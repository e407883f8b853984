"""What a course may add to grading: c.GradingEngine.hooks names a subclass of Hooks."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from .records import Findings

if TYPE_CHECKING:
    from ..sandbox import Result
    from .assignment import Assignment
    from .course import NbgraderCourse
    from .marks import NotebookMarks
    from .submission import Submission


class Hooks:
    """Adds nothing. They run in the trusted process that owns the gradebook, and only read."""

    def __init__(self, course: NbgraderCourse) -> None:
        self.course = course

    def version(self, assignment: Assignment) -> str:
        """A name for what marks depend on beside the submission; when it changes, every submission is new again."""
        return ""

    def refuses(self, assignment: Assignment, submission: Submission) -> str:
        """Why a submission gets 0 without being run, in words; "" to run it."""
        return ""

    def due(self, assignment: str, learner: str) -> datetime | None:
        """Until when a learner may hand in (UTC, without a time zone), where the course gave them a date of their own."""
        return None

    def findings(
        self, assignment: Assignment, submission: Submission, result: Result, marks: dict[str, NotebookMarks]
    ) -> Findings:
        """What people should read about a graded submission."""
        return Findings("failed", (result.failed,)) if result.failed else Findings("graded")
