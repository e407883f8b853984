"""Autoregressive decoding: each step sees only the new tokens, and a cache of the keys and values before them."""

from dataclasses import dataclass
from typing import SupportsIndex

import numpy as np
from numpy.typing import ArrayLike

from .arguments import Array, as_size, as_weights
from .attention import causal_mask, project, scaled_dot_product_attention
from .errors import ShapeError
from .heads import _split, concat_heads


@dataclass(frozen=True)
class KVCache:
    """The keys k (..., T, d_k) and values v (..., T, d_v) of the T tokens so far, of one head or of all (..., H, T, d).

    A cache never changes: `append` returns a longer one.
    """

    k: Array
    v: Array

    def __len__(self) -> int:
        """T, the number of tokens so far."""
        return int(self.k.shape[-2])

    def append(self, k: Array, v: Array) -> "KVCache":
        """The cache with further tokens' keys and values after its own."""
        for name, old, new in (("k", self.k, k), ("v", self.v, v)):
            if old.shape[:-2] != new.shape[:-2] or old.shape[-1] != new.shape[-1]:
                expected = (*old.shape[:-2], "T", old.shape[-1])
                raise ShapeError("cache", f"{name} of shape {old.shape}", f"shape {expected}".replace("'", ""))
        return KVCache(np.concatenate([self.k, k], axis=-2), np.concatenate([self.v, v], axis=-2))


def decode_step(
    x: ArrayLike, w_q: ArrayLike, w_k: ArrayLike, w_v: ArrayLike, *, cache: KVCache | None = None
) -> tuple[Array, KVCache]:
    """One step of one causal head: the output for the new tokens, and the cache for the next step.

    x (..., T_new, d_model) holds the new tokens only: usually one, or a whole prompt at first. Without a cache they
    are the first. The outputs (..., T_new, d_v) equal those of the causal head over all tokens so far.
    """
    q, k, v = project(x, w_q, w_k, w_v)
    return _attend_with_cache(q, k, v, cache)


def multi_head_decode_step(
    x: ArrayLike,
    w_q: ArrayLike,
    w_k: ArrayLike,
    w_v: ArrayLike,
    w_o: ArrayLike,
    num_heads: SupportsIndex,
    *,
    cache: KVCache | None = None,
) -> tuple[Array, KVCache]:
    """The same step for a whole layer: the output (..., T_new, d_out), and the cache of all its heads."""
    num_heads = as_size("num_heads", num_heads)
    q, k, v = project(x, w_q, w_k, w_v)
    w_o = as_weights("w_o", w_o, v.shape[-1], "d_out")
    heads, cache = _attend_with_cache(
        _split("w_q", q, num_heads), _split("w_k", k, num_heads), _split("w_v", v, num_heads), cache
    )
    return concat_heads(heads) @ w_o, cache  # (..., T_new, d_out)


def _attend_with_cache(q: Array, k: Array, v: Array, cache: KVCache | None) -> tuple[Array, KVCache]:
    cache = KVCache(k, v) if cache is None else cache.append(k, v)
    mask = causal_mask(q.shape[-2], len(cache))  # (T_new, T)
    return scaled_dot_product_attention(q, cache.k, cache.v, mask), cache  # (..., T_new, d_v)
