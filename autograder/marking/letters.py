"""Shapes read as letters: ``(2, 3, 5, 7)`` is ``(B, H, T_q, T_k)`` where all sizes differ."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import combinations, permutations

Axes = tuple[str, ...]


def axes_of(shape: Sequence[int], sizes: Mapping[str, int]) -> Axes:
    """A letter for every axis, a product of letters where no letter fits, and the number where nothing does or too much.

    sizes  what each letter stands for, ``{"B": 2, "T_q": 5}``
    """
    known = tuple(sizes.items())
    return tuple(_letter(size, known) for size in shape)


@lru_cache(4096)
def _letter(size: int, known: tuple[tuple[str, int], ...]) -> str:
    sizes = dict(known)
    if size == 1:
        return "1"
    for found in (
        [name for name, value in sizes.items() if value == size],
        [
            f"{a}·{b}"
            for a, b in combinations(sizes, 2)
            if sizes[a] * sizes[b] == size and 1 not in (sizes[a], sizes[b])
        ],
        [f"{a}/{b}" for a, b in permutations(sizes, 2) if b == "H" and sizes[b] > 1 and sizes[a] == size * sizes[b]],
        [f"3·{a}" for a in sizes if 3 * sizes[a] == size],
        [f"{a}·{b}·{c}" for a, b, c in combinations(sizes, 3) if sizes[a] * sizes[b] * sizes[c] == size],
    ):
        if found:
            return found[0] if len(found) == 1 else str(size)
    return str(size)


def single(axes: Iterable[str]) -> tuple[str, ...]:
    """The letters in some axes, products taken apart, sorted: what the axes hold, wherever it stands."""
    return tuple(sorted(letter for axis in axes for letter in axis.split("·") if letter != "1"))


def told(shape: Sequence[int], axes: Axes) -> str:
    """``(2, 5, 4) = (B, T_q, d_k)``; the shape alone where no axis has a letter."""
    numbers = f"({', '.join(map(str, shape))}{',' if len(shape) == 1 else ''})"
    if all(axis.isdigit() for axis in axes):
        return numbers
    return f"{numbers} = ({', '.join(axes)}{',' if len(axes) == 1 else ''})"
