"""One attention layer as replaceable stages, and the functions that learners write, put together from them.

With no stage replaced every function here equals the one in `reference_impl`; a test holds them together.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from reference_impl import add_block, causal_mask, plain, share_heads

Array = NDArray[Any]


@dataclass(frozen=True)
class Sizes:
    """The sizes a step may know. None where the function at hand cannot know it."""

    d_k: int
    d_v: int | None = None
    d_model: int | None = None
    num_heads: int | None = None
    t_q: int | None = None


def transposed(x: Array) -> Array:
    """The last two axes swapped: (..., T, d) to (..., d, T)."""
    return x.swapaxes(-1, -2)


def scale(scores: Array, sizes: Sizes) -> Array:
    return plain.scale(scores, sizes.d_k)  # (..., T_q, T_k)


def softmax(scores: Array) -> Array:
    """The softmax that learners write, in which a row of nothing but -inf gives NaN; `empty_rows` then makes it zeros."""
    with np.errstate(invalid="ignore"):
        exps = np.exp(scores - scores.max(axis=-1, keepdims=True))  # (..., T_q, T_k)
        return exps / exps.sum(axis=-1, keepdims=True)  # (..., T_q, T_k)


def empty_rows(weights: Array, mask: Array | None) -> Array:
    """Zeros for every query that may attend to nothing."""
    return weights if mask is None else np.where(mask.any(axis=-1, keepdims=True), weights, 0)  # (..., T_q, T_k)


def same_weights(weights: Array, mask: Array | None, sizes: Sizes) -> Array:
    return weights  # (..., T_q, T_k)


@lru_cache(32)
def same_causal_mask(t_q: int, t_k: int) -> Array:
    """`causal_mask`, made once for each pair of sizes: a diagnosis needs the same one a thousand times."""
    mask = causal_mask(t_q, t_k)  # (T_q, T_k)
    mask.setflags(write=False)
    return mask


def unfuse(c_attn: Array, num_heads: int) -> tuple[Array, Array, Array]:
    """w_q, w_k and w_v, each (H, d_model, d), of a fused matrix (d_model, 3·d_model)."""
    w_q, w_k, w_v = np.moveaxis(c_attn.reshape(len(c_attn), 3, num_heads, -1), 0, 2)
    return w_q, w_k, w_v


def rows_of_head(w_o: Array, h: int, num_heads: int) -> Array:
    d_v = w_o.shape[0] // num_heads
    return w_o[h * d_v : (h + 1) * d_v]  # (d_v, d_out)


class NewToken(NamedTuple):
    """What one step of decoding has beside the cache: the token, its projections, and the weights."""

    x: Array
    q: Array
    k: Array
    v: Array
    w_k: Array
    w_v: Array


Cache = dict[str, Array]


def append(old: Cache, new: NewToken) -> Cache:
    """The cache with the new token's key and value behind its own: k (..., t+1, d_k), v (..., t+1, d_v)."""
    return {"k": np.concatenate([old["k"], new.k], axis=-2), "v": np.concatenate([old["v"], new.v], axis=-2)}


def remember(old: Cache, new: NewToken) -> tuple[Array, Cache, Cache]:
    """The queries, what they attend to, and the cache that is handed on."""
    grown = append(old, new)
    return new.q, grown, grown


def last_token(x: Array) -> tuple[Array, Array]:
    """Whose output is wanted, and which tokens it attends to."""
    return x[..., -1:, :], x  # (..., 1, d_model), (..., T, d_model)


def divide(output: Array, total: Array) -> Array:
    """What the blocks have added up, divided by the total; zeros for a query that has seen no key."""
    return output / np.where(total == 0, 1, total)  # (..., T_q, d_v)


def same_input(x: Array) -> Array:
    return x


def same_result(result: Array, x: Array) -> Array:
    return result


@dataclass(frozen=True)
class Stages:
    """The stages of a layer, each a function of arrays; a mistake replaces one or more of them."""

    unfuse: Callable[[Array, int], tuple[Array, Array, Array]] = unfuse
    prepare: Callable[[Array], Array] = same_input
    project: Callable[..., tuple[Array, Array, Array]] = plain.project
    split: Callable[[Array, int], Array] = plain.split_heads
    share: Callable[[Array, int], Array] = share_heads
    score: Callable[[Array, Array], Array] = plain.score
    scale: Callable[[Array, Sizes], Array] = scale
    causal_mask: Callable[[int, int], Array] = same_causal_mask
    mask_scores: Callable[[Array, Array | None], Array] = plain.mask_scores
    softmax: Callable[[Array], Array] = softmax
    empty_rows: Callable[[Array, Array | None], Array] = empty_rows
    after_softmax: Callable[[Array, Array | None, Sizes], Array] = same_weights
    mix: Callable[[Array, Array], Array] = plain.mix
    concat: Callable[[Array], Array] = plain.concat_heads
    output: Callable[[Array, Array], Array] = plain.project_output
    rows_of_head: Callable[[Array, int, int], Array] = rows_of_head
    last_token: Callable[[Array], tuple[Array, Array]] = last_token
    remember: Callable[[Cache, NewToken], tuple[Array, Cache, Cache]] = remember
    add_block: Callable[..., tuple[Array, Array, Array]] = add_block
    divide: Callable[[Array, Array], Array] = divide
    finish: Callable[[Array, Array], Array] = same_result


