"""Mistakes in mixing the values, and in the result's type."""

from __future__ import annotations

import numpy as np

from ..marking import Mistake
from .stages import Array, transposed


def _weights_transposed(weights: Array, v: Array) -> Array:
    return transposed(weights) @ v


def _values_not_mixed(weights: Array, v: Array) -> Array:
    return v


def _mean(weights: Array, v: Array) -> Array:
    return np.broadcast_to(v.mean(axis=-2, keepdims=True), (*weights.shape[:-1], v.shape[-1]))


def _best(weights: Array, v: Array) -> Array:
    return np.take_along_axis(v, weights.argmax(axis=-1)[..., None], axis=-2)


def _input_dtype(result: Array, x: Array) -> Array:
    return result.astype(x.dtype) if x.dtype.kind in "iu" else result


WEIGHTS_TRANSPOSED = Mistake(
    "weights_transposed_in_mix",
    "mix",
    "The weights are transposed before they are multiplied by the values. So token j collects values "
    "by how much others look at it, instead of how much it looks at them.",
    {"mix": _weights_transposed},
)
VALUES_NOT_MIXED = Mistake(
    "values_not_mixed",
    "mix",
    "The values are returned as they are. The weights have no effect.",
    {"mix": _values_not_mixed},
)
VALUES_AVERAGED = Mistake(
    "values_averaged",
    "mix",
    "Every token gets the plain average of all values. The weights have no effect.",
    {"mix": _mean},
)
BEST_VALUE_ONLY = Mistake(
    "best_value_only",
    "mix",
    "Each token takes only the value of the key with the largest weight. The output should be a "
    "weighted sum of all values.",
    {"mix": _best},
)
INPUT_DTYPE = Mistake(
    "integer_result",
    "mix",
    "The result has the integer type of the input, so everything after the decimal point is lost. An "
    "array made with `zeros_like` or `empty_like` has the dtype of the array it is made from.",
    {"finish": _input_dtype},
)

MIXED = (WEIGHTS_TRANSPOSED, VALUES_NOT_MIXED, VALUES_AVERAGED, BEST_VALUE_ONLY)
MIX = (*MIXED, INPUT_DTYPE)
