"""Multi-head attention as it is written down: the nine stages of a layer, one after the other. Read this page first.

This page is for reading. It expects arrays of floats whose shapes fit. The package's public functions check what they
are given and return the same numbers, faster and in less memory: `attention.py` and `heads.py`.
"""

import math

import numpy as np
from numpy.typing import NDArray

from .arguments import Array


def multi_head_attention(
    x: Array,
    w_q: Array,
    w_k: Array,
    w_v: Array,
    w_o: Array,
    num_heads: int,
    context: Array | None = None,
    mask: NDArray[np.bool_] | None = None,
) -> Array:
    """A whole layer: x (..., T_q, d_model) and a context (..., T_k, d_context), x itself unless given, to (..., T_q, d_out).

    w_q (d_model, H·d_k), w_k (d_context, H·d_k), w_v (d_context, H·d_v) and w_o (H·d_v, d_out). The mask is True where
    a query may attend to a key, and broadcasts to the scores.
    """
    context = x if context is None else context  # (..., T_k, d_context)
    q, k, v = project(x, context, w_q, w_k, w_v)  # (..., T_q, H·d_k), (..., T_k, H·d_k), (..., T_k, H·d_v)
    q = split_heads(q, num_heads)  # (..., H, T_q, d_k)
    k = split_heads(k, num_heads)  # (..., H, T_k, d_k)
    v = split_heads(v, num_heads)  # (..., H, T_k, d_v)
    scores = score(q, k)  # (..., H, T_q, T_k)
    scores = scale(scores, d_k=q.shape[-1])  # (..., H, T_q, T_k)
    scores = mask_scores(scores, mask)  # (..., H, T_q, T_k)
    weights = softmax(scores)  # (..., H, T_q, T_k)
    heads = mix(weights, v)  # (..., H, T_q, d_v)
    concatenated = concat_heads(heads)  # (..., T_q, H·d_v)
    return project_output(concatenated, w_o)  # (..., T_q, d_out)


def project(x: Array, context: Array, w_q: Array, w_k: Array, w_v: Array) -> tuple[Array, Array, Array]:
    """Queries from x, keys and values from the context."""
    return x @ w_q, context @ w_k, context @ w_v  # (..., T_q, H·d_k), (..., T_k, H·d_k), (..., T_k, H·d_v)


def split_heads(x: Array, num_heads: int) -> Array:
    """Head h gets columns h·d up to, but not including, (h+1)·d."""
    *leading, t, width = x.shape
    return x.reshape(*leading, t, num_heads, width // num_heads).swapaxes(-3, -2)  # (..., H, T, d)


def score(q: Array, k: Array) -> Array:
    """The dot product of every query with every key."""
    return q @ k.swapaxes(-1, -2)  # (..., T_q, T_k)


def scale(scores: Array, d_k: int) -> Array:
    """Keeps the spread of the scores the same, however wide a head is."""
    return scores / math.sqrt(d_k)  # (..., T_q, T_k)


def mask_scores(scores: Array, mask: NDArray[np.bool_] | None) -> Array:
    """-inf where a query may not attend to a key: softmax turns it into the weight 0."""
    return scores if mask is None else np.where(mask, scores, -np.inf)  # (..., T_q, T_k)


def softmax(scores: Array) -> Array:
    """exp(scores) / sum(exp(scores)) along each row; a row of nothing but -inf gets zeros.

    Subtracting the row's highest score changes no weight and keeps exp from overflowing.
    """
    # Never below the lowest finite number, because -inf - -inf is NaN.
    highest = scores.max(axis=-1, keepdims=True, initial=np.finfo(scores.dtype).min)  # (..., T_q, 1)
    exps = np.exp(scores - highest)  # (..., T_q, T_k)
    total = exps.sum(axis=-1, keepdims=True)  # (..., T_q, 1)
    # The highest score adds exp(0) = 1, so only a row of nothing but -inf has a smaller total: it is divided by 1.
    weights: Array = exps / np.maximum(total, 1)  # (..., T_q, T_k)
    return weights


def mix(weights: Array, v: Array) -> Array:
    """Each query's output: the sum of the values, each multiplied by its weight."""
    return weights @ v  # (..., T_q, d_v)


def concat_heads(heads: Array) -> Array:
    """The heads side by side, as before split_heads."""
    *leading, num_heads, t, d = heads.shape
    return heads.swapaxes(-3, -2).reshape(*leading, t, num_heads * d)  # (..., T, H·d)


def project_output(concatenated: Array, w_o: Array) -> Array:
    """Every head's numbers mixed into one output."""
    return concatenated @ w_o  # (..., T_q, d_out)
