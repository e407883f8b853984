"""Candidates for a question: its function built with one mistake each, then with two."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

from ..marking import Mistake, Wrong
from .stages import Recipe, Stages

# Right stages by name, as in Stages. Some differ from each other only beside a mistake.
Style = Mapping[str, Callable[..., Any]]
PLAIN: tuple[Style, ...] = ({},)


def from_stages(
    recipe: Recipe, mistakes: Sequence[Mistake], styles: Sequence[Style] = PLAIN, frequent: Sequence[Mistake] = ()
) -> Callable[[], Iterator[Wrong]]:
    """A source of wrong functions for a recipe: every mistake alone, then every two that replace different stages, then
    every three of the frequent ones.
    """

    def wrongs() -> Iterator[Wrong]:
        yield from singles(recipe, mistakes, styles)
        yield from together(recipe, combinations(mistakes, 2), styles[0])
        yield from together(recipe, combinations(frequent, 3), styles[0])

    return wrongs


def singles(recipe: Recipe, mistakes: Iterable[Mistake], styles: Sequence[Style] = PLAIN) -> Iterator[Wrong]:
    """Every mistake alone, in each style."""
    for mistake in mistakes:
        for style in styles:
            yield Wrong((mistake,), recipe(Stages(**{**style, **mistake.replaces})))


def together(recipe: Recipe, combined: Iterable[tuple[Mistake, ...]], style: Style = PLAIN[0]) -> Iterator[Wrong]:
    """Several mistakes at once, where they replace different stages."""
    for several in combined:
        replaced: dict[str, Any] = dict(style)
        for mistake in several:
            replaced.update(mistake.replaces)
        if len({name for m in several for name in m.replaces}) == sum(len(m.replaces) for m in several):
            yield Wrong(several, recipe(Stages(**replaced)))


def named(name: str, stage: str, says: str, *functions: Callable[..., Any]) -> tuple[Wrong, ...]:
    """One mistake that replaces no stage, made concrete by one or more functions: each is a form in which it occurs."""
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
    """The recipe's function with given mistakes in it, once in each style; none where they replace no stage."""

    def carried(mistakes: Sequence[Mistake]) -> Sequence[Callable[..., Any]]:
        wrong: dict[str, Callable[..., Any]] = {}
        for mistake in mistakes:
            wrong.update(mistake.replaces)
        return tuple(recipe(dataclasses.replace(Stages(**style), **wrong)) for style in styles) if wrong else ()

    return carried
