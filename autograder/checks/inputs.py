"""Fresh inputs for the checks, chosen so that mistakes cannot hide: all sizes different, d_v != d_k, d_model != d_k²."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..mistakes.stages import Array

Rng = np.random.Generator


def normal(rng: Rng, *shape: int, size: float = 1.0) -> Array:
    """N(0, size²) numbers of the given shape."""
    return size * rng.standard_normal(shape)


def head_weights(rng: Rng, d_model: int, d_k: int, d_v: int) -> tuple[Array, Array, Array]:
    """w_q, w_k (d_model, d_k) and w_v (d_model, d_v), scaled so that projections of N(0, 1) tokens are about N(0, 1)."""
    size = d_model**-0.5
    return (
        normal(rng, d_model, d_k, size=size),
        normal(rng, d_model, d_k, size=size),
        normal(rng, d_model, d_v, size=size),
    )


def self_attention(
    rng: Rng, *shape: int, d_model: int = 12, d_k: int = 4, d_v: int = 6, size: float = 1.0
) -> tuple[Array, Array, Array, Array]:
    """x (*shape, d_model) and one head's w_q, w_k, w_v."""
    return (normal(rng, *shape, d_model, size=size), *head_weights(rng, d_model, d_k, d_v))


def large(x: Array) -> Array:
    """Tokens whose scores overflow a naive exponential, beside a first token whose scores are all 0.

    One maximum for the whole array makes that first row underflow.
    """
    big = 60 * x
    big[..., 0, :] = 0
    return big


def tempted(x: Array, w_q: Array) -> tuple[Array, Array, Array]:
    """Tokens, w_q and w_k of one head in which token 0 has the score -150 for itself and 6000 for the last token.

    Under a causal mask the score of the last token must count for nothing, and that of token 0 for everything.
    """
    x = x.copy()
    lengths = np.linalg.norm(x[..., :1, :] @ w_q, axis=-1, keepdims=True)
    x[..., :1, :] *= np.sqrt(150 * np.sqrt(w_q.shape[1])) / lengths
    x[..., -1, :] = -40 * x[..., 0, :]
    return x, w_q, -w_q


def integers(rng: Rng, *shape: int) -> Array:
    """Whole numbers from -3 to 3, of integer type."""
    return rng.integers(-3, 4, size=shape)


def square(rng: Rng, t: int) -> tuple[Array, Array, Array, Array]:
    """A head with d_model = d_k = d_v = 6, in which transposed or forgotten weights run and give other numbers."""
    return self_attention(rng, t, d_model=6, d_k=6, d_v=6)


def equal_scores(x: Array, w_q: Array, *others: Any) -> tuple[Any, ...]:
    """A head or a layer with w_q = 0: all scores are 0, so they, their scale and softmax cannot be wrong."""
    return x, np.zeros_like(w_q), *others


def forbidden_on_top(rng: Rng, t: int, size: float) -> tuple[Array, Array, Array, Array]:
    """A head whose first token has the score -size for itself, and +size for the last token, which it may not see.

    The others lie between -size/2 and size/2.
    """
    x, w_q, _, w_v = self_attention(rng, t)
    x[-1] = -x[0]
    lengths = np.linalg.norm(x @ w_q, axis=-1, keepdims=True)  # (T, 1)
    lengths[1:-1] *= 2
    return x / lengths * np.sqrt(size * np.sqrt(w_q.shape[1])), w_q, -w_q, w_v


def layer_weights(
    rng: Rng, num_heads: int, *, d_model: int, d_k: int, d_v: int, d_out: int
) -> tuple[Array, Array, Array, Array, int]:
    """w_q, w_k (d_model, H·d_k), w_v (d_model, H·d_v), w_o (H·d_v, d_out) and H."""
    w_o = normal(rng, num_heads * d_v, d_out, size=(num_heads * d_v) ** -0.5)
    return (*head_weights(rng, d_model, num_heads * d_k, num_heads * d_v), w_o, num_heads)
