"""Candidates for a question: its function built with one mistake each, then with two."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

from ..marking import Mistake, Wrong
from .steps import Recipe, Steps

# Two mistakes at once are looked for among the first of a list only: a diagnosis should answer within 100 ms.
PAIRED = 32

# Right steps by name, as in Steps.
Style = Mapping[str, Callable[..., Any]]
PLAIN: tuple[Style, ...] = ({},)


def from_steps(
    recipe: Recipe, mistakes: Sequence[Mistake], styles: Sequence[Style] = PLAIN, alongside: Sequence[Mistake] = ()
) -> Callable[[], Iterator[Wrong]]:
    """A source of wrong functions for a recipe: every mistake alone, then every two that replace different steps.

    styles     right steps in other styles, whose numbers differ only beside a mistake: each mistake is tried in each
    alongside  mistakes that any other may come with; of the rest only the first PAIRED are tried two by two
    """

    def pairs() -> Iterator[tuple[Mistake, Mistake]]:
        yield from ((one, other) for other in alongside for one in mistakes)
        yield from combinations(mistakes[:PAIRED], 2)

    def wrongs() -> Iterator[Wrong]:
        for mistake in (*mistakes, *alongside):
            for style in styles:
                yield Wrong((mistake,), recipe(Steps(**{**style, **mistake.steps})))
        for one, other in pairs():
            if not one.steps.keys() & other.steps.keys():
                yield Wrong((one, other), recipe(Steps(**{**styles[0], **one.steps, **other.steps})))

    return wrongs


def named(name: str, stage: str, says: str, *functions: Callable[..., Any]) -> tuple[Wrong, ...]:
    """One mistake that replaces no step, made concrete by one or more functions: each is a form in which it occurs."""
    mistake = Mistake(name, stage, says)
    return tuple(Wrong((mistake,), function) for function in functions)


def carrying(
    recipe: Recipe, styles: Sequence[Style] = PLAIN
) -> Callable[[Sequence[Mistake]], Sequence[Callable[..., Any]]]:
    """The recipe's function with given mistakes in it, once in each style; none where they touch no step."""

    def carried(mistakes: Sequence[Mistake]) -> Sequence[Callable[..., Any]]:
        wrong: dict[str, Callable[..., Any]] = {}
        for mistake in mistakes:
            wrong.update(mistake.steps)
        return tuple(recipe(dataclasses.replace(Steps(**style), **wrong)) for style in styles) if wrong else ()

    return carried
