"""What a causal head shows from outside: shapes, NaN, sums of weights, the future, log-ratios, matrices without effect."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..marking.calls import observe
from ..mistakes.stages import Array

Head = Callable[[Array, Array, Array, Array], Array]

T, D_MODEL, D_K = 5, 8, 4


def symptoms(head: Head) -> tuple[str, ...]:
    """Sentences on a head, none of which says what is wrong in it; a right head has no symptoms."""
    rng = np.random.default_rng(7)
    x = rng.standard_normal((T, D_MODEL))
    w_q, w_k, other = rng.standard_normal((3, D_MODEL, D_K)) / np.sqrt(D_MODEL)
    w_v = np.linalg.pinv(x)  # (d_model, T): x @ w_v is the identity, so the output shows the weights
    seen = observe(head, (x, w_q, w_k, w_v), {})
    if not isinstance(seen.value, np.ndarray):
        return ("there is no output",)
    if np.all(np.isnan(seen.value)):
        return ("every number is NaN",)
    without = [
        name
        for name, args in (
            ("w_q", (x, other, w_k, w_v)),
            ("w_k", (x, w_q, other, w_v)),
            ("w_v", (x, w_q, w_k, 2 * w_v)),
        )
        if np.array_equal(observe(head, args, {}).value, seen.value, equal_nan=True)
    ]
    no_effect = tuple(f"another {name} changes nothing" for name in without)
    if seen.value.shape != (T, T):
        return (f"the output is {seen.value.shape} where {(T, T)} was expected", *no_effect)
    return (*_of_weights(seen.value, (x @ w_q) @ (x @ w_k).T), *no_effect)


def _of_weights(weights: Array, products: Array) -> tuple[str, ...]:
    """weights (T, T) and the dot products of queries and keys (T, T)."""
    finite = np.isfinite(weights).all(axis=-1)
    told = [] if finite.all() else [f"NaN in row {', '.join(map(str, np.flatnonzero(~finite)))}"]
    sums, columns = weights[finite].sum(axis=-1), weights.sum(axis=0)
    if not np.allclose(sums, 1):
        told.append(f"the rows of the weights sum to {sums.min():.2f} up to {sums.max():.2f}")
        if np.allclose(columns, 1):
            told.append("every column sums to 1")
    future = np.triu(weights, 1)[finite].sum(axis=-1)
    if np.any(np.abs(future) > 1e-6):
        told.append(f"up to {np.abs(future).max():.2f} of a row lies on later tokens")
    if np.all(np.abs(np.diagonal(weights)[finite]) < 1e-12):
        told.append("no token has any weight on itself")
    return (*told, *_log_ratios(weights, products))


def _log_ratios(weights: Array, products: Array) -> tuple[str, ...]:
    """How log(w_ij / w_i0) compares with the difference of the dot products: 1/sqrt(d_k) times it in a right head."""
    with np.errstate(all="ignore"):
        ratios = np.log(weights / weights[:, :1]) / (products - products[:, :1])
    ratios = ratios[np.tri(T, k=-1, dtype=bool) & (np.arange(T) > 0) & np.isfinite(ratios)]
    right = D_K**-0.5
    if ratios.size == 0 or np.allclose(ratios, right, rtol=1e-3):
        return ()
    if np.allclose(ratios, ratios[0], rtol=1e-3):
        return (f"the log-ratio of two weights is {ratios[0]:.2f} times q·(k - k'), where {right:.2f} was expected",)
    return ("the log-ratios of the weights do not follow q·k",)
