"""Candidates for a question: its function built with one mistake each, then with two."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

from ..marking import Mistake, Wrong
from .steps import Recipe, Steps

# Two mistakes at once are looked for among the first of a list only: a diagnosis should answer within 100 ms.
PAIRED = 32

# Right steps by name, as in Steps. Some differ from each other only beside a mistake.
Style = Mapping[str, Callable[..., Any]]
PLAIN: tuple[Style, ...] = ({},)


def from_steps(
    recipe: Recipe, mistakes: Sequence[Mistake], styles: Sequence[Style] = PLAIN
) -> Callable[[], Iterator[Wrong]]:
    """A source of wrong functions for a recipe: every mistake alone, then every two that replace different steps."""

    def wrongs() -> Iterator[Wrong]:
        yield from singles(recipe, mistakes, styles)
        yield from pairs(recipe, combinations(mistakes[:PAIRED], 2), styles[0])

    return wrongs


def singles(recipe: Recipe, mistakes: Iterable[Mistake], styles: Sequence[Style] = PLAIN) -> Iterator[Wrong]:
    """Every mistake alone, in each style."""
    for mistake in mistakes:
        for style in styles:
            yield Wrong((mistake,), recipe(Steps(**{**style, **mistake.steps})))


def pairs(recipe: Recipe, two: Iterable[tuple[Mistake, Mistake]], style: Style = PLAIN[0]) -> Iterator[Wrong]:
    """Two mistakes at once, where they replace different steps."""
    for one, other in two:
        if not one.steps.keys() & other.steps.keys():
            yield Wrong((one, other), recipe(Steps(**{**style, **one.steps, **other.steps})))


def named(name: str, stage: str, says: str, *functions: Callable[..., Any]) -> tuple[Wrong, ...]:
    """One mistake that replaces no step, made concrete by one or more functions: each is a form in which it occurs."""
    mistake = Mistake(name, stage, says)
    return tuple(Wrong((mistake,), function) for function in functions)


def chained(*sources: Callable[[], Iterable[Wrong]] | Sequence[Wrong]) -> Callable[[], Iterator[Wrong]]:
    """One source of wrong functions from several, in their order."""
    return lambda: (wrong for source in sources for wrong in (source() if callable(source) else source))


def results_at(wrongs: Sequence[Wrong], right: Callable[..., Any], *args: Any) -> tuple[tuple[Any, Mistake], ...]:
    """What wrong functions give for these arguments, where that is wrong: pairs for the entry of a value question."""
    results = ((wrong.function(*args), wrong.mistakes[0]) for wrong in wrongs)
    return tuple((value, mistake) for value, mistake in results if value != right(*args))


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
