"""Scaled dot-product attention and one attention head (Vaswani et al. 2017, section 3.2.1)."""

from collections.abc import Iterator
from itertools import product
from typing import Any, SupportsIndex

import numpy as np
from numpy.exceptions import AxisError
from numpy.typing import ArrayLike, NDArray

from .arguments import Array, as_floats, as_mask, as_size
from .errors import ShapeError
from .projection import project

# The output, or (output, weights) where the weights were asked for.
Result = Array | Any

# This many scores are made at a time: few enough to stay in the processor's cache until they have mixed the values. But
# not fewer rows than these: a product with few rows takes longer to lay out the keys than to multiply.
SCORES_AT_A_TIME = 2**18
ROWS_AT_LEAST = 512


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
    exps, total = _exponentials(rows)
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
    (*leading, t_q, d_k), (t_k, d_v) = q.shape, v.shape[-2:]
    if mask is not None:
        mask = as_mask(mask, (*leading, t_q, t_k))
    dtype = np.result_type(q, k, v)
    # Laid out in memory as q is, so that heads which were split without a copy are concatenated without one.
    output = np.empty_like(q, dtype, shape=(*leading, t_q, d_v))  # (..., T_q, d_v)
    weights = np.zeros((*leading, t_q, t_k), dtype) if return_weights else None  # (..., T_q, T_k)

    k_transposed = k.swapaxes(-1, -2)  # (..., d_k, T_k)
    room = max(SCORES_AT_A_TIME // max(t_k, 1), ROWS_AT_LEAST)
    if mask is not None:  # a smaller block leaves out more of the keys that none of its queries may attend to
        room = max(room // 2, 1)
    for rows in _blocks((*leading, t_q), room):  # some of the queries, of some of the heads
        heads = rows[:-1]
        visible = slice(t_k if mask is None else _end_of_visible(mask[rows]))  # the keys after that are seen by none
        scores = (q[rows] / d_k**0.5) @ k_transposed[heads][..., visible]  # (..., T_q, T_k)
        if mask is not None:
            np.copyto(scores, -np.inf, where=~mask[rows][..., visible])
        exps, total = _exponentials(scores)  # (..., T_q, T_k), (..., T_q, 1)
        # Softmax divides by the total. After mixing there is less to divide: d_v numbers a row in place of T_k.
        np.divide(exps @ v[heads][..., visible, :], total, out=output[rows])  # (..., T_q, d_v)
        if weights is not None:
            np.divide(exps, total, out=weights[rows][..., visible])  # (..., T_q, T_k)
    return output if weights is None else (output, weights)


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


def _exponentials(scores: Array) -> tuple[Array, Array]:
    """exp(scores - maximum), written over the scores, and the total of each row: the two halves of a softmax."""
    # The initial value stands in for -inf, the maximum of a row that is masked throughout: -inf - -inf is NaN.
    scores -= scores.max(axis=-1, keepdims=True, initial=np.finfo(scores.dtype).min)
    exps = np.exp(scores, out=scores)  # (..., T_q, T_k)
    total = exps @ np.ones((exps.shape[-1], 1), exps.dtype)  # (..., T_q, 1), faster than exps.sum
    # The largest score adds exp(0) = 1, so only a row that is masked throughout has less: there 0 is divided by 1.
    return exps, np.maximum(total, 1, out=total)


def _blocks(shape: tuple[int, ...], room: int) -> Iterator[tuple[slice, ...]]:
    """Indices that cut rows (..., T_q) into blocks of at most `room` rows."""
    cuts = []
    for length in reversed(shape):
        step = max(1, min(length, room))
        cuts.append([slice(start, start + step) for start in range(0, length, step)])
        room //= step
    return product(*reversed(cuts))


def _end_of_visible(mask: NDArray[np.bool_]) -> int:
    """One past the last key that any query of the block may attend to."""
    visible = np.flatnonzero(mask.any(axis=tuple(range(mask.ndim - 1))))
    return int(visible.max(initial=-1)) + 1


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
