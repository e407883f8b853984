"""Mistakes with the fused matrix of a whole layer: `unfuse(c_attn, num_heads)`, (d_model, 3·d_model) to 3 times (H, d_model, d).

In their order of columns they are the ways in which other programs store their weights.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations

import numpy as np

from ..marking import Mistake, Wrong
from . import concat, mask, mix, output, scale, score, softmax
from .choose import from_stages, singles, together
from .project import PROJECT
from .stages import Array, attention_weights, fused_layer, unfuse

Three = tuple[Array, Array, Array]


def _in_order(*places: int) -> Callable[[Array, int], Three]:
    def function(c_attn: Array, num_heads: int) -> Three:
        parts = unfuse(c_attn, num_heads)
        return parts[places[0]], parts[places[1]], parts[places[2]]

    return function


def _three(array: Array) -> Three:
    first, second, third = array
    return first, second, third


def _by_heads(c_attn: Array, num_heads: int) -> Three:
    heads = c_attn.reshape(len(c_attn), num_heads, 3, -1)  # (d_model, H, 3, d)
    return _three(heads.transpose(2, 1, 0, 3))


def _every_third(c_attn: Array, num_heads: int) -> Three:
    thirds = c_attn.reshape(len(c_attn), num_heads, -1, 3)  # (d_model, H, d, 3)
    return _three(thirds.transpose(3, 1, 0, 2))


def _heads_interleaved(c_attn: Array, num_heads: int) -> Three:
    heads = c_attn.reshape(len(c_attn), 3, -1, num_heads)  # (d_model, 3, d, H)
    return _three(heads.transpose(1, 3, 0, 2))


def _by_reshape(c_attn: Array, num_heads: int) -> Three:
    return _three(c_attn.reshape(3, num_heads, len(c_attn), -1))


def _thirds_by_reshape(c_attn: Array, num_heads: int) -> Three:
    return _three(np.array([third.reshape(num_heads, len(c_attn), -1) for third in np.split(c_attn, 3, axis=1)]))


def _transposed(c_attn: Array, num_heads: int) -> Three:
    return _three(np.swapaxes(unfuse(c_attn, num_heads), -1, -2))


def _heads_not_first(c_attn: Array, num_heads: int) -> Three:
    return _three(c_attn.reshape(len(c_attn), 3, num_heads, -1).swapaxes(0, 1))


def _not_split(c_attn: Array, num_heads: int) -> Three:
    return _three(np.array(np.split(c_attn, 3, axis=1)))


def _rows(c_attn: Array, num_heads: int) -> Three:
    return _three(np.array([np.split(third, num_heads) for third in np.split(c_attn, 3, axis=1)]))


def _first_for_all(c_attn: Array, num_heads: int) -> Three:
    return _three(np.array([np.stack([w[0]] * num_heads) for w in unfuse(c_attn, num_heads)]))


def _in_reverse(c_attn: Array, num_heads: int) -> Three:
    return _three(np.array([w[::-1] for w in unfuse(c_attn, num_heads)]))


def _unfuse(name: str, says: str, wrong: Callable[[Array, int], Three]) -> Mistake:
    return Mistake(name, "unfuse", says, {"unfuse": wrong})


_ORDER = (
    "thirds_in_another_order",
    "The three thirds of the fused matrix are in the wrong order. The first d_model columns belong to "
    "the queries, the next to the keys, the last to the values.",
)
UNFUSE = (
    *(_unfuse(*_ORDER, _in_order(*order)) for order in ((0, 2, 1), (1, 0, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0))),
    _unfuse(
        "thirds_within_heads",
        "The columns are read head by head: query, key and value of head 0, then those of head 1. Some "
        "programs store them like that, but here all queries come first, then all keys, then all values.",
        _by_heads,
    ),
    _unfuse(
        "every_third_column",
        "Each of the three matrices takes every third column. The d_model columns of the queries should "
        "stay side by side.",
        _every_third,
    ),
    _unfuse(
        "heads_take_every_hth_column",
        "Within a third, each head takes every H-th column. Head h's columns are side by side, from h·d up "
        "to, but not including, (h+1)·d.",
        _heads_interleaved,
    ),
    _unfuse(
        "fused_matrix_reshaped",
        "The fused matrix is reshaped in one step. The shapes are right, but a reshape fills row after "
        "row, so the columns of one head are mixed with those of another. Keep the axis of d_model while "
        "you cut the columns.",
        _by_reshape,
    ),
    _unfuse(
        "thirds_reshaped",
        "Each third is reshaped to (H, d_model, d) in one step. The shape is right, but a reshape fills "
        "row after row, so the columns of one head are mixed with those of another.",
        _thirds_by_reshape,
    ),
    _unfuse(
        "matrices_of_heads_transposed",
        "Each head's matrix is transposed: (H, d, d_model). Weights multiply on the right, so a matrix has d_model rows.",
        _transposed,
    ),
    _unfuse(
        "heads_behind_rows",
        "The axis of the heads comes after the rows: (d_model, H, d). Each head should have a matrix of "
        "its own, so the axis of the heads comes first.",
        _heads_not_first,
    ),
    _unfuse(
        "thirds_not_split",
        "The three thirds are there, but each still holds all heads. Cut each third into H blocks of columns.",
        _not_split,
    ),
    _unfuse(
        "rows_shared_out",
        "The rows are divided among the heads. But every head reads all d_model numbers of a token, so it "
        "keeps all rows and gets a block of the columns.",
        _rows,
    ),
    _unfuse(
        "first_head_for_all",
        "Every head has the matrices of head 0. Each head has its own block of columns.",
        _first_for_all,
    ),
    _unfuse(
        "heads_in_reverse",
        "The heads are in reverse order. Head 0 has the first columns of each third.",
        _in_reverse,
    ),
)

# The mask is made from T alone: it has no axis of the batch that could go wrong, and no row without a key.
_OF_GIVEN_MASKS = (
    mask.ON_QUERIES,
    mask.TILED,
    mask.FIRST_FOR_ALL,
    mask.BROADCAST_AS_IT_IS,
    mask.EMPTY_ROW_NAN,
    mask.EMPTY_ROW_UNIFORM,
)
# Queries and values are equally wide, and so are a layer's heads together and its tokens.
_OTHER_NAMES = (scale.SQRT_D_V, scale.SQRT_ALL_HEADS, scale.SQRT_T_K, scale.SQRT_D_MODEL_PER_HEAD)
_OF_QUERIES_AND_KEYS = tuple(m for m in PROJECT if m.name in ("w_q_for_keys", "w_k_for_queries", "w_q_and_w_k_swapped"))
_OF_WEIGHTS = (
    *(m for m in (*scale.SCALE, *scale.SCALE_BY_HEADS) if m not in _OTHER_NAMES),
    *scale.HALVES_FOR_ROOTS,
    *(m for m in mask.MASK if m not in _OF_GIVEN_MASKS),
    *(m for m in softmax.SOFTMAX if m is not softmax.OVER_AXIS_1),  # which is the heads' axis here
    *score.SCORE,
)
_OF_VALUES = tuple(m for m in PROJECT if m not in _OF_QUERIES_AND_KEYS)
_AFTER_WEIGHTS = (
    *mix.MIXED,
    concat.BY_RESHAPE,
    concat.IN_REVERSE,
    concat.INTERLEAVED,
    *output.OUTPUT,
    output.RESIDUAL,
)
# Where the matrices have other shapes, what uses them raises an error.
_USED = tuple(m for m in UNFUSE if m.name not in ("heads_behind_rows", "rows_shared_out", "thirds_not_split"))


def unfused() -> Iterator[Wrong]:
    """For `unfuse(c_attn, num_heads)`."""
    for mistake in UNFUSE:
        yield Wrong((mistake,), mistake.replaces["unfuse"])


def weights_of_heads() -> Iterator[Wrong]:
    """For `attention_weights(x, c_attn, num_heads)`."""
    yield from from_stages(attention_weights, (*_OF_QUERIES_AND_KEYS, *_OF_WEIGHTS, *_USED), mask.CAUSAL_STYLES)()


def fused_layers() -> Iterator[Wrong]:
    """For `fused_layer(x, c_attn, w_o, num_heads)`."""
    yield from singles(fused_layer, _AFTER_WEIGHTS)
    yield from singles(fused_layer, (*_OF_QUERIES_AND_KEYS, *_OF_VALUES, *_OF_WEIGHTS, *_USED), mask.CAUSAL_STYLES)
    yield from together(fused_layer, combinations((*_AFTER_WEIGHTS, *_USED), 2))
