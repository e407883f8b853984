"""Puts given cells into the instructor's order, whatever order they came in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def in_order(numbers: Sequence[int], weights: Sequence[int]) -> set[int]:
    """The heaviest choice of `numbers` that ascends: what can stay where it is. The others have moved.

    numbers: different numbers, in the order in which they were found. weights: positive, one for each.
    """
    best: list[tuple[int, int]] = []  # weight of the best choice that ends here, and its last but one place
    for place, number in enumerate(numbers):
        before = max((i for i in range(place) if numbers[i] < number), key=lambda i: best[i][0], default=-1)
        best.append((weights[place] + (best[before][0] if before >= 0 else 0), before))
    chosen: set[int] = set()
    place = max(range(len(best)), key=lambda i: best[i][0], default=-1)
    while place >= 0:
        chosen.add(numbers[place])
        place = best[place][1]
    return chosen


def place(number: int, where: Mapping[int, int], locked: Mapping[int, int], end: int, *, late: bool) -> int:
    """The index at which to insert the given cell `number`, so that given cells stay in order.

    where: the index of every cell of the instructor's that is there, by its number. locked: those of given cells only,
    which ascend. end: how many cells there are. late: directly before the next cell of the instructor's rather than directly after the one before.
    """
    lowest = max((i + 1 for n, i in locked.items() if n < number), default=0)
    highest = min((i for n, i in locked.items() if n > number), default=end)
    if late:
        later = [n for n in where if n > number]
        wanted = where[min(later)] if later else None
    else:
        earlier = [n for n in where if n < number]
        wanted = where[max(earlier)] + 1 if earlier else 0
    return highest if wanted is None else min(max(wanted, lowest), highest)
