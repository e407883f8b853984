"""Reading what a caller passed: arrays of floats, masks and sizes, or an error that says what does not fit."""

import operator
from typing import Any, SupportsIndex

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .errors import ShapeError

Array = NDArray[np.floating[Any]]


def as_floats(argument: str, value: ArrayLike, *axes: str) -> Array:
    """The value as an array of floats, whose last axes are those named; more may lead.

    float32 and float64 stay what they are. Integers and booleans become float64. float16 becomes float32: its largest
    number is 65504, which ordinary scores exceed.
    """
    array = _as_array(argument, value)
    if array.dtype.kind not in "biuf":
        raise TypeError(f"{argument}: got dtype {array.dtype}, expected real numbers")
    if array.ndim < len(axes):
        raise ShapeError(argument, f"shape {array.shape}", f"shape (..., {', '.join(axes)})")
    if array.dtype.kind != "f":
        return array.astype(np.float64)
    return array.astype(np.float32) if array.dtype == np.float16 else array


def as_matrix(argument: str, value: ArrayLike, rows: int, width: str, num_heads: int = 1) -> Array:
    """The value as a weight matrix, to be multiplied on the right: so many rows, and equally many columns per head."""
    matrix = as_floats(argument, value)
    if matrix.ndim != 2 or matrix.shape[0] != rows or matrix.shape[1] % num_heads:
        columns = width if num_heads == 1 else f"{num_heads}·{width}"
        raise ShapeError(argument, f"shape {matrix.shape}", f"shape ({rows}, {columns})")
    return matrix


def as_mask(value: ArrayLike, scores_shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """The mask, seen (not copied) in the shape of the scores it belongs to."""
    mask = _as_array("mask", value)
    if mask.dtype != np.bool_:
        raise TypeError(f"mask: got dtype {mask.dtype}, expected bool, True where a query may attend")
    try:
        return np.broadcast_to(mask, scores_shape)
    except ValueError:
        expected = f"a shape that broadcasts to that of the scores, {scores_shape}"
        raise ShapeError("mask", f"shape {mask.shape}", expected) from None


def as_size(argument: str, value: SupportsIndex, least: int = 1) -> int:
    """The value as a whole number, not below the least."""
    try:
        size = operator.index(value)
    except TypeError:
        raise TypeError(f"{argument}: got {value!r}, expected a whole number") from None
    if size < least:
        raise ShapeError(argument, f"{size}", f"at least {least}")
    return size


def _as_array(argument: str, value: ArrayLike) -> NDArray[Any]:
    try:
        return np.asarray(value)
    except ValueError:
        raise ShapeError(argument, "rows of different lengths", "an array") from None
