"""Mistakes in splitting a projection into heads."""

from __future__ import annotations

import numpy as np

from reference_impl.plain import split_heads

from ..marking import Mistake
from .stages import Array


def _by_reshape(x: Array, num_heads: int) -> Array:
    *leading, t, width = x.shape
    return x.reshape(*leading, num_heads, t, width // num_heads)


def _interleaved(x: Array, num_heads: int) -> Array:
    *leading, t, width = x.shape
    return np.moveaxis(x.reshape(*leading, t, width // num_heads, num_heads), -1, -3)


def _first_for_all(x: Array, num_heads: int) -> Array:
    heads = split_heads(x, num_heads)
    return np.broadcast_to(heads[..., :1, :, :], heads.shape)


def _not_moved(x: Array, num_heads: int) -> Array:
    *leading, t, width = x.shape
    return x.reshape(*leading, t, num_heads, width // num_heads)


def _side_by_side(heads: Array) -> Array:
    return heads.reshape(*heads.shape[:-2], -1)


def _features_before_tokens(x: Array, num_heads: int) -> Array:
    return np.swapaxes(split_heads(x, num_heads), -1, -2)


def _tokens_shared_out(x: Array, num_heads: int) -> Array:
    *leading, t, width = x.shape
    return x.reshape(*leading, num_heads, t // num_heads, width)


def _heads_before_batch(x: Array, num_heads: int) -> Array:
    return np.moveaxis(split_heads(x, num_heads), -3, 0)


def _in_reverse(x: Array, num_heads: int) -> Array:
    return split_heads(x, num_heads)[..., ::-1, :, :]


def _not_split(x: Array, num_heads: int) -> Array:
    return np.stack([x] * num_heads, axis=-3)


BY_RESHAPE = Mistake(
    "split_by_reshape",
    "split",
    "The heads are split by a reshape alone. The shape is right, but a reshape reads the numbers in "
    "index order, row by row, so a head gets whole tokens of other heads. In a causal head, later "
    "tokens leak into row 0.",
    {"split": _by_reshape},
)
INTERLEAVED = Mistake(
    "split_interleaved",
    "split",
    "Head h takes every H-th column. Head h's columns are side by side, from h·d_k up to, but not "
    "including, (h+1)·d_k.",
    {"split": _interleaved},
)
SHARED = Mistake(
    "projections_shared",
    "split",
    "All heads use the first head's projections, so they all compute the same. Each head has its own part of w_q, w_k "
    "and w_v.",
    {"split": _first_for_all},
)
NOT_MOVED = Mistake(
    "head_axis_not_moved",
    "split",
    "The head axis comes after the tokens: (..., T, H, d_k). Attention would then run among the heads "
    "of one token. Heads come before tokens: (..., H, T, d_k).",
    {"split": _not_moved},
)

AMONG_HEADS = Mistake(
    "attention_among_heads",
    "split",
    "The head axis still comes after the tokens, (B, T, H, d), when the scores are computed. So the "
    "heads of one token attend to each other, and no token sees another.",
    {"split": _not_moved, "concat": _side_by_side},
)

# The same mistakes and others where the split is written by itself; in a whole layer these raise errors or are rare.
SPLIT_BY_ITSELF = (
    BY_RESHAPE,
    INTERLEAVED,
    NOT_MOVED,
    Mistake(
        "first_head_everywhere",
        "split",
        "Every head has the first head's columns. Each head should have columns of its own.",
        {"split": _first_for_all},
    ),
    Mistake(
        "features_before_tokens",
        "split",
        "Tokens and features are swapped within each head: (..., H, d, T). A head should keep one row per "
        "token: (..., H, T, d).",
        {"split": _features_before_tokens},
    ),
    Mistake(
        "tokens_shared_out",
        "split",
        "The tokens are divided among the heads. Every head should keep all the tokens and get some of the columns.",
        {"split": _tokens_shared_out},
    ),
    Mistake(
        "heads_before_batch",
        "split",
        "The head axis comes before all leading axes. It belongs just before the tokens: (..., H, T, d).",
        {"split": _heads_before_batch},
    ),
    Mistake(
        "split_in_reverse",
        "split",
        "The heads are in reverse order. Head 0 should have the first columns.",
        {"split": _in_reverse},
    ),
    Mistake(
        "columns_not_shared_out",
        "split",
        "Every head has all the columns. The columns should be divided among the heads, d for each.",
        {"split": _not_split},
    ),
)
