"""Autoregressive decoding: a step receives the new tokens only, and the keys and values of those before in a cache."""

from dataclasses import dataclass
from typing import SupportsIndex

import numpy as np
from numpy.typing import ArrayLike

from .arguments import Array, as_matrix, as_size
from .attention import causal_mask, scaled_dot_product_attention
from .errors import ShapeError
from .heads import concat_heads, split_heads
from .projection import linear, project


@dataclass(frozen=True, eq=False)
class KVCache:
    """Keys k (..., T, d_k) and values v (..., T, d_v) of the T tokens so far.

    The leading axes are those of what attends: none or (B,) for one head, (H,) or (B, H) for the heads of a layer.
    A cache never changes: `append` makes a longer one.
    """

    k: Array
    v: Array

    def __len__(self) -> int:
        """T, the number of tokens so far."""
        return int(self.k.shape[-2])

    def append(self, k: Array, v: Array) -> "KVCache":
        """A cache that holds these keys and values after its own.

        Raises ShapeError where they differ from its own in more than the number of tokens.
        """
        return KVCache(_appended("k", self.k, k), _appended("v", self.v, v))


def decode_step(
    x: ArrayLike, w_q: ArrayLike, w_k: ArrayLike, w_v: ArrayLike, *, cache: KVCache | None = None
) -> tuple[Array, KVCache]:
    """One step of one causal head: the output for the new tokens, and the cache to give to the next step.

    x (..., T_new, d_model) holds the new tokens: mostly one, at first perhaps a whole prompt. They follow those in the
    cache; without a cache they are the first. w_q and w_k (d_model, d_k) and w_v (d_model, d_v) give the output
    (..., T_new, d_v), equal to the last T_new rows of the causal head over all the tokens.

    Raises ShapeError for shapes that do not fit each other or the cache.
    """
    q, k, v = project(x, w_q, w_k, w_v)  # (..., T_new, d_k), (..., T_new, d_k), (..., T_new, d_v)
    return _attend_to_cache(q, k, v, cache)  # (..., T_new, d_v)


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
    """One step of a whole causal layer: the same with the weights of multi_head_attention, and one cache for all heads.

    x (..., T_new, d_model) gives the output (..., T_new, d_out), equal to the last T_new rows of
    multi_head_attention over all the tokens under a causal mask.

    Raises ShapeError for shapes that do not fit each other or the cache.
    """
    num_heads = as_size("num_heads", num_heads)
    q, k, v = project(x, w_q, w_k, w_v, num_heads=num_heads)
    w_o = as_matrix("w_o", w_o, v.shape[-1], "d_out")
    q = split_heads(q, num_heads)  # (..., H, T_new, d_k)
    k = split_heads(k, num_heads)  # (..., H, T_new, d_k)
    v = split_heads(v, num_heads)  # (..., H, T_new, d_v)
    heads, cache = _attend_to_cache(q, k, v, cache)  # (..., H, T_new, d_v)
    return linear(concat_heads(heads), w_o), cache  # (..., T_new, d_out)


def _attend_to_cache(q: Array, k: Array, v: Array, cache: KVCache | None) -> tuple[Array, KVCache]:
    """Append the new keys and values; let the new queries see those and all before them."""
    cache = KVCache(k, v) if cache is None else cache.append(k, v)
    mask = causal_mask(q.shape[-2], len(cache))  # (T_new, T)
    return scaled_dot_product_attention(q, cache.k, cache.v, mask), cache


def _appended(name: str, cached: Array, new: Array) -> Array:
    *leading, _, width = new.shape
    if (*cached.shape[:-2], cached.shape[-1]) != (*leading, width):
        axes = ", ".join(str(axis) for axis in (*leading, "T", width))
        raise ShapeError("cache", f"{name} of shape {cached.shape}", f"shape ({axes}), to go with the new tokens")
    return np.concatenate([cached, new], axis=-2)  # (..., T + T_new, width)
