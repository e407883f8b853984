"""Mistakes in bringing the heads together."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from reference_impl.plain import concat_heads

from ..marking import Mistake
from .stages import Array


def _by_reshape(heads: Array) -> Array:
    *leading, h, t, d = heads.shape
    return heads.reshape(*leading, t, h * d)


def _in_reverse(heads: Array) -> Array:
    return concat_heads(heads[..., ::-1, :, :])


def _interleaved(heads: Array) -> Array:
    moved = np.moveaxis(heads, -3, -1)
    return moved.reshape(*moved.shape[:-2], -1)


def _on_tokens(heads: Array) -> Array:
    *leading, h, t, d = heads.shape
    return heads.reshape(*leading, h * t, d)


def _on_batch(heads: Array) -> Array:
    return np.concatenate(list(np.moveaxis(heads, -3, 0)), axis=0)


def _sum(heads: Array) -> Array:
    return np.asarray(heads.sum(axis=-3))


def _mean(heads: Array) -> Array:
    return np.asarray(heads.mean(axis=-3))


def _first(heads: Array) -> Array:
    return heads[..., 0, :, :]


def _first_axis_for_heads(heads: Array) -> Array:
    return np.concatenate(list(heads), axis=-1)


def _last_first(heads: Array) -> Array:
    return concat_heads(np.roll(heads, 1, axis=-3))


def _head_axis_kept(heads: Array) -> Array:
    return np.moveaxis(heads, -3, -2)


def _as_it_is(heads: Array) -> Array:
    return heads


def _concat(name: str, says: str, wrong: Callable[[Array], Array]) -> Mistake:
    return Mistake(name, "concat", says, {"concat": wrong})


BY_RESHAPE = _concat(
    "concat_by_reshape",
    "The heads are merged by a reshape alone. The shape is right, but a token's row then holds several "
    "tokens of one head. Before the reshape, the head axis must be next to the features.",
    _by_reshape,
)
IN_REVERSE = _concat(
    "heads_in_reverse", "The heads are in reverse order: the last head's columns come first.", _in_reverse
)
INTERLEAVED = _concat(
    "concat_interleaved",
    "The heads' columns are interleaved: first column 0 of every head, then column 1. Each head's "
    "columns should stay side by side.",
    _interleaved,
)
ON_TOKENS = _concat(
    "concat_on_tokens",
    "The heads are joined along the tokens: (B, H·T, d_v). Each token should keep a single row, which "
    "becomes wider: (B, T, H·d_v).",
    _on_tokens,
)
ON_BATCH = _concat(
    "concat_on_batch", "The heads are joined along the batch. They belong side by side in each token's row.", _on_batch
)
ADDED = _concat(
    "heads_added", "The heads are added up. They should be laid side by side, so that W_o can weight them.", _sum
)
AVERAGED = _concat(
    "heads_averaged", "The heads are averaged. They should be laid side by side, so that W_o can weight them.", _mean
)
FIRST_ONLY = _concat("first_head_only", "Only the first head's output is returned.", _first)


def _list_reshaped(heads: Array) -> Array:
    """Heads in front, as a list gives them, and a reshape."""
    first = np.moveaxis(heads, -3, 0)
    return first.reshape(*first.shape[1:-1], -1)


def _batch_for_heads(heads: Array) -> Array:
    """(B·H) read as (H, B)."""
    b, h, t, d = heads.shape
    return concat_heads(heads.reshape(h, b, t, d).swapaxes(0, 1))


LIST_RESHAPED = _concat(
    "list_of_heads_reshaped",
    "An array with the heads in front, (H, B, T, d_v), is reshaped as it is. The shape is right, but a "
    "token's row then holds other tokens' numbers. Before the reshape, the head axis must be next to "
    "the features.",
    _list_reshaped,
)
BATCH_FOR_HEADS = _concat(
    "batch_and_heads_exchanged",
    "An axis that holds batch and heads together is split in the wrong order, (H, B) instead of (B, "
    "H), so heads of different sequences are mixed up. It is right only for a batch of one.",
    _batch_for_heads,
)
OF_FOLDED_HEADS = (LIST_RESHAPED, BATCH_FOR_HEADS)

CONCAT = (BY_RESHAPE, IN_REVERSE, INTERLEAVED, ON_TOKENS, ON_BATCH, ADDED, AVERAGED, FIRST_ONLY)

# The same mistakes and others where the concatenation is written by itself.
CONCAT_BY_ITSELF = (
    *CONCAT,
    _concat(
        "first_axis_joined",
        "The first axis is taken for the heads. With a batch in front, that lays the sequences side by "
        "side. The heads are on the third axis from the end.",
        _first_axis_for_heads,
    ),
    _concat("last_head_first", "The last head's columns come first. Head 0 should come first.", _last_first),
    _concat(
        "head_axis_kept",
        "The head axis has moved behind the tokens but is still there: (..., T, H, d). The last two axes "
        "should become one.",
        _head_axis_kept,
    ),
    _concat("not_concatenated", "The heads are returned as they were. Nothing is joined.", _as_it_is),
)
