"""What the questions by hand draw: arrays of halves that a person can multiply on paper."""

from __future__ import annotations

from typing import Any

from ..mistakes.stages import Array
from .inputs import Rng


def halves(rng: Rng, *shape: int, low: float = -1, high: float = 2) -> Array:
    """Multiples of one half from low up to high."""
    return rng.integers(int(2 * low), int(2 * high) + 1, shape) / 2


def queries_and_keys(rng: Rng) -> dict[str, Any]:
    """One head: q, k (3, 2), a query i and a key j."""
    i, j = rng.choice(3, 2, replace=False)
    return {"q": halves(rng, 3, 2), "k": halves(rng, 3, 2), "i": int(i), "j": int(j)}


def two_heads(rng: Rng) -> dict[str, Any]:
    """Two heads side by side: q, k (3, 4), a head h, a query i and a key j."""
    i, j = rng.choice(3, 2, replace=False)
    q, k = halves(rng, 3, 4), halves(rng, 3, 4)
    return {"q": q, "k": k, "h": int(rng.integers(2)), "i": int(i), "j": int(j)}


def one_row(rng: Rng) -> dict[str, Any]:
    """One token's heads side by side, row (4,); w_o (4, 4); a column c of the output."""
    return {"row": halves(rng, 4), "w_o": halves(rng, 4, 4), "c": int(rng.integers(4))}


def causal_scores(rng: Rng) -> dict[str, Any]:
    """Scaled scores (3, 3), v (3, 2), the token t = 1 and a column c."""
    return {"scores": halves(rng, 3, 3), "v": halves(rng, 3, 2, low=-2, high=4), "t": 1, "c": int(rng.integers(2))}


def one_token(rng: Rng) -> dict[str, Any]:
    """One token in a layer of two heads: for each a row of weights (3,) and v (3, 2); w_o (4, 4) and a column c."""
    rows = ([0.5, 0.5, 0.0], [0.5, 0.25, 0.25], [1.0, 0.0, 0.0], [0.75, 0.25, 0.0])
    found: dict[str, Any] = {}
    for h in range(2):
        found[f"weights_{h}"] = rng.permutation(rows[rng.integers(len(rows))])
        found[f"v_{h}"] = halves(rng, 3, 2, low=0, high=4)
    return {**found, "w_o": halves(rng, 4, 4), "c": int(rng.integers(4))}
