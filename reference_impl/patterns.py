"""Scores that say of each head how much it does one particular thing, from its attention weights (..., H, T, T).

Each score is a mean of weights, so it lies between 0 and 1. Leading axes are averaged too: the result is (H,).

Sources: Elhage et al. 2021, "A Mathematical Framework for Transformer Circuits" (previous-token and induction heads);
Olsson et al. 2022, "In-context Learning and Induction Heads" (scores measured on random tokens that repeat).
"""

from typing import SupportsIndex

import numpy as np
from numpy.typing import ArrayLike

from .arguments import Array, as_floats, as_size
from .errors import ShapeError


def previous_token_score(weights: ArrayLike) -> Array:
    """How much weight each head (H,) gives to the token just before: the mean of weights[t, t - 1] over t from 1.

    Raises ShapeError for fewer than two tokens and for weights that are not square.

    >>> previous_token_score(np.eye(4, k=-1)[None])
    array([1.])
    """
    weights = _as_weights(weights, least=2)
    queries = np.arange(1, weights.shape[-1])
    return _mean(weights[..., queries, queries - 1])


def induction_score(weights: ArrayLike, period: SupportsIndex) -> Array:
    """How much weight each head (H,) gives to the token that followed the same token last time.

    The last `period` tokens must repeat the `period` before them. Query t among them then finds its own token at
    t - period, and what followed it at t - period + 1: the score is the mean of weights[t, t - period + 1].

    Raises ShapeError where the tokens are fewer than two periods, and for weights that are not square.

    >>> weights = np.eye(6, k=-2)[None]  # tokens a b c a b c, period 3
    >>> induction_score(weights, 3)
    array([1.])
    """
    period = as_size("period", period)
    weights = _as_weights(weights, least=2 * period)
    queries = np.arange(weights.shape[-1] - period, weights.shape[-1])
    return _mean(weights[..., queries, queries - period + 1])


def first_token_score(weights: ArrayLike) -> Array:
    """How much weight each head (H,) leaves on the first token: the mean of weights[t, 0] over t from 1.

    Heads that find nothing to attend to rest there.

    Raises ShapeError for fewer than two tokens and for weights that are not square.
    """
    return _mean(_as_weights(weights, least=2)[..., 1:, 0])


def own_token_score(weights: ArrayLike) -> Array:
    """How much weight each head (H,) gives to the token itself: the mean of weights[t, t] over t from 1.

    Raises ShapeError for fewer than two tokens and for weights that are not square.
    """
    weights = _as_weights(weights, least=2)
    queries = np.arange(1, weights.shape[-1])
    return _mean(weights[..., queries, queries])


def _as_weights(weights: ArrayLike, least: int) -> Array:
    weights = as_floats("weights", weights, "H", "T", "T")
    if weights.shape[-1] != weights.shape[-2] or weights.shape[-1] < least:
        raise ShapeError("weights", f"shape {weights.shape}", f"shape (..., H, T, T) with T at least {least}")
    return weights


def _mean(weights: Array) -> Array:
    """The mean of (..., H, number of queries) over all axes but that of the heads."""
    mean: Array = weights.mean(axis=(*range(weights.ndim - 2), -1))
    return mean
