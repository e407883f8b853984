"""The policy of a course: policy.yaml in the course directory, with what late work costs and what counts in the end."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbgrader.plugins import LateSubmissionPlugin

from ..problem import Problem
from .results import LearnerResult

NAME = "policy.yaml"
SECONDS_A_DAY = 86400


@dataclass(frozen=True)
class Policy:
    """What late work costs, and how many units are dropped.

    percent_a_day  of a notebook's marks, for every day that has begun after the due date
    at_most        percent that lateness can cost
    grace_minutes  lateness that costs nothing; beyond it, the days count from the due date
    drop_lowest    the number of units with the lowest share of their points that do not count
    """

    percent_a_day: float = 0.0
    at_most: float = 100.0
    grace_minutes: float = 0.0
    drop_lowest: int = 0

    def penalty(self, score: float, seconds: float) -> float:
        """What lateness takes off a score."""
        if seconds <= 60 * self.grace_minutes:
            return 0.0
        percent = min(self.at_most, self.percent_a_day * math.ceil(seconds / SECONDS_A_DAY))
        return score * percent / 100

    def counted(self, results: Iterable[LearnerResult]) -> Sequence[LearnerResult]:
        """A learner's results without the dropped units. Of equal shares the later unit is dropped."""
        found = list(results)
        order = sorted(found, key=lambda one: one.marks / one.points if one.points else 1.0)
        dropped = {one.unit for one in order[: min(self.drop_lowest, len(found) - 1)]}
        return [one for one in found if one.unit not in dropped]


def read(root: Path) -> Policy:
    """The course's policy; where there is no file, lateness costs nothing and every unit counts. Raises Problem."""
    import yaml

    path = root / NAME
    if not path.is_file():
        return Policy()
    try:
        told = yaml.safe_load(path.read_text("utf-8")) or {}
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise Problem(f"{path} cannot be read: {' '.join(str(error).split())}.") from None
    if not isinstance(told, dict) or (unknown := set(told) - set(Policy.__annotations__)):
        known = ", ".join(Policy.__annotations__)
        raise Problem(
            f"{path}: {', '.join(map(str, unknown)) if isinstance(told, dict) else 'it'} is not known. There are: {known}."
        )
    for name, value in told.items():
        if isinstance(value, bool) or not isinstance(value, int if name == "drop_lowest" else int | float) or value < 0:
            raise Problem(f"{path}: {name} is {value!r}. Give a number that is not below 0.")
    return Policy(**told)


class LatePolicy(LateSubmissionPlugin):  # type: ignore[misc]
    """nbgrader's plugin for late work, by policy.yaml."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.policy = read(Path(self.config.CourseDirectory.root))

    def late_submission_penalty(self, student_id: str, score: float, total_seconds_late: float) -> float | None:
        """The penalty for a notebook, in marks."""
        return self.policy.penalty(score, total_seconds_late) or None
