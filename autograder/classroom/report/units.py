"""How a class did, unit by unit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..results import LearnerResult
from .people import Called

BINS = 10
# Missing this many of the class's latest units, after handing in earlier ones, counts as having stopped.
STOPPED_AFTER = 2


@dataclass(frozen=True)
class UnitReport:
    """A unit of the class.

    distribution   learners by share of the points: ten bins of 10 %, the last one with 100 %
    median         share of the points, 0 to 1, of those graded; None where nobody is
    late, failed   submissions that came late, that could not be graded
    not_attempted  answers that were left as they were handed out, and all answers
    """

    name: str
    points: float
    learners: int
    handed_in: int
    late: int
    failed: int
    distribution: tuple[int, ...]
    median: float | None
    not_attempted: tuple[int, int]


def units(results: Sequence[LearnerResult]) -> list[UnitReport]:
    """The units, in order."""
    by_unit: dict[str, list[LearnerResult]] = defaultdict(list)
    for result in results:
        by_unit[result.unit].append(result)
    return [_unit(name, by_unit[name]) for name in sorted(by_unit)]


def _unit(name: str, results: Sequence[LearnerResult]) -> UnitReport:
    points = results[0].points
    graded = [one for one in results if one.status == "graded"]
    handed_in = [one for one in results if one.status != "missing"]
    shares = np.array([one.marks / points if points else 0.0 for one in graded])
    counts, _ = np.histogram(np.clip(shares, 0.0, 1.0), bins=BINS, range=(0.0, 1.0))
    answers = [marked.answer.outcome for one in graded for marked in one.answers]
    return UnitReport(
        name, points, len(results), len(handed_in), sum(one.late > 0 for one in handed_in),
        sum(one.status not in ("graded", "not graded yet") for one in handed_in), tuple(int(n) for n in counts),
        float(np.median(shares)) if graded else None, (answers.count("not attempted"), len(answers)),
    )  # fmt: skip


def stopped(results: Sequence[LearnerResult], called: Called) -> list[tuple[str, str]]:
    """Who handed in something once and nothing of the latest units: each with the last unit that came from them.

    The latest units are the last STOPPED_AFTER for which anybody handed in anything.
    """
    begun = sorted({one.unit for one in results if one.status != "missing"})
    last: dict[str, str] = {}
    for one in sorted(results, key=lambda one: one.unit):
        if one.status != "missing":
            last[called(one.learner)] = one.unit
    return sorted((who, unit) for who, unit in last.items() if unit in begun[:-STOPPED_AFTER])
