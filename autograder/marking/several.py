"""A question on several functions at once, such as the pieces that a learner brings along from earlier units."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from .functions import FunctionQuestion
from .mistake import Mistake
from .question import Question
from .report import FacetResult, Outcome, Report


@dataclass(frozen=True)
class SeveralFunctions(Question):
    """A question whose answer is several functions; each is one facet, earned when it is right in every way.

    parts  the function questions, each with its share of the points
    """

    id: str
    title: str
    points: float
    read: str
    parts: tuple[tuple[FunctionQuestion, float], ...]

    def shares(self) -> tuple[tuple[str, float], ...]:
        return tuple((f"`{part.name}`", share) for part, share in self.parts)

    def known_mistakes(self) -> tuple[Mistake, ...]:
        return tuple({m.name: m for part, _ in self.parts for m in part.known_mistakes()}.values())

    def mark(self, names: Mapping[str, Any], seed: str = "", points: float | None = None) -> Report:
        reports = [part.mark(names, seed) for part, _ in self._asked()]
        if all(r.outcome is Outcome.NOT_ATTEMPTED for r in reports):
            missing = [name for r in reports for name in r.missing]
            return self.missing(points, *missing) if missing else self.untouched(points)
        facets = tuple(
            FacetResult(title, share, r.outcome is Outcome.PASSED, _note(r))
            for (title, share), r in zip(self.shares(), reports, strict=True)
        )
        missed = [
            (part.name, r) for (part, _), r in zip(self.parts, reports, strict=True) if r.outcome is not Outcome.PASSED
        ]
        if not missed:
            return self.report(Outcome.PASSED, facets, points)
        wrong = [r for _, r in missed if r.outcome is not Outcome.NOT_ATTEMPTED]
        first = wrong[0] if wrong else missed[0][1]
        report = self.report(
            first.outcome if wrong else Outcome.WRONG,
            facets,
            points,
            seen=tuple(f"`{name}`: {said}" for name, r in missed if r in wrong or not wrong for said in r.seen),
            mistakes=tuple({m.name: m for r in wrong for m in r.mistakes}.values()),
            trace=first.trace,
            printed=first.printed,
        )
        return replace(
            report,
            read=first.read,
            trail=first.trail,
            first_wrong=first.first_wrong,
            explanation=first.explanation,
            picture=first.picture,
        )

    def mistakes_in(self, names: Mapping[str, Any], seed: str = "") -> tuple[Mistake, ...]:
        found = [m for part, _ in self._asked() for m in part.mistakes_in(names, seed)]
        return tuple({m.name: m for m in found}.values())

    def _asked(self) -> list[tuple[FunctionQuestion, float]]:
        """The parts under names of their own, so that their inputs are not those of the units they come from."""
        return [(replace(part, id=f"{self.id}.{part.name}"), share) for part, share in self.parts]


def _note(report: Report) -> str:
    return "not attempted" if report.outcome is Outcome.NOT_ATTEMPTED else ""
