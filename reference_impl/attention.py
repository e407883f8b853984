"""Scaled dot-product attention and one attention head (Vaswani et al. 2017, section 3.2.1)."""

from typing import Any, SupportsIndex

import numpy as np
from numpy.exceptions import AxisError
from numpy.typing import ArrayLike, NDArray

from .arguments import Array, as_floats, as_mask, as_size
from .blocked import attend, exponentials
from .errors import ShapeError
from .projection import project

# The output, or (output, weights) where the weights were asked for.
Result = Array | Any


def softmax(scores: ArrayLike, axis: int = -1) -> Array:
    """exp(scores) / sum(exp(scores)) along an axis: weights that are not negative and sum to 1.

    The maximum is subtracted first, which changes nothing but keeps exp from overflowing. A score of -inf gets the
    weight 0, and a row of nothing but -inf gets zeros.

    Raises ShapeError for a single number and for an axis that the scores do not have.

    >>> softmax([0.0, 0.0, -np.inf])
    array([0.5, 0.5, 0. ])
    """
    scores = as_floats("scores", scores, "T_k")
    try:
        rows = np.moveaxis(scores.copy(), axis, -1)
    except AxisError:
        raise ShapeError("axis", f"{axis}", f"an axis of scores, which have shape {scores.shape}") from None
    exps, total = exponentials(rows)
    return np.moveaxis(np.divide(exps, total, out=exps), -1, axis)


def causal_mask(t_q: SupportsIndex, t_k: SupportsIndex | None = None) -> NDArray[np.bool_]:
    """The mask (T_q, T_k) under which a token sees itself and the tokens before it: True where a query may attend.

    T_k is T_q unless given. Where they differ the queries are the last T_q of T_k tokens, as in decoding with a cache:
    the last query sees every key. With more queries than keys, the first T_q - T_k queries see none.

    Raises ShapeError for a negative size.

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

    q (..., T_q, d_k), k (..., T_k, d_k) and v (..., T_k, d_v) give the output (..., T_q, d_v); leading axes broadcast.
    The mask is boolean, True where a query may attend, and broadcasts to the scores (..., T_q, T_k). A query that may
    attend to nothing gets zeros. With `return_weights` the result is (output, weights), weights (..., T_q, T_k).

    Raises ShapeError for shapes that do not fit and for a mask that does not broadcast.
    """
    q, k, v = _with_equal_leading_axes(
        as_floats("q", q, "T_q", "d_k"), as_floats("k", k, "T_k", "d_k"), as_floats("v", v, "T_k", "d_v")
    )
    if mask is not None:
        mask = as_mask(mask, (*q.shape[:-1], k.shape[-2]))
    output, weights = attend(q, k, v, mask, return_weights)  # (..., T_q, d_v), (..., T_q, T_k)
    return (output, weights) if return_weights else output


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
    """One head: x projected to queries, the context (x itself unless given) to keys and values, and attention.

    x (..., T_q, d_model), context (..., T_k, d_context), w_q (d_model, d_k), w_k (d_context, d_k) and
    w_v (d_context, d_v) give the output (..., T_q, d_v). The mask is boolean, True where a query may attend, and
    broadcasts to (..., T_q, T_k). With `return_weights` the result is (output, weights), weights (..., T_q, T_k).

    Raises ShapeError for shapes that do not fit and for a mask that does not broadcast.
    """
    q, k, v = project(x, w_q, w_k, w_v, context)  # (..., T_q, d_k), (..., T_k, d_k), (..., T_k, d_v)
    return scaled_dot_product_attention(q, k, v, mask, return_weights=return_weights)  # (..., T_q, d_v)


def _with_equal_leading_axes(q: Array, k: Array, v: Array) -> tuple[Array, Array, Array]:
    """The three, broadcast (not copied) to the same leading axes, after a look at the others."""
    if k.shape[-1] != q.shape[-1]:
        raise ShapeError("k", f"shape {k.shape}", f"shape (..., T_k, {q.shape[-1]}), as wide as q")
    if v.shape[-2] != k.shape[-2]:
        raise ShapeError("v", f"shape {v.shape}", f"shape (..., {k.shape[-2]}, d_v), as many tokens as k")
    leading = q.shape[:-2]
    for argument, array in (("k", k), ("v", v)):
        try:
            leading = np.broadcast_shapes(leading, array.shape[:-2])
        except ValueError:
            expected = f"leading axes that broadcast with {leading}"
            raise ShapeError(argument, f"shape {array.shape}", expected) from None
    q, k, v = (np.broadcast_to(array, (*leading, *array.shape[-2:])) for array in (q, k, v))
    return q, k, v
