"""The report of one course directory, as data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from functools import cache, cached_property, partial
from itertools import groupby
from typing import Any

from .. import policy
from ..directory import CourseDirectory
from ..results import LearnerResult, results
from .items import Scale, scales
from .mended import Mended, known_to, mended
from .mistakes import MadeMistake, Overall, made, overall
from .pairs import SimilarPair, pairs, solution_of
from .people import Called, by_name, by_pseudonym
from .units import UnitReport, stopped, term, units


@dataclass(frozen=True)
class Understood:
    """What a class understood.

    called    what a learner is called
    term      all units together
    mistakes  by unit and question; `overall` has them over all units
    mended    by learner
    stopped   who has stopped handing in, with their last unit
    pairs     submissions with code in common
    """

    called: Called
    results: tuple[LearnerResult, ...]
    units: tuple[UnitReport, ...]
    term: UnitReport
    scales: tuple[Scale, ...]
    mistakes: tuple[MadeMistake, ...]
    overall: tuple[Overall, ...]
    mended: Mapping[str, tuple[Mended, ...]]
    stopped: tuple[tuple[str, str], ...]
    pairs: tuple[SimilarPair, ...]

    @cached_property
    def places(self) -> Mapping[str, int]:
        """A number for every learner's id, which tells nothing about the learner."""
        return {learner: place for place, learner in enumerate(dict.fromkeys(one.learner.id for one in self.results))}

    def as_data(self) -> dict[str, Any]:
        """The same as plain data, for JSON; learners are only what they are called."""
        return {
            "units": [asdict(one) for one in self.units],
            "term": asdict(self.term),
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
            "mistakes_overall": [asdict(one) for one in self.overall],
            "mended": [
                {"learner": self.called(learner), **asdict(one)}
                for learner in dict.fromkeys(result.learner for result in self.results)
                for one in self.mended.get(learner.id, ())
            ],
            "stopped": [{"learner": who, "last_unit": unit} for who, unit in self.stopped],
            "similar": [
                {
                    "unit": one.unit, "one": self.called(one.one) if one.one else "the shipped solution",
                    "other": self.called(one.other), "common": one.common, "of": one.of,
                    "questions": [question for question, _, _ in one.beside],
                }
                for one in self.pairs
            ],
        }  # fmt: skip


def understood(directory: CourseDirectory, chosen: Iterable[str], anonymous: bool = False) -> Understood:
    """Read gradebook and records; nothing runs."""
    found = results(directory, chosen)
    called = by_pseudonym(directory.course.secret()) if anonymous else by_name
    mistakes = made(found)
    knows = cache(known_to)
    return Understood(
        called=called,
        results=tuple(found),
        units=tuple(units(found)),
        term=term(found, policy.read(directory.root)),
        scales=tuple(scales(found)),
        mistakes=tuple(mistakes),
        overall=tuple(overall(found, mistakes)),
        mended={
            learner.id: tuple(mended(list(term), knows))
            for learner, term in groupby(found, key=lambda one: one.learner)
        },
        stopped=tuple(stopped(found, called)),
        pairs=tuple(pairs(found, partial(solution_of, directory))),
    )