Recipe = Callable[[Stages], Callable[..., Any]]


def scaled_scores(stages: Stages) -> Callable[..., Array]:
    def function(q: Array, k: Array) -> Array:
        return stages.scale(stages.score(q, k), Sizes(q.shape[-1], t_q=q.shape[-2]))  # (..., T_q, T_k)

    return function


def attend(stages: Stages, q: Array, k: Array, v: Array, mask: Array | None, sizes: Sizes) -> Array:
    """Scores, scale, mask, softmax, empty rows, mix: (..., T_q, d_v)."""
    scores = stages.scale(stages.score(q, k), sizes)  # (..., T_q, T_k)
    weights = stages.empty_rows(stages.softmax(stages.mask_scores(scores, mask)), mask)  # (..., T_q, T_k)
    return stages.mix(stages.after_softmax(weights, mask, sizes), v)  # (..., T_q, d_v)


def scaled_dot_product_attention(stages: Stages) -> Callable[..., Array]:
    def function(q: Array, k: Array, v: Array, mask: Array | None = None) -> Array:
        return attend(stages, q, k, v, mask, Sizes(q.shape[-1], v.shape[-1], t_q=q.shape[-2]))  # (..., T_q, d_v)

    return function


def _head(stages: Stages, x: Array, context: Array, w_q: Array, w_k: Array, w_v: Array, mask: Array | None) -> Array:
    x, context = stages.prepare(x), stages.prepare(context)
    q, k, v = stages.project(x, context, w_q, w_k, w_v)  # (..., T_q, d_k), (..., T_k, d_k), (..., T_k, d_v)
    sizes = Sizes(q.shape[-1], v.shape[-1], x.shape[-1], 1, x.shape[-2])
    return stages.finish(attend(stages, q, k, v, mask, sizes), x)  # (..., T_q, d_v)


def attention_head(stages: Stages) -> Callable[..., Array]:
    def function(x: Array, w_q: Array, w_k: Array, w_v: Array) -> Array:
        return _head(stages, x, x, w_q, w_k, w_v, None)  # (..., T, d_v)

    return function


def several_heads(stages: Stages) -> Callable[..., Array]:
    def function(x: Array, w_q: Sequence[Array], w_k: Sequence[Array], w_v: Sequence[Array]) -> Array:
        head = attention_head(stages)
        return np.stack([head(x, *of_head) for of_head in zip(w_q, w_k, w_v, strict=True)])  # (H, ..., T, d_v)

    return function


def causal_head(stages: Stages) -> Callable[..., Array]:
    def function(x: Array, w_q: Array, w_k: Array, w_v: Array) -> Array:
        t = x.shape[-2]
        return _head(stages, x, x, w_q, w_k, w_v, stages.causal_mask(t, t))  # (..., T, d_v)

    return function


def one_token(stages: Stages) -> Callable[..., Array]:
    def function(x: Array, w_q: Array, w_k: Array, w_v: Array) -> Array:
        x = stages.prepare(x)
        token, past = stages.last_token(x)  # (..., 1, d_model), (..., T, d_model)
        q, k, v = stages.project(token, past, w_q, w_k, w_v)  # (..., 1, d_k), (..., T, d_k), (..., T, d_v)
        sizes = Sizes(q.shape[-1], v.shape[-1], x.shape[-1], 1, x.shape[-2])
        return stages.finish(attend(stages, q, k, v, None, sizes), x)  # (..., 1, d_v)

    return function


def decode_step(stages: Stages) -> Callable[..., tuple[Array, Cache]]:
    def function(token: Array, cache: Cache, w_q: Array, w_k: Array, w_v: Array) -> tuple[Array, Cache]:
        token = stages.prepare(token)
        q, k, v = stages.project(token, token, w_q, w_k, w_v)  # (..., 1, d_k), (..., 1, d_k), (..., 1, d_v)
        q, seen, kept = stages.remember(cache, NewToken(token, q, k, v, w_k, w_v))
        sizes = Sizes(q.shape[-1], v.shape[-1], token.shape[-1], 1, seen["k"].shape[-2])
        return stages.finish(attend(stages, q, seen["k"], seen["v"], None, sizes), token), kept  # (..., 1, d_v)

    return function


def apply_w_o(stages: Stages) -> Callable[..., Array]:
    def function(heads: Array, w_o: Array) -> Array:
        return stages.output(stages.concat(heads), w_o)  # (..., T, d_out)

    return function


