"""The report of one course directory, as data."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from ..directory import CourseDirectory
from ..results import LearnerResult, results
from .items import Scale, scales
from .mistakes import MadeMistake, made
from .people import Called, by_name, by_pseudonym
from .units import UnitReport, stopped, units


@dataclass(frozen=True)
class Understood:
    """What a class understood.

    called   what a learner is called
    stopped  who has stopped handing in, with their last unit
    """

    called: Called
    results: tuple[LearnerResult, ...]
    units: tuple[UnitReport, ...]
    scales: tuple[Scale, ...]
    mistakes: tuple[MadeMistake, ...]
    stopped: tuple[tuple[str, str], ...]

    def as_data(self) -> dict[str, Any]:
        """The same as plain data, for JSON; learners are only what they are called."""
        return {
            "units": [asdict(one) for one in self.units],
            "items": [
                {**asdict(item), "remark": item.remark, "alpha": scale.alpha} for scale in self.scales for item in scale.items
            ],
            "mistakes": [
                {
                    "unit": one.unit, "question": one.question, "mistake": one.name, "says": one.says, "of": one.of,
                    "learners": [self.called(learner) for learner in one.learners], "read": one.read, "quiz": one.quiz,
                }
                for one in self.mistakes
            ],
            "stopped": [{"learner": who, "last_unit": unit} for who, unit in self.stopped],
        }  # fmt: skip


def understood(directory: CourseDirectory, chosen: Iterable[str], anonymous: bool = False) -> Understood:
    """Read gradebook and records; nothing runs."""
    found = results(directory, chosen)
    called = by_pseudonym(directory.course.secret()) if anonymous else by_name
    folders = {
        (one.unit, one.learner.id): directory.autograded(one.learner.id, one.unit) for one in found if one.answers
    }
    return Understood(
        called, tuple(found), tuple(units(found)), tuple(scales(found)), tuple(made(found, folders)),
        tuple(stopped(found, called)),
    )  # fmt: skip
