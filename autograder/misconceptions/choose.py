"""Candidates for a question: its function built with one mistake each, then with two."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import combinations
from typing import Any

from ..marking import Mistake, Wrong
from .steps import Recipe, Steps

# Two mistakes at once are looked for among the first of a list only: a diagnosis should answer within 100 ms.
PAIRED = 32


def from_steps(recipe: Recipe, mistakes: Sequence[Mistake]) -> Callable[[], Iterator[Wrong]]:
    """A source of wrong functions for a recipe: every mistake alone, then every two that replace different steps."""

    def wrongs() -> Iterator[Wrong]:
        for mistake in mistakes:
            yield Wrong((mistake,), recipe(Steps(**mistake.steps)))
        for one, other in combinations(mistakes[:PAIRED], 2):
            if not one.steps.keys() & other.steps.keys():
                yield Wrong((one, other), recipe(Steps(**one.steps, **other.steps)))

    return wrongs


def named(name: str, stage: str, says: str, *functions: Callable[..., Any]) -> tuple[Wrong, ...]:
    """One mistake that replaces no step, made concrete by one or more functions: each is a form in which it occurs."""
    mistake = Mistake(name, stage, says)
    return tuple(Wrong((mistake,), function) for function in functions)


def results_at(wrongs: Sequence[Wrong], *args: Any) -> tuple[tuple[Callable[[], Any], Mistake], ...]:
    """What wrong functions give for these arguments: pairs for the entry of a value question."""
    return tuple((partial(wrong.function, *args), wrong.mistakes[0]) for wrong in wrongs)


def carrying(recipe: Recipe) -> Callable[[Sequence[Mistake]], Callable[..., Any] | None]:
    """The recipe's function with given mistakes in it; None where none of them touches a step."""

    def carried(mistakes: Sequence[Mistake]) -> Callable[..., Any] | None:
        steps = Steps()
        for mistake in mistakes:
            steps = dataclasses.replace(steps, **mistake.steps)
        return None if steps == Steps() else recipe(steps)

    return carried
