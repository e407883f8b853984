"""Which stage an array that is none should probably be: by its numbers, its name and its axes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from .compare import agrees
from .known import Known
from .letters import Axes, axes_of, single
from .matching import Array
from .noted import Noted
from .unlike import proportional, same_numbers

_CALLED = re.compile(r"(q|k|v|query|queries|keys?|values?)(_?heads?|_?all)?$")
_OF_TOKENS = ("q", "k", "v", "split heads of q", "split heads of k", "split heads of v")


class Guess(NamedTuple):
    """The stage an array should be, the stage at which it goes wrong, which may be an earlier one, and its axes."""

    stage: str
    first: str
    axes: Axes


def guesses(note: Noted, known: Known, before: Sequence[int], shown: set[str]) -> Iterator[Guess]:
    """What an array should be, the likeliest first; nothing where nothing is known.

    before  the places in the order of the stages that the arrays before this one have reached
    shown   the stages that have appeared, whole and right
    """
    found = known.wrong.find(note.array, but=shown)
    if found is not None:
        at = found.made.at
        yield Guess(found.made.stage, found.made.stage if at in shown or not at else at, found.axes)
    axes = axes_of(note.array.shape, known.sizes)
    if found is None and note.kind == "result" and known.last:
        yield Guess(known.last, known.last, axes)
    letters = single(axes)
    constant = note.array.dtype.kind == "b" or np.ptp(note.array.astype(float)) == 0
    if note.kind == "result" or not {"T", "T+1", "T_q", "T_k"} & set(letters) or (constant and note.kind != "name"):
        return
    reached = max(before, default=-1)
    stages = [_by_name(note, known, reached)]
    if found is None and not constant:
        stages.append(_ahead(note, known, reached, letters, shown))
    stages.append(_replaced(letters, known, reached))
    for stage in dict.fromkeys(stages):
        if stage:
            yield Guess(stage, stage, axes)


def _ahead(note: Noted, known: Known, reached: int, letters: Axes, shown: set[str]) -> str:
    """The stage that holds the same axes and is not made yet."""
    axes, order = axes_of(note.array.shape, known.sizes), known.order
    stages = [made for made in known.stages if made.stage]
    fit = [made for made in stages if made.stage not in shown and letters in _holds(made.axes)]
    late = order.get("mixed values", 0) > reached
    ahead = [m for m in fit if order[m.stage] > reached or (late and m.stage in known.anatomy.values)]
    moved = [
        made.stage for made in stages if made.array.size == note.array.size and same_numbers(note.array, made.array)
    ]
    if moved and letters == single(next(made.axes for made in stages if made.stage == moved[-1])):
        return moved[-1]
    if not ahead:
        return ""
    named = [made.stage for made in ahead]
    if "weights" in named and shares(note.array):
        return "weights"
    if "scaled scores" in named and any(
        made.stage == "scores" and proportional(note.array, made.array) for made in stages
    ):
        return "scaled scores"
    return next((made.stage for made in ahead if sorted(made.axes) == sorted(axes)), named[0])


def _by_name(note: Noted, known: Known, reached: int) -> str:
    """Queries, keys or values, as the array's name says, before there are scores."""
    initial = note.name.lower()[:1] if note.kind == "name" else ""
    if initial not in ("q", "k", "v") or reached >= known.order["scores"]:
        return ""
    axes = axes_of(note.array.shape, known.sizes)
    tokens = f"cache with {initial}" if {"T", "T+1"} & set(axes) else initial
    wanted = (f"split heads of {initial}" if "H" in axes else tokens, initial)
    made = {one.stage for one in known.stages}
    return next((stage for stage in wanted if stage in made), "")


def contradicts(note: Noted, stage: str) -> bool:
    """Whether an array is called queries, keys or values and holds others of these."""
    called = _CALLED.match(re.split(r"[.\[]", note.name.lower())[0]) if note.kind in ("name", "part") else None
    return called is not None and stage in _OF_TOKENS and stage[-1] != called[0][0]


def _replaced(letters: Axes, known: Known, reached: int) -> str:
    """The stage that an array replaces, though it was right before: by its axes, the latest that was reached."""
    fit = [made.stage for made in known.stages if made.stage and letters in _holds(made.axes)]
    stage = next((stage for stage in reversed(fit) if known.order[stage] <= reached), "")
    return stage if stage and (known.order[stage] == reached or reached < known.order["scores"]) else ""


def _holds(axes: Axes) -> tuple[Axes, ...]:
    """The letters of a stage, and of what a loop over its heads or sequences has of it."""
    return tuple(single(a for a in axes if a not in without) for without in ((), ("H",), ("B",), ("B", "H")))


def mixed_by(note: Noted, notes: Sequence[Noted], known: Known) -> Noted | None:
    """What took the place of the weights: times the values it gives this array."""
    values = [made.array for made in known.stages if made.stage in known.anatomy.values]
    for other in notes:
        for v in values:
            if other.array.ndim >= 2 and v.ndim >= 2 and other.array.shape[-1] == v.shape[-2]:
                try:
                    product = other.array @ v
                except ValueError:
                    continue
                if agrees(product, note.array):
                    return other
    return None


def shares(array: Array) -> bool:
    """Whether numbers look like weights: none negative, and summing to 1 along some axis or in all."""
    with np.errstate(all="ignore"):
        numbers = array.astype(float)
        if np.isnan(numbers).any() or (numbers < 0).any():
            return False
        sums = [numbers.sum(axis=axis) for axis in range(numbers.ndim)]
        return any(np.allclose(total, 1, atol=1e-3) for total in [*sums, numbers.sum()])
