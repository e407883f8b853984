"""A question answered with a pencil: one number, from small numbers that are drawn for each learner.

The learner picks an integer, and it decides the numbers. It stands in the notebook beside the answer, so the numbers are the
same wherever the notebook is marked, and nothing about the learner has to be known.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from .compare import kind_of
from .mistake import Mistake
from .own import OWN, not_picked, why_not_own
from .question import Question
from .report import FacetResult, Outcome, Report

# Two decimals, and one in the last place for what was rounded on the way.
CLOSE = 0.0105
Numbers = Mapping[str, Any]


@dataclass(frozen=True)
class HandQuestion(Question):
    """A question whose answer is one number, computed by hand.

    name    the variable with the answer
    draw    draws the numbers by name, small arrays and indices
    answer  the right answer for these numbers
    slips   the answers that known slips give for them, each with its mistake; numbers are drawn until all differ
    """

    id: str
    title: str
    points: float
    read: str
    name: str
    draw: Callable[[np.random.Generator], Numbers]
    answer: Callable[..., float]
    slips: tuple[tuple[Callable[..., Any], Mistake], ...]

    def shares(self) -> tuple[tuple[str, float], ...]:
        return ((self.title, 1.0),)

    def known_mistakes(self) -> tuple[Mistake, ...]:
        return tuple({mistake.name: mistake for _, mistake in self.slips}.values())

    def numbers(self, own: int) -> Numbers:
        """The numbers that belong to a learner's integer. No two answers that the question knows are close together."""
        rng = self.rng(str(int(own)))
        while True:
            numbers = self.draw(rng)
            found = sorted([self.answer(**numbers), *(slip(**numbers) for slip, _ in self.slips)])
            if all(b - a > 3 * CLOSE for a, b in pairwise(found)):
                return numbers

    def mark(self, names: Mapping[str, Any], seed: str = "", points: float | None = None) -> Report:
        missing = [name for name in (OWN, self.name) if name not in names]
        if missing:
            return self.missing(points, *missing)
        own, got = names[OWN], names[self.name]
        if todo := not_picked(names):
            return self.untouched(points, todo)
        if why := why_not_own(own):
            return self._wrong(points, f"`{OWN}` {why}.")
        if got is ... or got is None:
            return self.untouched(points)
        value = _number(got)
        if value is None:
            return self._wrong(points, f"`{self.name}` should be a number; it is {kind_of(got)}.")
        numbers = self.numbers(own)
        if abs(value - self.answer(**numbers)) < CLOSE:
            return self.report(Outcome.PASSED, (FacetResult(self.title, 1.0, True),), points)
        made = (mistake for slip, mistake in self.slips if abs(value - slip(**numbers)) < CLOSE)
        return self._wrong(points, f"`{self.name}` is {kind_of(got)}.", *made)

    def _wrong(self, points: float | None, seen: str, *mistakes: Mistake) -> Report:
        return self.report(
            Outcome.WRONG, (FacetResult(self.title, 1.0, False),), points, seen=(seen,), mistakes=mistakes
        )


def _number(value: Any) -> float | None:
    if isinstance(value, np.ndarray) and value.size == 1:
        value = value.reshape(())[()]
    if isinstance(value, bool | np.bool_) or not isinstance(value, int | float | np.integer | np.floating):
        return None
    return float(value) if math.isfinite(value) else None
