"""What can go wrong in a whole layer: the mistakes of its steps, commonest first, and those that no single step shows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from ..marking import Mistake, Wrong
from . import concat, mask, mix, output, project, scale, score, softmax, split
from .choose import from_steps
from .steps import Array, Steps, multi_head_attention

# The first of these are also looked for two by two.
_COMMON = (
    split.BY_RESHAPE,
    concat.BY_RESHAPE,
    scale.NO_SCALE,
    scale.SQRT_D_MODEL,
    scale.BY_D_K,
    scale.SQRT_D_MODEL_PER_HEAD,
    scale.SQRT_ALL_HEADS,
    softmax.NO_MAXIMUM,
    softmax.OVER_QUERIES,
    softmax.OVER_HEADS,
    softmax.NO_KEEPDIMS,
    mask.NO_MASK,
    mask.AFTER_SOFTMAX,
    mask.TIMES_ZERO,
    mask.INVERTED,
    output.NO_W_O,
    output.W_O_TRANSPOSED,
    *project.CONTEXT,
    split.INTERLEAVED,
    concat.INTERLEAVED,
    mix.INPUT_DTYPE,
)
_ALL = (
    *_COMMON,
    split.SHARED,
    split.AMONG_HEADS,
    concat.IN_REVERSE,
    output.W_O_TWICE,
    output.RESIDUAL,
    *scale.SCALE,
    *scale.SCALE_BY_HEADS,
    mask.ZERO_TIMES_INFINITY,
    mask.MINUS_ONE,
    mask.ADDED,
    mask.ON_QUERIES,
    mask.TILED,
    mask.FIRST_FOR_ALL,
    *(m for m in softmax.SOFTMAX if m is not softmax.OVER_AXIS_1),  # axis 1 is the heads' here: OVER_HEADS says so
    project.NONE_PROJECTED,
    *project.PROJECT,
    *score.SCORE,
    *mix.MIX,
)
LAYER = tuple({m.name: m for m in _ALL}.values())
LAYER_ALONGSIDE = (mask.EMPTY_ROW_NAN, mask.EMPTY_ROW_UNIFORM)

X_SLICED = Mistake(
    "x_sliced",
    "project",
    "Each head sees only its own slice of x. A head projects all of d_model: every row of the weights plays a part.",
)


def _x_sliced(x: Array, w_q: Array, w_k: Array, w_v: Array, w_o: Array, num_heads: int, **more: Any) -> Array:
    """Head h multiplies columns h·d_model/H to (h+1)·d_model/H of x with the same rows of its weights."""
    rows = np.arange(x.shape[-1]) // (x.shape[-1] // num_heads)
    sliced = [w * (rows[:, None] == np.arange(w.shape[1]) // (w.shape[1] // num_heads)) for w in (w_q, w_k, w_v)]
    return multi_head_attention(Steps())(x, *sliced, w_o, num_heads, **more)


def _integer_heads(x: Array, w_q: Array, w_k: Array, w_v: Array, w_o: Array, num_heads: int, **more: Any) -> Array:
    """The heads are written into a buffer of the input's type before W_o."""
    heads = multi_head_attention(Steps())(x, w_q, w_k, w_v, np.eye(len(w_o)), num_heads, **more)
    return (heads.astype(x.dtype) if x.dtype.kind in "iu" else heads) @ w_o


def whole_layer() -> Iterator[Wrong]:
    """Wrong layers: every mistake of a step, in every right style of masking; then two at once; then whole ones."""
    yield from from_steps(multi_head_attention, LAYER, mask.MASK_STYLES, LAYER_ALONGSIDE)()
    yield Wrong((X_SLICED,), _x_sliced)
    yield Wrong((mix.INPUT_DTYPE,), _integer_heads)
