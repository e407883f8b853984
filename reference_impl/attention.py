"""Scaled dot-product attention and one attention head (Vaswani et al. 2017, section 3.2.1)."""

from collections.abc import Iterator
from itertools import product
from typing import Any, SupportsIndex

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .arguments import Array, as_floats, as_mask, as_size, as_weights
from .errors import ShapeError

# The output, or (output, weights) where the weights were asked for.
Result = Array | Any

# Scores are made this many at a time, so that they stay in the processor's cache from the product to the mixing.
SCORES_AT_ONCE = 2**18


def softmax(scores: ArrayLike, axis: int = -1) -> Array:
    """exp(scores) / sum(exp(scores)) along an axis: positive weights that sum to 1.

    The maximum is subtracted first, which changes nothing but keeps exp from overflowing. A score of -inf gets the
    weight 0; a row of nothing but -inf gets zeros.

    >>> softmax([0.0, 0.0, -np.inf])
    array([0.5, 0.5, 0. ])
    """
    return _softmax_in_place(as_floats("scores", scores, "(..., T_k)").copy(), axis)


def causal_mask(t_q: SupportsIndex, t_k: SupportsIndex | None = None) -> NDArray[np.bool_]:
    """Mask (T_q, T_k) under which a token sees itself and the tokens before it: True where a query may attend.

    T_k is T_q unless given. Where they differ the queries are the LAST T_q of the T_k tokens, as in decoding with a
    cache: the last query sees every key. Queries that would stand before the first key see none.

    >>> causal_mask(2, 4).astype(int)
    array([[1, 1, 1, 0],
           [1, 1, 1, 1]])
    """
    t_q = as_size("t_q", t_q, least=0)
    t_k = t_q if t_k is None else as_size("t_k", t_k, least=0)
    return np.tri(t_q, t_k, k=t_k - t_q, dtype=np.bool_)  # (T_q, T_k)


def scaled_dot_product_attention(
    q: ArrayLike, k: ArrayLike, v: ArrayLike, mask: ArrayLike | None = None, *, return_weights: bool = False
) -> Result:
    """softmax(q k^T / sqrt(d_k)) v, equation 1 of the paper.

    q (..., T_q, d_k), k (..., T_k, d_k) and v (..., T_k, d_v) give an output (..., T_q, d_v); leading axes broadcast.
    The mask is boolean, True where a query may attend, and broadcasts to the scores (..., T_q, T_k). A query that may
    attend to nothing gets zeros. With `return_weights` the result is (output, weights), weights (..., T_q, T_k).

    Raises ShapeError for shapes that do not fit and a mask that does not broadcast.
    """
    q = as_floats("q", q, "(..., T_q, d_k)")
    k = as_floats("k", k, "(..., T_k, d_k)")
    v = as_floats("v", v, "(..., T_k, d_v)")
    (t_q, d_k), (t_k, d_v) = q.shape[-2:], v.shape[-2:]
    if k.shape[-1] != d_k:
        raise ShapeError("k", f"shape {k.shape}", f"shape (..., T_k, {d_k}): as wide as q")
    if k.shape[-2] != t_k:
        raise ShapeError("v", f"shape {v.shape}", f"shape (..., {k.shape[-2]}, d_v): as many tokens as k")
    try:
        leading = np.broadcast_shapes(q.shape[:-2], k.shape[:-2], v.shape[:-2])
    except ValueError:
        came = f"leading axes {q.shape[:-2]}, {k.shape[:-2]} and {v.shape[:-2]}"
        raise ShapeError("q, k, v", came, "leading axes that broadcast together") from None
    q = np.broadcast_to(q, (*leading, t_q, d_k))
    k = np.broadcast_to(k, (*leading, t_k, d_k))
    v = np.broadcast_to(v, (*leading, t_k, d_v))

    dtype = np.result_type(q, k, v)
    k_transposed = k.swapaxes(-1, -2)  # (..., d_k, T_k)
    forbidden = None if mask is None else ~as_mask(mask, (*leading, t_q, t_k))
    output = np.empty((*leading, t_q, d_v), dtype)  # (..., T_q, d_v)
    kept = np.empty((*leading, t_q, t_k), dtype) if return_weights else None  # (..., T_q, T_k)
    for rows in _blocks((*leading, t_q), t_k):
        scores = (q[rows] / np.sqrt(d_k, dtype=dtype)) @ k_transposed[rows[:-1]]  # (..., rows, T_k)
        if forbidden is not None:
            np.copyto(scores, -np.inf, where=forbidden[rows])
        weights = _softmax_in_place(scores)  # (..., rows, T_k)
        np.matmul(weights, v[rows[:-1]], out=output[rows])  # (..., rows, d_v)
        if kept is not None:
            kept[rows] = weights
    return output if kept is None else (output, kept)


def attention_head(
    x: ArrayLike,
    w_q: ArrayLike,
    w_k: ArrayLike,
    w_v: ArrayLike,
    *,
    context: ArrayLike | None = None,
    mask: ArrayLike | None = None,
    return_weights: bool = False,
) -> Result:
    """One head: project x to queries, the context (x itself unless given) to keys and values, and attend.

    x (..., T_q, d_model), w_q (d_model, d_k), w_k (d_context, d_k), w_v (d_context, d_v) and context
    (..., T_k, d_context) give (..., T_q, d_v). The mask broadcasts to (..., T_q, T_k). With `return_weights` the
    result is (output, weights).

    Raises ShapeError for shapes that do not fit and a mask that does not broadcast.
    """
    q, k, v = project(x, w_q, w_k, w_v, context)
    return scaled_dot_product_attention(q, k, v, mask, return_weights=return_weights)


def project(
    x: ArrayLike, w_q: ArrayLike, w_k: ArrayLike, w_v: ArrayLike, context: ArrayLike | None = None
) -> tuple[Array, Array, Array]:
    """Queries from x, keys and values from the context, which is x itself unless given."""
    x = as_floats("x", x, "(..., T, d_model)")
    context = x if context is None else as_floats("context", context, "(..., T_k, d_context)")
    w_q = as_weights("w_q", w_q, x.shape[-1], "H·d_k")
    w_k = as_weights("w_k", w_k, context.shape[-1], "H·d_k")
    w_v = as_weights("w_v", w_v, context.shape[-1], "H·d_v")
    if w_k.shape[1] != w_q.shape[1]:
        raise ShapeError("w_k", f"shape {w_k.shape}", f"shape ({len(w_k)}, {w_q.shape[1]}): as many columns as w_q")
    return x @ w_q, context @ w_k, context @ w_v  # (..., T_q, H·d_k), (..., T_k, H·d_k), (..., T_k, H·d_v)


def _softmax_in_place(scores: Array, axis: int = -1) -> Array:
    scores -= scores.max(axis, keepdims=True, initial=np.finfo(scores.dtype).min)
    np.exp(scores, out=scores)
    total = scores.sum(axis, keepdims=True)
    scores /= np.maximum(total, 1)  # the largest score adds exp(0) = 1: less than 1 is a row of nothing but -inf
    return scores


def _blocks(shape: tuple[int, ...], t_k: int) -> Iterator[tuple[slice, ...]]:
    """Cut (..., T_q) rows of T_k scores into blocks of about SCORES_AT_ONCE scores."""
    room = SCORES_AT_ONCE // max(t_k, 1)
    cuts = []
    for length in reversed(shape):
        step = max(1, min(length, room))
        cuts.append([slice(start, start + step) for start in range(0, length, step)])
        room //= step
    return product(*reversed(cuts))
