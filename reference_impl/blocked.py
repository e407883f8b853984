"""Attention computed a block of queries at a time: the numbers of `plain.py`, faster and with few scores in memory."""

from collections.abc import Iterator
from itertools import product

import numpy as np
from numpy.typing import NDArray

from .arguments import Array

# This many scores are made at a time: few enough to stay in the processor's cache until they have mixed the values. But
# not fewer rows than these: a product with few rows takes longer to lay out the keys than to multiply.
SCORES_AT_A_TIME = 2**18
ROWS_AT_LEAST = 512


def attend(
    q: Array, k: Array, v: Array, mask: NDArray[np.bool_] | None, return_weights: bool
) -> tuple[Array, Array | None]:
    """The output (..., T_q, d_v) and, if asked for, the weights (..., T_q, T_k).

    q (..., T_q, d_k), k (..., T_k, d_k) and v (..., T_k, d_v) have equal leading axes, and the mask has the shape of the
    scores (..., T_q, T_k).
    """
    (*leading, t_q, d_k), (t_k, d_v) = q.shape, v.shape[-2:]
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
        exps, total = exponentials(scores)  # (..., T_q, T_k), (..., T_q, 1)
        # Softmax divides by the total. After mixing there is less to divide: d_v numbers a row in place of T_k.
        np.divide(exps @ v[heads][..., visible, :], total, out=output[rows])  # (..., T_q, d_v)
        if weights is not None:
            np.divide(exps, total, out=weights[rows][..., visible])  # (..., T_q, T_k)
    return output, weights


def exponentials(scores: Array) -> tuple[Array, Array]:
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
