"""What can go wrong in a whole layer: mistakes in its stages, and those that no single stage shows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations, product
from typing import Any

import numpy as np

from ..marking import Wrong
from . import concat, mask, mix, output, project, scale, score, several, softmax, split
from .choose import singles, together
from .stages import Array, Stages, multi_head_attention

# Looked for three by three as well, with an error in a piece of each kind.
_FREQUENT = (
    split.BY_RESHAPE,
    concat.BY_RESHAPE,
    scale.NO_SCALE,
    scale.SQRT_D_MODEL,
    softmax.NO_MAXIMUM,
    softmax.OVER_QUERIES,
    mask.NO_MASK,
    mask.INVERTED,
    output.NO_W_O,
)
# Looked for two by two as well.
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
    split.SHARED,
    concat.IN_REVERSE,
    *concat.OF_FOLDED_HEADS,
    scale.TIMES_SQRT_D_K,
    scale.SCALE_AFTER_SOFTMAX,
    scale.SQRT_T_K,
    softmax.OVER_FIRST_AXIS,
    softmax.OVER_EVERYTHING,
    softmax.NO_EXPONENTIAL,
    softmax.TWICE,
    softmax.NO_SOFTMAX,
    softmax.ONE_MAXIMUM,
    mask.AFTER_SOFTMAX_RENORMALISED,
    mask.ADDED,
    mask.ON_QUERIES,
    mask.FIRST_FOR_ALL,
    mask.ANY_IS_CAUSAL,
    mask.CAUSAL_AS_WELL,
    mix.VALUES_NOT_MIXED,
    mix.WEIGHTS_TRANSPOSED,
    output.NORMALISED_AFTER,
    output.RESIDUAL,
    *(m for m in project.PROJECT if m.name in ("w_q_for_keys", "w_k_for_values", "values_not_projected")),
)
_OF_MASKS = (
    mask.NO_MASK,
    mask.AFTER_SOFTMAX,
    mask.AFTER_SOFTMAX_RENORMALISED,
    mask.MINUS_INFINITY_IN_WEIGHTS,
    mask.TIMES_ZERO,
    mask.INVERTED,
    mask.ZERO_TIMES_INFINITY,
    mask.MINUS_ONE,
    mask.MINUS_HUNDRED,
    mask.ADDED,
    mask.ON_QUERIES,
    mask.TILED,
    mask.FIRST_FOR_ALL,
    mask.ALWAYS_CAUSAL,
    mask.FORBIDDEN_LARGEST,
    *mask.OF_GIVEN_MASKS,
)
_OF_SOFTMAX = (  # axis 1 is the heads' axis in a layer
    *(m for m in softmax.SOFTMAX if m is not softmax.OVER_AXIS_1),
    *softmax.OTHER_WAYS,
)
_OTHERS = (
    split.BY_RESHAPE,
    split.INTERLEAVED,
    split.SHARED,
    split.AMONG_HEADS,
    concat.BY_RESHAPE,
    concat.IN_REVERSE,
    concat.INTERLEAVED,
    *(m for m in concat.CONCAT_BY_ITSELF if m.name == "last_head_first"),
    *concat.OF_FOLDED_HEADS,
    *output.OUTPUT,
    output.FIRST_BLOCK,
    output.RESIDUAL,
    *scale.SCALE,
    *scale.CONSTANTS,
    *scale.SCALE_BY_HEADS,
    project.NONE_PROJECTED,
    *project.PROJECT,
    project.BATCH_FOR_TIME,
    *project.CONTEXT,
    *score.SCORE,
    *mix.MIX,
)
_EMPTY_ROWS = (mask.EMPTY_ROW_NAN, mask.EMPTY_ROW_UNIFORM)

# Mistakes of several heads, by their names in unit 3.
_SEVERAL = {mistake.name: mistake for wrong in several.SEVERAL_HEADS for mistake in wrong.mistakes}


def _x_sliced(x: Array, w_q: Array, w_k: Array, w_v: Array, w_o: Array, num_heads: int, **more: Any) -> Array:
    """Head h multiplies columns h·d_model/H to (h+1)·d_model/H of x with the same rows of its weights."""
    rows = np.arange(x.shape[-1]) // (x.shape[-1] // num_heads)
    sliced = [w * (rows[:, None] == np.arange(w.shape[1]) // (w.shape[1] // num_heads)) for w in (w_q, w_k, w_v)]
    return multi_head_attention(Stages())(x, *sliced, w_o, num_heads, **more)


def _first_for_all(*shared: int) -> Callable[..., Array]:
    """All heads use the first head's columns of these matrices: 0 is w_q, 1 w_k and 2 w_v."""

    def function(
        x: Array, w_q: Array, w_k: Array, w_v: Array, w_o: Array, num_heads: int, context: Any = None, mask: Any = None
    ) -> Array:
        weights = [
            np.tile(w[:, : w.shape[1] // num_heads], num_heads) if i in shared else w
            for i, w in enumerate((w_q, w_k, w_v))
        ]
        return multi_head_attention(Stages())(x, *weights, w_o, num_heads, context, mask)

    return function


def _integer_heads(x: Array, w_q: Array, w_k: Array, w_v: Array, w_o: Array, num_heads: int, **more: Any) -> Array:
    """The heads are written into a buffer of the input's type before W_o."""
    heads = multi_head_attention(Stages())(x, w_q, w_k, w_v, np.eye(len(w_o)), num_heads, **more)
    return (heads.astype(x.dtype) if x.dtype.kind in "iu" else heads) @ w_o


def whole_layer() -> Iterator[Wrong]:
    """Wrong layers: each mistake alone, where it matters in every right style of masking; then two at once."""
    layer = multi_head_attention
    yield from singles(layer, _OTHERS)
    yield from singles(layer, _OF_SOFTMAX, mask.MASK_STYLES)
    yield from singles(layer, (*_OF_MASKS, *mask.FINITE_FORMS), (*mask.MASK_STYLES, mask.LEFT_ALONE))
    yield from singles(layer, _EMPTY_ROWS)
    yield from output.after_the_heads(layer)
    yield Wrong((_SEVERAL["x_sliced_then_projected"],), _x_sliced)
    yield Wrong((_SEVERAL["w_q_shared"],), _first_for_all(0))
    yield Wrong((_SEVERAL["w_k_shared"],), _first_for_all(1))
    yield Wrong((_SEVERAL["w_v_shared"],), _first_for_all(2))
    yield Wrong((_SEVERAL["weights_shared"],), _first_for_all(0, 1))
    yield Wrong((mix.INPUT_DTYPE,), _integer_heads)
    yield from together(layer, product((*_OTHERS, *_OF_SOFTMAX), _EMPTY_ROWS))
    yield from together(layer, combinations(_COMMON, 2))
    yield from together(layer, combinations(_FREQUENT, 3))
