"""Softmax and mixing over one block of keys after another, with a running maximum and a running total.

No row of weights is ever whole: three things are carried from block to block, for each query. They are the largest
score so far, the total of the exponentials so far, and the output so far, which is not divided by the total yet. When
a block brings a larger maximum, total and output are brought down to it by one factor. The result is exact.

Sources: Milakov and Gimelshein 2018, "Online normalizer calculation for softmax"; Rabe and Staats 2021,
"Self-attention Does Not Need O(n²) Memory"; Dao et al. 2022, "FlashAttention".
"""

from typing import SupportsIndex

import numpy as np
from numpy.typing import ArrayLike

from .arguments import Array, as_floats, as_mask, as_size
from .errors import ShapeError


def add_block(
    maximum: ArrayLike, total: ArrayLike, output: ArrayLike, scores: ArrayLike, v: ArrayLike
) -> tuple[Array, Array, Array]:
    """The running maximum (..., T_q, 1), total (..., T_q, 1) and output (..., T_q, d_v), one block of keys later.

    scores (..., T_q, N) are the scaled and masked scores of the block's N keys, -inf where a query may not attend, and
    v (..., N, d_v) its values. Before the first block the maximum is -inf, total and output are 0; a query that has seen
    no key yet stays as it was.

    Raises ShapeError where the scores and the values are not of the same keys.
    """
    scores, v = as_floats("scores", scores, "T_q", "N"), as_floats("v", v, "N", "d_v")
    if v.shape[-2] != scores.shape[-1]:
        raise ShapeError("v", f"shape {v.shape}", f"shape (..., {scores.shape[-1]}, d_v), as many keys as the scores")
    before = as_floats("maximum", maximum, "T_q", "1")
    highest = np.maximum(before, scores.max(axis=-1, keepdims=True, initial=-np.inf))  # (..., T_q, 1)
    shift = np.where(np.isneginf(highest), 0, highest)  # (..., T_q, 1), because -inf - -inf is NaN
    factor = np.exp(before - shift)  # (..., T_q, 1)
    exps = np.exp(scores - shift)  # (..., T_q, N)
    grown = factor * as_floats("total", total, "T_q", "1") + exps.sum(axis=-1, keepdims=True)  # (..., T_q, 1)
    mixed = factor * as_floats("output", output, "T_q", "d_v") + exps @ v  # (..., T_q, d_v)
    return highest, grown, mixed


def attention_in_blocks(
    q: ArrayLike, k: ArrayLike, v: ArrayLike, size: SupportsIndex, mask: ArrayLike | None = None
) -> Array:
    """The output of scaled_dot_product_attention, from `size` keys at a time; the last block may be smaller.

    q (..., T_q, d_k), k (..., T_k, d_k) and v (..., T_k, d_v) have equal leading axes and give (..., T_q, d_v). A query
    that may attend to nothing gets zeros.

    Raises ShapeError for shapes that do not fit and a size below 1.
    """
    q, k, v = as_floats("q", q, "T_q", "d_k"), as_floats("k", k, "T_k", "d_k"), as_floats("v", v, "T_k", "d_v")
    size = as_size("size", size)
    if k.shape[:-2] != q.shape[:-2] or k.shape[-1] != q.shape[-1]:
        expected = f"shape ({', '.join(map(str, (*q.shape[:-2], 'T_k', q.shape[-1])))})"
        raise ShapeError("k", f"shape {k.shape}", expected)
    if v.shape[:-1] != k.shape[:-1]:
        raise ShapeError("v", f"shape {v.shape}", f"shape ({', '.join(map(str, (*k.shape[:-1], 'd_v')))})")
    allowed = as_mask(True if mask is None else mask, (*q.shape[:-1], k.shape[-2]))  # (..., T_q, T_k)
    maximum = np.full((*q.shape[:-1], 1), -np.inf, q.dtype)  # (..., T_q, 1)
    total = np.zeros_like(maximum)  # (..., T_q, 1)
    output = np.zeros((*q.shape[:-1], v.shape[-1]), q.dtype)  # (..., T_q, d_v)
    for start in range(0, k.shape[-2], size):
        block = slice(start, start + size)
        scores = q @ k[..., block, :].swapaxes(-1, -2) / q.shape[-1] ** 0.5  # (..., T_q, N)
        scores = np.where(allowed[..., block], scores, -np.inf)  # (..., T_q, N)
        maximum, total, output = add_block(maximum, total, output, scores, v[..., block, :])
    return output / np.where(total == 0, 1, total)  # (..., T_q, d_v)
