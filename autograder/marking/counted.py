"""Several predictions or choices, counted together: a report says how far they are right as a whole, and never which one is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .own import not_picked, why_not_own
from .question import Question
from .report import FacetResult, Outcome, Report
from .values import MISSING, Entry


@dataclass(frozen=True)
class CountedQuestion(Question):
    """A question whose answers earn points by how many are right.

    Changing one answer changes the report only where it takes the count over a step, so the answers cannot be found by
    trying them one after the other.

    entries          the answers and their places, from the learner's integer (0 where `own` is empty). Their shares and
                     mistakes are not used
    steps            pairs (how many must be right, the share of the points that this earns), the last one for all of them
    own              the name of the integer that decides what is right; empty where it is the same for everybody
    numbers          what a learner's integer draws, by name: columns of one table, and single numbers
    until_attempted  what the report says until there is an answer, a sentence each, from the learner's integer
    """

    id: str
    title: str
    points: float
    read: str
    entries: Callable[[int], Sequence[Entry]]
    steps: tuple[tuple[int, float], ...]
    own: str = ""
    numbers: Callable[[int], Mapping[str, Any]] = lambda own: {}
    until_attempted: Callable[[int], Sequence[str]] = lambda own: ()

    def shares(self) -> tuple[tuple[str, float], ...]:
        of = len(self.entries(0))
        return tuple((_title(needed, of), share) for needed, share in self.steps)

    def known_mistakes(self) -> tuple[()]:
        return ()

    def mark(self, names: Mapping[str, Any], seed: str = "", points: float | None = None) -> Report:
        wanted = dict.fromkeys(entry.where[0] for entry in self.entries(0))
        missing = [self.own] if self.own and self.own not in names else []
        if missing or not any(name in names for name in wanted):
            return self.missing(points, *missing, *(name for name in wanted if name not in names))
        own = names[self.own] if self.own else 0
        if self.own and (todo := not_picked(names, self.own)):
            return self.untouched(points, todo)
        if why := why_not_own(own):
            said = f"`{self.own}` {why}."
            if all(entry.untouched(entry.look_up(names)) for entry in self.entries(0)):
                return self.untouched(points, said)
            return self._counted(0, points, said)
        entries = self.entries(int(own))
        values = [entry.look_up(names) for entry in entries]
        left_open = [entry.untouched(value) for entry, value in zip(entries, values, strict=True)]
        if all(left_open) and any(value is MISSING for value in values):
            tables = " and ".join(f"`{name}`" for name in dict.fromkeys(entry.where[0] for entry in entries))
            return self._counted(0, points, f"{tables} should keep the entries that were given.")
        if all(left_open):
            return self.untouched(points, *self.until_attempted(int(own)))
        right = sum(
            not untouched and entry.same(value, entry.answer())
            for entry, value, untouched in zip(entries, values, left_open, strict=True)
        )
        still_open = f"{sum(left_open)} of the {len(entries)} answers are still open." if any(left_open) else ""
        return self._counted(right, points, still_open)

    def _counted(self, right: int, points: float | None, also: str) -> Report:
        facets = tuple(
            FacetResult(title, share, right >= needed)
            for (title, share), (needed, _) in zip(self.shares(), self.steps, strict=True)
        )
        if facets[-1].passed:
            return self.report(Outcome.PASSED, facets, points)
        of, reached = len(self.entries(0)), max((n for n, _ in self.steps if right >= n), default=0)
        how_many = (
            f"At least {reached} of the {of} answers are right."
            if reached
            else f"Fewer than {self.steps[0][0]} of the {of} answers are right."
        )
        return self.report(Outcome.WRONG, facets, points, seen=tuple(filter(None, (how_many, also))))


def _title(needed: int, of: int) -> str:
    return f"all {of} answers are right" if needed == of else f"at least {needed} of {of} answers are right"
