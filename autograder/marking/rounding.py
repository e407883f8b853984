"""How far a right result may be off: by what rounding makes of the same computation, and no further.

`agrees` is loose, because it also recognises the numbers of mistakes, in any precision. A right result is closer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .compare import agrees, as_array

# Of the largest number: far above what float64 makes of these computations, far below what any mistake does.
EXACT = 1e-9
# Another order of the same operations in float32 has other rounding errors, by as many times.
OTHER_ORDERS = 16.0
_STEP = float(np.finfo(np.float32).eps)


def right(got: Any, want: Any, rounded: Callable[[], Any]) -> bool:
    """Whether a result is right up to rounding. float32 is right, also where float64 came in: what is off there depends on
    how large the scores on the way were, so that a result in float32 is right where it agrees.

    rounded  computes what the reference makes of the same arguments in the other precision; called only where it counts
    """
    if not agrees(got, want):
        return False
    pairs = [(g, w) for g, w in zip(_numbers(got, want), _numbers(want, want), strict=True) if w.dtype.kind == "f"]
    if all(_in_float32(g) or _off(g, w) <= EXACT * _scale(w) for g, w in pairs):
        return True
    other = rounded()
    if not agrees(other, want):  # float32 does not hold what is computed here, so nothing can be told by it
        return True
    others = [o for o, w in zip(_numbers(other, want), _numbers(want, want), strict=True) if w.dtype.kind == "f"]
    return all(_in_float32(g) or _near(g, w, o) for (g, w), o in zip(pairs, others, strict=True))


def _near(got: NDArray[Any], want: NDArray[Any], other: NDArray[Any]) -> bool:
    """Whether a result in float64 is no further off than float32 on the way would bring it."""
    room = _gaps(other, want).max(axis=-1, keepdims=True, initial=0) + _STEP * _scale(want)
    return bool((_gaps(got, want) <= OTHER_ORDERS * room).all())


def _in_float32(array: NDArray[Any]) -> bool:
    with np.errstate(over="ignore"):
        return array.dtype.kind == "f" and bool((array.astype(np.float32) == array).all())


def finely(got: Any, other: Any) -> bool:
    """Whether two results agree in every digit that counts: to tell mistakes apart that change the numbers by very little."""
    return agrees(got, other) and all(
        _off(g, w) <= 1e-8 * _scale(w) for g, w in zip(_numbers(got, other), _numbers(other, other), strict=True)
    )


def in_other_precision(value: Any) -> Any:
    """Arguments with float64 and whole numbers as float32, and float32 as float64."""
    kinds = {array.dtype for array in _arrays(value)}
    dtype = np.float64 if np.dtype(np.float32) in kinds else np.float32
    return _as(value, dtype)


def off_by(got: Any, want: Any) -> float:
    """The largest difference of a result that agrees."""
    pairs = zip(_numbers(got, want), _numbers(want, want), strict=True)
    return max((_off(g, w) for g, w in pairs), default=0.0)


def _as(value: Any, dtype: Any) -> Any:
    if isinstance(value, np.ndarray):
        return value.astype(dtype) if value.dtype.kind in "fiu" else value
    if type(value) in (list, tuple):
        return type(value)(_as(item, dtype) for item in value)
    if isinstance(value, Mapping):
        return {key: _as(item, dtype) for key, item in value.items()}
    return value


def _arrays(value: Any) -> Iterator[NDArray[Any]]:
    if isinstance(value, np.ndarray):
        yield value
    elif isinstance(value, list | tuple | Mapping):
        for item in value.values() if isinstance(value, Mapping) else value:
            yield from _arrays(item)


def _numbers(value: Any, like: Any) -> Iterator[NDArray[Any]]:
    """The arrays of a result, in the order of one that it agrees with."""
    if isinstance(like, Mapping):
        for key in like:
            yield from _numbers(value[key], like[key])
    elif isinstance(like, list | tuple) and any(isinstance(item, np.ndarray | dict) for item in like):
        for item, one in zip(value, like, strict=True):
            yield from _numbers(item, one)
    elif (array := as_array(value)) is not None:
        yield array


def _gaps(got: NDArray[Any], want: NDArray[Any]) -> NDArray[Any]:
    """How far each number is off: rows (..., n), because a row whose weights are clear rounds less than one of near ties."""
    with np.errstate(invalid="ignore", over="ignore"):
        gaps = np.abs(got.astype(float) - want.astype(float))
    return np.atleast_1d(np.where(np.isfinite(want), gaps, 0))


def _off(got: NDArray[Any], want: NDArray[Any]) -> float:
    return float(_gaps(got, want).max(initial=0))


def _scale(want: NDArray[Any]) -> float:
    return float(np.abs(np.where(np.isfinite(want), want, 0)).max(initial=0)) or 1.0
