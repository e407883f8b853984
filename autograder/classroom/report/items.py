"""How well each question measures: classical test theory.

facility         the mean share of the points; near 1 a question is easy
discrimination   corrected item-total correlation: Pearson's r of a question's marks with the sum of the unit's other questions
                 (Henrysson 1963, Psychometrika 28)
alpha            Cronbach's alpha of a unit (Cronbach 1951, Psychometrika 16): k/(k-1) (1 - sum of variances / variance of sums)

On fewer than ten answers nothing is claimed: the number is None.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..results import LearnerResult, Marked

FEWEST = 10
HARD, WEAK = 0.3, 0.2


@dataclass(frozen=True)
class Item:
    """One question in a class. `answers` learners had marks for it, of whom `attempted` changed its cell.

    hand_ins         how often those who attempted it handed it in, on average; None where nobody did
    facets           what its marks are made of: title, and how many earned it
    failing_seconds  how long its check ran where the answer did not pass, the median; None where all passed
    """

    unit: str
    question: str
    answers: int
    attempted: int
    facility: float | None
    discrimination: float | None
    hand_ins: float | None = None
    facets: tuple[tuple[str, int], ...] = ()
    failing_seconds: float | None = None

    @property
    def remark(self) -> str:
        """A sentence where a question is too hard or does not separate, with the counts it rests on."""
        if self.facility is not None and self.facility < HARD:
            return f"Hard: on average {self.facility:.0%} of the points, over {self.answers} answers."
        if self.discrimination is not None and self.discrimination < WEAK:
            return (
                f"Separates little: over {self.answers} answers its marks agree with the rest of the unit by r = "
                f"{self.discrimination:.2f}."
            )
        return ""


@dataclass(frozen=True)
class Scale:
    """The questions of one unit together."""

    unit: str
    answers: int
    alpha: float | None
    items: tuple[Item, ...]


def scales(results: Sequence[LearnerResult]) -> list[Scale]:
    """The units in order, each with its questions. Learners whose submission could not be graded do not count."""
    graded: dict[str, list[LearnerResult]] = {}
    for one in results:
        if one.status == "graded" and one.answers and not one.needs_hand:
            graded.setdefault(one.unit, []).append(one)
    return [_scale(unit, graded[unit]) for unit in sorted(graded)]


def _scale(unit: str, results: Sequence[LearnerResult]) -> Scale:
    given: dict[str, list[tuple[LearnerResult, Marked]]] = {}
    for one in results:
        for marked in one.answers:
            given.setdefault(marked.answer.question, []).append((one, marked))
    rows = {one.learner.id: row for row, one in enumerate(results)}
    shares = np.zeros((len(results), len(given)))
    points = np.zeros((len(results), len(given)))
    for place, theirs in enumerate(given.values()):
        for one, marked in theirs:
            points[rows[one.learner.id], place] = marked.answer.points
            shares[rows[one.learner.id], place] = marked.marks or 0.0
    enough = len(results) >= FEWEST
    rest = shares.sum(1, keepdims=True) - shares
    most = points.max(0)
    items = tuple(
        Item(
            unit, question, len(results), sum(_was_attempted(marked.answer.outcome) for _, marked in theirs),
            float(shares[:, place].mean() / most[place]) if enough and most[place] else None,
            correlation(shares[:, place], rest[:, place]) if enough else None,
            _hand_ins(question, theirs), _facets(marked for _, marked in theirs),
            _failing_seconds(marked for _, marked in theirs),
        )
        for place, (question, theirs) in enumerate(given.items())
    )  # fmt: skip
    return Scale(unit, len(results), alpha(shares) if enough else None, items)


def _was_attempted(outcome: str) -> bool:
    return outcome != "not attempted"


def _hand_ins(question: str, given: Sequence[tuple[LearnerResult, Marked]]) -> float | None:
    times = [
        sum(
            map(
                _was_attempted,
                (marked.answer.outcome, *(b.outcomes[question] for b in one.earlier if question in b.outcomes)),
            )
        )
        for one, marked in given
    ]
    tried = [n for n in times if n]
    return float(np.mean(tried)) if tried else None


def _facets(given: Iterable[Marked]) -> tuple[tuple[str, int], ...]:
    """How many earned each facet. Whoever passed earned all of them."""
    earned: Counter[str] = Counter()
    titles: dict[str, None] = {}
    for marked in given:
        for facet in marked.answer.facets:
            titles[facet["title"]] = None
            earned[facet["title"]] += bool(facet["passed"])
    return tuple((title, earned[title]) for title in titles)


def _failing_seconds(given: Iterable[Marked]) -> float | None:
    times = [m.seconds for m in given if m.answer.outcome in ("wrong", "raised") and m.seconds is not None]
    return float(np.median(times)) if times else None


def correlation(a: NDArray[np.float64], b: NDArray[np.float64]) -> float | None:
    """Pearson's r of two columns; None where one of them does not vary."""
    if np.ptp(a) < 1e-12 or np.ptp(b) < 1e-12:
        return None
    return float(np.corrcoef(a, b)[0, 1])


def alpha(marks: NDArray[np.float64]) -> float | None:
    """Cronbach's alpha of marks (learners, questions); None for a single question, or where sums do not vary."""
    questions, of_sums = marks.shape[1], float(marks.sum(1).var(ddof=1))
    if questions < 2 or of_sums < 1e-12:
        return None
    return float(questions / (questions - 1) * (1 - marks.var(0, ddof=1).sum() / of_sums))
