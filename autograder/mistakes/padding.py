"""Mistakes in making a mask for padded keys, `padding_mask(lengths, t_k)`: (B,) to (B, 1, 1, T_k)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..marking import Mistake, Wrong
from .mask import BROADCAST_AS_IT_IS
from .stages import Array, transposed


def padding_mask(lengths: Array, t_k: int) -> Array:
    """True at the real keys, which stand in front."""
    return (np.arange(t_k) < lengths[:, None])[:, None, None, :]  # (B, 1, 1, T_k)


def _padding(name: str, says: str, function: Callable[[Array, int], Array]) -> Wrong:
    return Wrong((Mistake(name, "mask", says),), function)


PADDING = (
    Wrong((BROADCAST_AS_IT_IS,), lambda lengths, t_k: padding_mask(lengths, t_k)[:, 0, 0]),
    _padding(
        "padding_on_queries",
        "The mask is along the queries: (B, 1, T_k, 1). It would empty the rows of padded queries and let "
        "every query attend to padded keys.",
        lambda lengths, t_k: transposed(padding_mask(lengths, t_k)),
    ),
    _padding(
        "padding_for_heads",
        "A mask (B, 1, T_k) has one axis too few. NumPy aligns shapes from the right, so the batch would "
        "be aligned with the heads.",
        lambda lengths, t_k: padding_mask(lengths, t_k)[:, 0],
    ),
    _padding(
        "padding_inverted",
        "The mask is True at the padding. In this course True means that a query MAY attend to a key.",
        lambda lengths, t_k: ~padding_mask(lengths, t_k),
    ),
    _padding(
        "padding_one_more",
        "One key too many is allowed. In a sequence of n real tokens, the real tokens are 0 to n - 1.",
        lambda lengths, t_k: padding_mask(lengths + 1, t_k),
    ),
    _padding(
        "padding_one_less",
        "The last real token of every sequence is excluded as well.",
        lambda lengths, t_k: padding_mask(lengths - 1, t_k),
    ),
    _padding(
        "padding_in_front",
        "The last n of the T_k keys are allowed. The real tokens come first, and the padding after them.",
        lambda lengths, t_k: padding_mask(lengths, t_k)[..., ::-1],
    ),
)
