"""Results that hold the right numbers in another form: beside others, on other axes, or all multiplied by one number.

It needs no wrong function to compare with: what it says can be read off the results themselves, in every case.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import permutations
from typing import Any

import numpy as np

from .compare import agrees, as_array
from .matching import Array
from .mistake import Mistake
from .seen import Seen

BESIDE_OTHERS = Mistake(
    "result_beside_others",
    "result",
    "The right result is among the things that the function returns. It should return that result alone.",
)
IN_A_DICT = Mistake(
    "results_in_a_dict",
    "result",
    "The results are right, but they are in a dict. Return them one after another, without names.",
)
AXES_MOVED = Mistake(
    "axes_in_another_order",
    "result",
    "All the numbers are right, but the axes of the result are not in the order that the task asks for.",
)
IN_ANOTHER_SHAPE = Mistake(
    "numbers_in_another_shape",
    "result",
    "All the numbers are right and in the right order. Only the shape of the result is wrong.",
)


def nearly(seen: Sequence[Seen]) -> Mistake | None:
    """What form the right numbers have in every case; None where they are not there, or where a call raised an error."""
    if not seen or any(s.got.raised or s.want.raised for s in seen):
        return None
    results = [(s.got.value, s.want.value) for s in seen]
    forms: tuple[tuple[Mistake, Callable[[Sequence[tuple[Any, Any]]], bool]], ...] = (
        (BESIDE_OTHERS, _beside_others),
        (IN_A_DICT, lambda pairs: all(_in_a_dict(got, want) for got, want in pairs)),
        (AXES_MOVED, _moved),
        (IN_ANOTHER_SHAPE, _in_another_shape),
    )
    found = next((mistake for mistake, holds in forms if holds(results)), None)
    return found or _multiple(results)


def _beside_others(results: Sequence[tuple[Any, Any]]) -> bool:
    if any(as_array(want) is None or not isinstance(got, tuple | list | dict) for got, want in results):
        return False
    places = [list(got) if isinstance(got, dict) else range(len(got)) for got, _ in results]
    return any(all(p in where for where in places) and all(agrees(g[p], w) for g, w in results) for p in places[0])


def _in_a_dict(got: Any, want: Any) -> bool:
    return isinstance(got, dict) and isinstance(want, tuple | list) and agrees(list(got.values()), want)


def _arrays(results: Sequence[tuple[Any, Any]]) -> list[tuple[Array, Array]]:
    """The results as arrays, where all of them are arrays that hold as many numbers as they should, else nothing."""
    arrays = [(as_array(got), as_array(want)) for got, want in results]
    if any(got is None or want is None or got.size != want.size or not want.ndim for got, want in arrays):
        return []
    return [(got, want) for got, want in arrays if got is not None and want is not None]


def _moved(results: Sequence[tuple[Any, Any]]) -> bool:
    """Whether one order of the last axes, other than their own, makes every result right."""
    arrays = _arrays(results)
    if not arrays or any(got.ndim != want.ndim for got, want in arrays):
        return False
    fewest = min(got.ndim for got, _ in arrays)
    for order in list(permutations(range(-fewest, 0)))[1:] if fewest <= 4 else []:
        if all(agrees(got.transpose([*range(got.ndim - fewest), *order]), want) for got, want in arrays):
            return True
    return False


def _in_another_shape(results: Sequence[tuple[Any, Any]]) -> bool:
    arrays = _arrays(results)
    others = any(got.shape != want.shape for got, want in arrays)
    return others and all(agrees(got.reshape(want.shape), want) for got, want in arrays)


def _multiple(results: Sequence[tuple[Any, Any]]) -> Mistake | None:
    """The mistake of a result that is the same multiple of the right one everywhere: a scale, a unit or a sign."""
    pairs = [(as_array(got), as_array(want)) for got, want in results]
    ratios = []
    for got, want in pairs:
        if got is None or want is None or got.shape != want.shape or "b" in (got.dtype.kind, want.dtype.kind):
            return None
        usable = np.abs(want) > 1e-9
        if not np.isfinite(got).all() or not np.isfinite(want).all() or not np.allclose(got[~usable], 0):
            return None
        ratios.append((got[usable] / want[usable]).ravel())
    each = np.concatenate(ratios) if ratios else np.zeros(0)
    if len(each) < 3 or not np.allclose(each, each[0], rtol=1e-4, atol=0) or each[0] == 0 or abs(each[0] - 1) < 0.01:
        return None
    if np.isclose(each[0], -1):
        return Mistake("wrong_sign", "result", "Every number of the result has the wrong sign.")
    return Mistake(
        "constant_factor",
        "result",
        f"Every number of the result is {each[0]:.4g} times what it should be, in every case.",
    )
