"""Naming the mistake: the one wrong function that gives the learner's own numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from .calls import Observation, silence, trusted
from .compare import agrees
from .conduct import conduct
from .mistake import Mistake, Wrong
from .seen import Seen


def diagnose(seen: Sequence[Seen], wrongs: Iterable[Wrong]) -> tuple[Mistake, ...]:
    """The mistakes that explain every case; empty where none does.

    A wrong function explains the answer when it gives the learner's result on all cases, raises where the answer raised,
    and at least one wrong result (numbers, not an exception) is among them. Mistakes of conduct are added to it.
    """
    behaved = {b.mistake.name: b.mistake for b in map(conduct, seen) if b is not None}
    wrong_first = sorted(seen, key=lambda s: _same(s.got, s.want) or s.got.raised)
    if not wrong_first or _same(wrong_first[0].got, wrong_first[0].want) or wrong_first[0].got.raised:
        return tuple(behaved.values())
    with silence():
        found = next((wrong for wrong in wrongs if _gives(wrong.function, wrong_first)), None)
    return (*(found.mistakes if found is not None else ()), *behaved.values())


def explains(function: Callable[..., Any], seen: Iterable[Seen]) -> bool:
    """Whether one of our own functions does what was seen on every case."""
    with silence():
        return _gives(function, seen)


def _gives(function: Callable[..., Any], seen: Iterable[Seen]) -> bool:
    return all(_same(s.got, trusted(s.case.through(function), s.case.args, s.case.kwargs)) for s in seen)


def _same(got: Observation, other: Observation) -> bool:
    if got.raised or other.raised:
        return got.raised and other.raised
    return agrees(got.value, other.value)
