"""What a course may add to grading: c.GradingEngine.hooks names a subclass of Hooks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .course import Assignment, Course, Submission
    from .marks import NotebookMarks
    from .packing import Result


class Hooks:
    """Adds nothing. They run in the trusted process that owns the gradebook, and only read."""

    def __init__(self, course: Course) -> None:
        self.course = course

    def version(self, assignment: Assignment) -> str:
        """A name for what marks depend on beside the submission; when it changes, every submission is new again."""
        return ""

    def refuses(self, assignment: Assignment, submission: Submission) -> str:
        """Why a submission gets 0 without being run, in words; "" to run it."""
        return ""

    def describe(
        self, assignment: Assignment, submission: Submission, result: Result, marks: dict[str, NotebookMarks]
    ) -> dict[str, Any]:
        """Further entries for the record of a submission, as JSON; none of the engine's own names."""
        return {}