def contributions(stages: Stages) -> Callable[..., Array]:
    def function(heads: Array, w_o: Array) -> Array:
        num_heads = heads.shape[-3]
        parts = [heads[..., h, :, :] @ stages.rows_of_head(w_o, h, num_heads) for h in range(num_heads)]
        return np.stack(parts, axis=-3)  # (..., H, T, d_out)

    return function


def multi_head_attention(stages: Stages) -> Callable[..., Array]:
    def function(
        x: Array,
        w_q: Array,
        w_k: Array,
        w_v: Array,
        w_o: Array,
        num_heads: int,
        context: Array | None = None,
        mask: Array | None = None,
    ) -> Array:
        x = stages.prepare(x)
        context = x if context is None else stages.prepare(context)
        q, k, v = stages.project(x, context, w_q, w_k, w_v)  # (..., T, H·d)
        q, k, v = (stages.split(part, num_heads) for part in (q, k, v))  # (..., H, T, d)
        sizes = Sizes(q.shape[-1], v.shape[-1], x.shape[-1], num_heads, x.shape[-2])
        heads = attend(stages, q, k, v, mask, sizes)  # (..., H, T_q, d_v)
        return stages.finish(stages.output(stages.concat(heads), w_o), x)  # (..., T_q, d_out)

    return function


def attention_weights(stages: Stages) -> Callable[..., Array]:
    def function(x: Array, c_attn: Array, num_heads: int) -> Array:
        w_q, w_k, w_v = (_side_by_side(w) for w in stages.unfuse(c_attn, num_heads))  # (d_model, H·d)
        q, k, _ = stages.project(x, x, w_q, w_k, w_v)  # (..., T, H·d)
        q, k = stages.split(q, num_heads), stages.split(k, num_heads)  # (..., H, T, d)
        t = x.shape[-2]
        mask = stages.causal_mask(t, t)
        sizes = Sizes(q.shape[-1], q.shape[-1], x.shape[-1], num_heads, t)
        weights = stages.softmax(stages.mask_scores(stages.scale(stages.score(q, k), sizes), mask))  # (..., H, T, T)
        return stages.after_softmax(stages.empty_rows(weights, mask), mask, sizes)

    return function


def fused_layer(stages: Stages) -> Callable[..., Array]:
    layer = multi_head_attention(stages)

    def function(x: Array, c_attn: Array, w_o: Array, num_heads: int) -> Array:
        w_q, w_k, w_v = (_side_by_side(w) for w in stages.unfuse(c_attn, num_heads))  # (d_model, H·d)
        t = x.shape[-2]
        return layer(x, w_q, w_k, w_v, w_o, num_heads, mask=stages.causal_mask(t, t))  # (..., T, d_out)

    return function


def _side_by_side(matrices: Array) -> Array:
    """(H, d_model, d) to (d_model, H·d)."""
    return np.concatenate(list(matrices), axis=1)


def grouped_layer(stages: Stages) -> Callable[..., Array]:
    def function(x: Array, w_q: Array, w_k: Array, w_v: Array, w_o: Array, num_heads: int, num_groups: int) -> Array:
        q, k, v = stages.project(x, x, w_q, w_k, w_v)  # (..., T, H·d_k), (..., T, G·d_k), (..., T, G·d_v)
        q, k, v = stages.split(q, num_heads), stages.split(k, num_groups), stages.split(v, num_groups)
        k, v = stages.share(k, num_heads), stages.share(v, num_heads)  # (..., H, T, d_k), (..., H, T, d_v)
        t = x.shape[-2]
        sizes = Sizes(q.shape[-1], v.shape[-1], x.shape[-1], num_heads, t)
        heads = attend(stages, q, k, v, stages.causal_mask(t, t), sizes)  # (..., H, T, d_v)
        return stages.finish(stages.output(stages.concat(heads), w_o), x)  # (..., T, d_out)

    return function


# The keys (N, d_k), values (N, d_v) and mask (T_q, N) of the N keys from a start up to, but not including, a stop.
Read = Callable[[int, int], tuple[Array, Array, Array]]


def in_blocks(stages: Stages) -> Callable[..., Array]:
    def function(q: Array, read: Read, num_keys: int, size: int) -> Array:
        maximum, total, output = np.full((len(q), 1), -np.inf), np.zeros((len(q), 1)), None
        for start in range(0, num_keys, size):
            k, v, allowed = read(start, min(start + size, num_keys))
            output = np.zeros((len(q), v.shape[1])) if output is None else output
            scores = stages.scale(stages.score(q, k), Sizes(q.shape[-1], v.shape[-1], t_q=len(q)))  # (T_q, N)
            maximum, total, output = stages.add_block(maximum, total, output, stages.mask_scores(scores, allowed), v)
        assert output is not None
        return stages.divide(output, total)  # (T_q, d_v)

    return function
