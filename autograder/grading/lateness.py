"""How late work is, and what that costs: nbgrader's due date, extensions, and nbgrader's plugin for penalties."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import SimpleNamespace

from nbgrader.preprocessors import AssignLatePenalties

from .course import NbgraderCourse
from .hooks import Hooks
from .scores import Entered


class Lateness:
    """The due date and the late policy of one assignment."""

    def __init__(self, course: NbgraderCourse, assignment: str, hooks: Hooks) -> None:
        self.assignment, self.hooks = assignment, hooks
        with course.gradebook() as gradebook:
            self.duedate: datetime | None = gradebook.find_assignment(assignment).duedate
        self.penalties = AssignLatePenalties(config=course.config)
        self.penalties.init_plugin()

    def extension(self, learner: str, entered: timedelta | None) -> timedelta | None:
        """What a learner has beyond the due date: by the course's own list, else as the gradebook has it."""
        due = self.hooks.due(self.assignment, learner)
        return entered if due is None or self.duedate is None else due - self.duedate

    def seconds(self, timestamp: datetime | None, extension: timedelta | None) -> float:
        """How late a submission is, extensions counted, as nbgrader has it."""
        if timestamp is None or self.duedate is None:
            return 0.0
        return max(0.0, (timestamp - self.duedate - (extension or timedelta())).total_seconds())

    def penalty(self, learner: str, score: float, seconds: float) -> float | None:
        """What the late policy takes off a notebook's score; at most the score."""
        if seconds <= 0:
            return None
        penalty = self.penalties.plugin_inst.late_submission_penalty(learner, score, seconds)
        return (
            None
            if penalty is None
            else float(self.penalties._check_late_penalty(SimpleNamespace(score=score), penalty))
        )

    def penalties_of(
        self, learner: str, scores: Mapping[str, float], timestamp: datetime | None, entered: Entered
    ) -> dict[str, float]:
        """What is taken off each notebook.

        scores     marks by notebook, before any penalty
        timestamp  when the work came in; the gradebook's time counts where this is None
        """
        extension = self.extension(learner, entered.extension)
        late = self.seconds(timestamp or entered.timestamp, extension)
        return {name: self.penalty(learner, score, late) or 0.0 for name, score in scores.items()}
