"""Naming the mistake: the one wrong function that gives the learner's own numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from .calls import Observation, silence
from .compare import agrees, as_array
from .conduct import conduct
from .mistake import Mistake, Wrong
from .nearly import nearly
from .rounding import finely
from .seen import Seen

Same = Callable[[Observation, Observation], bool]


def diagnose(seen: Sequence[Seen], wrongs: Iterable[Wrong]) -> tuple[Mistake, ...]:
    """The mistakes that explain every case; empty where none does.

    A wrong function explains the answer when it gives the learner's result on all cases, raises where the answer raised,
    and at least one wrong result (numbers, not an exception) is among them. Several mistakes at once explain nothing
    where every result is the same number throughout, such as 0, because anything may have made it. Where nothing
    explains the answer, the right numbers may still be there in another form. Mistakes of conduct are added.
    """
    behaved = {b.mistake.name: b.mistake for b in map(conduct, seen) if b is not None}
    wrong_first = sorted(seen, key=lambda s: s.agrees or s.got.raised)
    if not wrong_first or wrong_first[0].agrees or wrong_first[0].got.raised:
        return tuple(behaved.values())
    several = not _one_number(seen)
    same = same_result if any(not same_result(s.got, s.want) for s in seen) else finely_same
    with silence():
        found = _found(wrong_first, (w for w in wrongs if several or len(w.mistakes) == 1), same)
        if not found and (form := nearly(seen)) is not None:
            found = (form,)
    return (*found, *behaved.values())


def _found(seen: Sequence[Seen], wrongs: Iterable[Wrong], same: Same) -> tuple[Mistake, ...]:
    """The first single mistake that explains the answer; else what is common to all combinations of its size that do.

    Two mistakes that are the same function here count as one: either name is right.
    """
    alone: dict[str, Wrong] = {}
    fit: list[tuple[Mistake, ...]] = []
    for wrong in wrongs:
        if len(wrong.mistakes) == 1:
            alone.setdefault(wrong.mistakes[0].name, wrong)
        if fit and len(wrong.mistakes) != len(fit[0]):
            continue
        if _gives(wrong.function, seen, same):
            if len(wrong.mistakes) == 1:
                return wrong.mistakes
            fit.append(wrong.mistakes)
    if not fit:
        return ()
    return tuple(m for m in fit[0] if all(any(_alike(m, n, alone, seen) for n in other) for other in fit[1:]))


def _alike(one: Mistake, other: Mistake, alone: Mapping[str, Wrong], seen: Sequence[Seen]) -> bool:
    """Whether two mistakes give the same results on what was seen."""
    if one.name == other.name:
        return True
    if one.name not in alone or other.name not in alone:
        return False
    functions = [alone[mistake.name].function for mistake in (one, other)]
    made = [[s.case.of(f) for s in seen] for f in functions]
    return all(same_result(a, b) for a, b in zip(*made, strict=True))


def _one_number(seen: Sequence[Seen]) -> bool:
    """Whether all results, in all their places, are one and the same number (or NaN)."""
    arrays = [as_array(s.got.value) for s in seen if not s.got.raised]
    numbers = [array.astype(float).ravel() for array in arrays if array is not None]
    return len(numbers) == len(arrays) and len(np.unique(np.concatenate(numbers))) == 1


def explains(function: Callable[..., Any], seen: Iterable[Seen]) -> bool:
    """Whether one of our own functions does what was seen on every case."""
    with silence():
        return _gives(function, seen, same_result)


def _gives(function: Callable[..., Any], seen: Iterable[Seen], same: Same) -> bool:
    return all(same(s.got, s.case.of(function)) for s in seen)


def same_result(got: Observation, other: Observation) -> bool:
    """Whether two calls came to the same: both raised, or their results agree."""
    if got.raised or other.raised:
        return got.raised and other.raised
    return agrees(got.value, other.value)


def finely_same(got: Observation, other: Observation) -> bool:
    """The same for results that are nearly right, which tell mistakes apart in their last digits."""
    return same_result(got, other) and (got.raised or finely(got.value, other.value))
