"""Which stage of the right computation an array is: up to the order of its axes, one head or sequence, folded heads."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations, permutations, product
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .letters import Axes
from .mistake import Mistake

Array = NDArray[Any]
ROUNDS = 6  # how many of the rounds of a loop are looked at
HIDDEN = -1e3  # a score below this, beside ordinary ones, is one that a mask has put down


@dataclass(frozen=True)
class Made:
    """What a stage makes on one case.

    stage    the stage's name; "" for what is right on the way and no stage
    array    its numbers
    axes     a letter for each axis
    mistake  the mistake behind it; None where it is right
    at       the stage where that mistake first shows
    """

    stage: str
    array: Array
    axes: Axes
    mistake: Mistake | None = None
    at: str = ""


@dataclass(frozen=True)
class Match:
    """An array is what a stage makes, with these axes: the whole of it, or one head's part, say.

    moved  its axes stand in another order
    """

    made: Made
    axes: Axes
    whole: bool
    moved: bool


class Matcher:
    """Finds arrays among what the stages of one case make; what comes first in `made` is found first."""

    def __init__(self, made: Iterable[Made]) -> None:
        self.by_size: dict[int, list[tuple[float, Array, Axes, Made]]] = defaultdict(list)
        for one in made:
            for array, axes in _selections(one):
                plain, kept = _without_ones(_comparable(array), axes)
                self.by_size[plain.size].append((_weight(plain), plain, kept, one))

    def find(self, array: Array, but: Container[str] = ()) -> Match | None:
        """The first stage that this array is, none of `but`, with its own axes before folded ones; None where it is none."""
        given = _comparable(array)
        plain = given.reshape([n for n in given.shape if n != 1])
        weight = _weight(plain)
        folded = None
        for other, known, axes, made in self.by_size.get(plain.size, ()):
            if made.stage not in but and _alike(other, weight):
                found = _arranged(plain, known, axes)
                if found is not None:
                    order, moved = found
                    match = Match(made, _with_ones(order, array.shape), known.size == made.array.size, moved)
                    if len(order) == known.ndim:
                        return match
                    folded = folded or match
        return folded


def _alike(other: float, weight: float) -> bool:
    return abs(other - weight) <= 1e-4 * (1 + abs(other)) or (np.isnan(other) and np.isnan(weight))


def _comparable(array: Array) -> Array:
    """Numbers as float64, with what a mask has put down as minus infinity, whatever number does it."""
    numbers = array.astype(float)
    with np.errstate(invalid="ignore"):
        return np.where(numbers < HIDDEN, -np.inf, numbers)


def _weight(array: Array) -> float:
    """A number that does not depend on the order of the entries."""
    if np.isnan(array).any():
        return float("nan")
    finite = array[np.isfinite(array)]
    return float(np.abs(finite).sum() + finite.size)


def _selections(made: Made) -> Iterator[tuple[Array, Axes]]:
    """The whole array, and what a loop over heads, sequences or queries has of it."""
    yield made.array, made.axes
    wanted = [letter for letter in ("B", "H", "T_q", "T") if letter in made.axes]
    most = ROUNDS
    if made.mistake is not None:  # of a wrong array the first head or sequence is enough
        wanted, most = [letter for letter in wanted if letter in ("B", "H")], 1
    for many in range(1, len(wanted) + 1):
        for chosen in combinations(wanted, many):
            places = [made.axes.index(letter) for letter in chosen]
            axes = tuple(a for i, a in enumerate(made.axes) if i not in places)
            if not axes:
                continue
            for index in product(*(range(min(made.array.shape[p], most)) for p in places)):
                where: list[Any] = [slice(None)] * made.array.ndim
                for place, i in zip(places, index, strict=True):
                    where[place] = i
                yield made.array[tuple(where)], axes


def _without_ones(array: Array, axes: Axes) -> tuple[Array, Axes]:
    kept = [i for i, n in enumerate(array.shape) if n != 1]
    return array.reshape([array.shape[i] for i in kept]), tuple(axes[i] for i in kept)


def _with_ones(axes: Axes, shape: tuple[int, ...]) -> Axes:
    letters = iter(axes)
    return tuple("1" if n == 1 else next(letters) for n in shape)


def _arranged(given: Array, known: Array, axes: Axes) -> tuple[Axes, bool] | None:
    """How the known array's axes stand in the given one, and whether in another order; None where the numbers are others."""
    for order in permutations(range(known.ndim)):
        merged = _merged([known.shape[i] for i in order], [axes[i] for i in order], given.shape)
        if merged is not None and _equal(given, known.transpose(order).reshape(given.shape)):
            return merged, list(order) != sorted(order)
    return None


def _merged(sizes: list[int], letters: list[str], shape: tuple[int, ...]) -> Axes | None:
    """The axes of a shape into which neighbours are folded: heads into the batch, or into the features behind them."""
    found, i = [], 0
    for want in shape:
        start = i
        i += 1
        while i < len(sizes) and prod(sizes[start:i]) < want:
            i += 1
        part = letters[start:i]
        if not part or prod(sizes[start:i]) != want or (len(part) > 1 and not _may_fold(part)):
            return None
        found.append(part[1].removesuffix("/H") if len(part) == 2 and part[1].endswith("/H") else "·".join(part))
    return tuple(found) if i == len(sizes) else None


def _may_fold(part: list[str]) -> bool:
    return len(part) == 2 and (set(part) == {"B", "H"} or (part[0] == "H" and part[1].startswith("d")))


def _equal(given: Array, known: Array) -> bool:
    with np.errstate(invalid="ignore"):
        near = np.abs(given - known) <= 1e-6 + 1e-4 * np.abs(known)
    return bool((near | (given == known) | (np.isnan(given) & np.isnan(known))).all())
