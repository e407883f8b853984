"""Drawing from a seed, the same in Python and in the browser: web/draw.js holds the same three functions.

The stream is mulberry32 started at the FNV-1a hash of "seed:name", so each question has its own, whatever came before.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")

_WORD = 0xFFFFFFFF


def stream(seed: int, name: str) -> Iterator[float]:
    """Endless numbers in [0, 1) for a seed and a name."""
    state = 0x811C9DC5
    for byte in f"{seed}:{name}".encode():
        state = ((state ^ byte) * 0x01000193) & _WORD
    while True:
        state = (state + 0x6D2B79F5) & _WORD
        mixed = ((state ^ (state >> 15)) * (state | 1)) & _WORD
        mixed ^= (mixed + ((mixed ^ (mixed >> 7)) * (mixed | 61))) & _WORD
        yield (mixed ^ (mixed >> 14)) / 2**32


def variant_of(seed: int, question_id: str, count: int) -> int:
    """Which of a question's `count` variants a seed shows."""
    return int(next(stream(seed, f"{question_id}/variant")) * count)


def shuffled(items: Sequence[T], seed: int, name: str) -> list[T]:
    """The items in an order that depends only on the seed and the name."""
    numbers = stream(seed, name)
    mixed = list(items)
    for last in range(len(mixed) - 1, 0, -1):
        other = int(next(numbers) * (last + 1))
        mixed[last], mixed[other] = mixed[other], mixed[last]
    return mixed
