"""Mistakes in splitting a projection into heads."""

from __future__ import annotations

import numpy as np

from ..marking import Mistake
from .steps import Array, split


def _by_reshape(x: Array, num_heads: int) -> Array:
    *leading, t, width = x.shape
    return x.reshape(*leading, num_heads, t, width // num_heads)


def _interleaved(x: Array, num_heads: int) -> Array:
    *leading, t, width = x.shape
    return np.moveaxis(x.reshape(*leading, t, width // num_heads, num_heads), -1, -3)


def _first_for_all(x: Array, num_heads: int) -> Array:
    heads = split(x, num_heads)
    return np.broadcast_to(heads[..., :1, :, :], heads.shape)


def _not_moved(x: Array, num_heads: int) -> Array:
    *leading, t, width = x.shape
    return x.reshape(*leading, t, num_heads, width // num_heads)


def _side_by_side(heads: Array) -> Array:
    return heads.reshape(*heads.shape[:-2], -1)


BY_RESHAPE = Mistake(
    "split_by_reshape",
    "split",
    "The heads are split by a reshape alone. The shape is right, but the numbers are cut in the order they lie in "
    "memory, so a head gets whole tokens of other heads; in a causal head, later tokens leak into row 0.",
    {"split": _by_reshape},
)
INTERLEAVED = Mistake(
    "split_interleaved",
    "split",
    "Head h takes every H-th column. Head h's columns are h·d_k to (h+1)·d_k, side by side.",
    {"split": _interleaved},
)
SHARED = Mistake(
    "projections_shared",
    "split",
    "All heads use the first head's projections, so they all compute the same. Each head has its own columns of w_q, "
    "w_k and w_v.",
    {"split": _first_for_all},
)
NOT_MOVED = Mistake(
    "head_axis_not_moved",
    "split",
    "The head axis stands behind the tokens: (..., T, H, d_k). Attention would then run among the heads of one token; "
    "heads come before tokens: (..., H, T, d_k).",
    {"split": _not_moved},
)

AMONG_HEADS = Mistake(
    "attention_among_heads",
    "split",
    "The head axis still stands behind the tokens, (B, T, H, d), when scores are made. So the heads of one token attend to "
    "each other, and no token ever sees another.",
    {"split": _not_moved, "concat": _side_by_side},
)

SPLIT = (BY_RESHAPE, INTERLEAVED, SHARED, NOT_MOVED)
