"""Mistakes in the raw scores q k^T."""

from __future__ import annotations

import numpy as np

from ..marking import Mistake
from .stages import Array, transposed


def _not_transposed(q: Array, k: Array) -> Array:
    return q @ k


def _reshaped(q: Array, k: Array) -> Array:
    *leading, t, d = k.shape
    return q @ k.reshape(*leading, d, t)


def _all_reversed(q: Array, k: Array) -> Array:
    return q @ k.T


def _keys_by_queries(q: Array, k: Array) -> Array:
    return k @ transposed(q)


def _queries_twice(q: Array, k: Array) -> Array:
    return q @ transposed(q)


def _keys_twice(q: Array, k: Array) -> Array:
    return k @ transposed(k)


def _cosine(q: Array, k: Array) -> Array:
    lengths = np.linalg.norm(q, axis=-1)[..., :, None] * np.linalg.norm(k, axis=-1)[..., None, :]
    return q @ transposed(k) / lengths


K_NOT_TRANSPOSED = Mistake(
    "k_not_transposed",
    "score",
    "The keys are not transposed. This runs only if T_k happens to equal d_k, and then it mixes up "
    "tokens and features.",
    {"score": _not_transposed},
)
K_RESHAPED = Mistake(
    "k_reshaped",
    "score",
    "The keys get the shape (d_k, T_k) by a reshape. A reshape reads the numbers in index order, row "
    "by row, and refills the new shape, so each column holds parts of several tokens. The two axes "
    "have to be swapped instead.",
    {"score": _reshaped},
)
ALL_AXES_REVERSED = Mistake(
    "all_axes_reversed",
    "score",
    "`.T` reverses all axes. For one sequence that is the right transpose, but with leading axes it "
    "also moves the batch to the end. Only the last two axes should be swapped.",
    {"score": _all_reversed},
)
KEYS_BY_QUERIES = Mistake(
    "keys_by_queries",
    "score",
    "The product is the wrong way round, so the rows belong to keys. Row i should belong to query i, "
    "and column j to key j.",
    {"score": _keys_by_queries},
)
QUERIES_TWICE = Mistake(
    "queries_twice",
    "score",
    "The queries are compared with themselves. The keys have no effect on the scores.",
    {"score": _queries_twice},
)
KEYS_TWICE = Mistake(
    "keys_twice",
    "score",
    "The keys are compared with themselves. The queries have no effect on the scores.",
    {"score": _keys_twice},
)
COSINE = Mistake(
    "cosine",
    "score",
    "Queries and keys are scaled to length 1 before the product. Attention uses the plain dot product, "
    "so the length of a query or key matters too.",
    {"score": _cosine},
)

SCORE = (K_NOT_TRANSPOSED, K_RESHAPED, ALL_AXES_REVERSED, KEYS_BY_QUERIES, QUERIES_TWICE, KEYS_TWICE, COSINE)
