"""How a class did, unit by unit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from ..policy import Policy
from ..results import LearnerResult
from .people import Called

BINS = 10
# Missing this many of the class's latest units, after handing in earlier ones, counts as having stopped.
STOPPED_AFTER = 2


@dataclass(frozen=True)
class UnitReport:
    """A unit of the class.

    distribution   learners by share of the points: ten bins of 10 %, the last one with 100 %
    quartiles      share of the points, 0 to 1, of those graded: lower quartile, median, upper quartile; None where nobody is
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
    quartiles: tuple[float, float, float] | None
    not_attempted: tuple[int, int]


def units(results: Sequence[LearnerResult]) -> list[UnitReport]:
    """The units, in order."""
    by_unit: dict[str, list[LearnerResult]] = defaultdict(list)
    for result in results:
        by_unit[result.unit].append(result)
    return [_unit(name, by_unit[name]) for name in sorted(by_unit)]


def term(results: Sequence[LearnerResult], policy: Policy) -> UnitReport:
    """All units together, as the policy counts them: a learner counts who has marks for any of them."""
    shares, begun = [], {one.unit for one in results if one.status != "missing"}
    learners = [list(theirs) for _, theirs in groupby(results, key=lambda one: one.learner)]
    for theirs in learners:
        if any(one.status == "graded" for one in theirs):
            counted = policy.counted([one for one in theirs if one.unit in begun])
            points = sum(one.points for one in counted)
            shares.append(sum(one.marks for one in counted) / points if points else 0.0)
    points = sum(one.points for one in (learners[0] if learners else ()))
    handed_in = sum(any(one.status != "missing" for one in theirs) for theirs in learners)
    return _report("All units", points, len(learners), handed_in, np.array(shares), results)


def _unit(name: str, results: Sequence[LearnerResult]) -> UnitReport:
    points = results[0].points
    shares = np.array([one.marks / points if points else 0.0 for one in results if one.status == "graded"])
    handed_in = sum(one.status != "missing" for one in results)
    return _report(name, points, len(results), handed_in, shares, results)


def _report(
    name: str,
    points: float,
    learners: int,
    handed_in: int,
    shares: NDArray[np.float64],
    results: Sequence[LearnerResult],
) -> UnitReport:
    counts, _ = np.histogram(np.clip(shares, 0.0, 1.0), bins=BINS, range=(0.0, 1.0))
    came = [one for one in results if one.status != "missing"]
    answers = [marked.answer.outcome for one in came if one.status == "graded" for marked in one.answers]
    return UnitReport(
        name, points, learners, handed_in, sum(one.late > 0 for one in came),
        sum(one.status not in ("graded", "not graded yet") for one in came), tuple(int(n) for n in counts),
        _quartiles(shares) if shares.size else None, (answers.count("not attempted"), len(answers)),
    )  # fmt: skip


def _quartiles(shares: NDArray[np.float64]) -> tuple[float, float, float]:
    low, middle, high = np.quantile(shares, (0.25, 0.5, 0.75))
    return float(low), float(middle), float(high)


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
