"""Which of these statements are true: a few of each kind, drawn and shuffled for each learner, marked as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from string import ascii_uppercase
from typing import Any

import numpy as np

from .compare import kind_of
from .own import OWN, not_picked, why_not_own
from .question import Question
from .report import FacetResult, Outcome, Report


@dataclass(frozen=True)
class StatementQuestion(Question):
    """A question whose answer is the letters of the true statements among those that a learner's integer draws.

    Half of an answer earns nothing, and the report does not say which letter is wrong: with six statements there are 62
    answers to try, and reading is faster.

    name           the variable with the letters: a set, list or tuple of them, or a text such as "BDE"
    true, false    the statements to draw from
    how_many       how many are drawn, of which at least two are true and two are false
    """

    id: str
    title: str
    points: float
    read: str
    name: str
    true: tuple[str, ...]
    false: tuple[str, ...]
    how_many: int = 6

    def shares(self) -> tuple[tuple[str, float], ...]:
        return (("all the true statements, and no other", 1.0),)

    def known_mistakes(self) -> tuple[()]:
        return ()

    def _drawn(self, own: int) -> dict[str, tuple[str, bool]]:
        rng = self.rng(str(int(own)))
        true = int(rng.integers(2, self.how_many - 1))
        chosen = [(self.true[i], True) for i in rng.choice(len(self.true), true, replace=False)]
        chosen += [(self.false[i], False) for i in rng.choice(len(self.false), self.how_many - true, replace=False)]
        return {letter: chosen[i] for letter, i in zip(ascii_uppercase, rng.permutation(self.how_many), strict=False)}

    def numbers(self, own: int) -> Mapping[str, str]:
        """The statements by their letters."""
        return {letter: said for letter, (said, _) in self._drawn(own).items()}

    def answer(self, own: int) -> set[str]:
        """The letters of the true statements."""
        return {letter for letter, (_, true) in self._drawn(own).items() if true}

    def mark(self, names: Mapping[str, Any], seed: str = "", points: float | None = None) -> Report:
        missing = [name for name in (OWN, self.name) if name not in names]
        if missing:
            return self.missing(points, *missing)
        own, got = names[OWN], names[self.name]
        if todo := not_picked(names):
            return self.untouched(points, todo)
        if why := why_not_own(own):
            return self._marked(False, points, f"`{OWN}` {why}.")
        if got is ... or got is None:
            return self.untouched(points)
        letters = _letters(got)
        if letters is None or not letters <= set(self.numbers(own)):
            return self._marked(
                False, points, f"`{self.name}` should hold letters of the statements; it is {kind_of(got)}."
            )
        return self._marked(letters == self.answer(own), points, "Not every statement is judged right yet.")

    def _marked(self, right: bool, points: float | None, said: str) -> Report:
        facets = (FacetResult(self.shares()[0][0], 1.0, right),)
        return self.report(Outcome.PASSED if right else Outcome.WRONG, facets, points, seen=() if right else (said,))


def _letters(value: Any) -> set[str] | None:
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if not isinstance(value, str | set | frozenset | list | tuple) or not all(isinstance(item, str) for item in value):
        return None
    return {letter for item in value for letter in item.upper() if letter not in " ,;"}
