"""Reading what a caller passed: arrays of floats, masks and sizes, or an error that says what does not fit."""

import operator
from typing import Any, SupportsIndex

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .errors import ShapeError

Array = NDArray[np.floating[Any]]


def as_floats(argument: str, value: ArrayLike, shape: str) -> Array:
    """The value as an array of floats with at least as many axes as `shape` names, such as "(..., T, d_model)".

    float32 and float64 stay what they are. Integers and booleans become float64. float16 becomes float32: its largest
    number is 65504, which ordinary scores exceed.
    """
    try:
        array = np.asarray(value)
    except ValueError:
        raise ShapeError(argument, "rows of different lengths", f"shape {shape}") from None
    if array.dtype.kind not in "biuf":
        raise TypeError(f"{argument}: got dtype {array.dtype}, expected real numbers")
    axes = shape.count(",") - shape.count("...") + 1
    if array.ndim < axes or (array.ndim > axes and "..." not in shape):
        raise ShapeError(argument, f"shape {array.shape}", f"shape {shape}")
    if array.dtype.kind != "f":
        return array.astype(np.float64)
    return array.astype(np.float32) if array.dtype == np.float16 else array


def as_weights(argument: str, value: ArrayLike, rows: int, columns: str) -> Array:
    """A weight matrix of shape (rows, columns), to be multiplied on the right."""
    shape = f"({rows}, {columns})"
    array = as_floats(argument, value, shape)
    if len(array) != rows:
        raise ShapeError(argument, f"shape {array.shape}", f"shape {shape}")
    return array


def as_mask(value: ArrayLike, scores_shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """The mask, broadcast (without a copy) to the shape of the scores it belongs to."""
    mask = np.asarray(value)
    if mask.dtype != np.bool_:
        raise TypeError(f"mask: got dtype {mask.dtype}, expected bool, True where a query may attend")
    try:
        return np.broadcast_to(mask, scores_shape)
    except ValueError:
        expected = f"a shape that broadcasts to {scores_shape}, the shape of the scores"
        raise ShapeError("mask", f"shape {mask.shape}", expected) from None


def as_size(argument: str, value: SupportsIndex, least: int = 1) -> int:
    """A whole number of at least `least`."""
    size = operator.index(value)
    if size < least:
        raise ShapeError(argument, str(size), f"a whole number of at least {least}")
    return size
