"""Unit 6: right answers in other styles, and wrong ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.tests.answers import Right, Wrong


def _softmax(scores: Any, axis: int = -1) -> Any:
    exps = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return exps / exps.sum(axis=axis, keepdims=True)


def _lower(t: int) -> Any:
    return np.arange(t)[:, None] >= np.arange(t)


def _where(low: float = -np.inf, allowed: Callable[[int], Any] = _lower) -> Callable[..., Any]:
    def masked(scores: Any) -> Any:
        return np.where(allowed(scores.shape[-1]), scores, low)

    return masked


_causal = _where()


def _head(
    masked: Callable[..., Any] = _causal,
    weigh: Callable[..., Any] = _softmax,
    after: Callable[..., Any] = lambda weights: weights,
    root: Callable[..., Any] = lambda x, q: np.sqrt(q.shape[-1]),
    project: Callable[..., Any] = lambda x, a, b, c: (x @ a, x @ b, x @ c),
) -> dict[str, Any]:
    """A causal head with parts of one's own."""

    def causal_head(x: Any, w_q: Any, w_k: Any, w_v: Any) -> Any:
        q, k, v = project(x, w_q, w_k, w_v)
        scores = q @ np.swapaxes(k, -1, -2) / root(x, q)
        return after(weigh(masked(scores))) @ v

    return {"causal_head": causal_head}


# Right masks and heads


def _mask_by_loops(t: int) -> Any:
    mask = np.zeros((t, t), dtype=bool)
    for i in range(t):
        for j in range(i + 1):
            mask[i, j] = True
    return mask


def _head_by_prefixes(x: Any, w_q: Any, w_k: Any, w_v: Any) -> Any:
    """No mask at all: row t is computed from the first t + 1 tokens."""
    rows = []
    for t in range(x.shape[-2]):
        past = x[..., : t + 1, :]
        scores = (past[..., -1:, :] @ w_q) @ np.swapaxes(past @ w_k, -1, -2) / np.sqrt(w_q.shape[1])
        rows.append(_softmax(scores) @ (past @ w_v))
    return np.concatenate(rows, axis=-2)


def _head_row_by_row(x: Any, w_q: Any, w_k: Any, w_v: Any) -> Any:
    if x.ndim > 2:
        return np.stack([_head_row_by_row(one, w_q, w_k, w_v) for one in x])
    q, k, v = x @ w_q, x @ w_k, x @ w_v
    out = np.empty((len(x), w_v.shape[1]))
    for i in range(len(x)):
        scores = np.array([q[i] @ k[j] for j in range(i + 1)]) / q.shape[1] ** 0.5
        weights = np.exp(scores - scores.max())
        out[i] = sum(w * v[j] for j, w in enumerate(weights)) / weights.sum()
    return out


def _head_keys_first(x: Any, w_q: Any, w_k: Any, w_v: Any) -> Any:
    """K Q^T with the mask transposed and softmax over axis -2."""
    scores = (x @ w_k) @ np.swapaxes(x @ w_q, -1, -2) / np.sqrt(w_q.shape[1])
    return np.swapaxes(_softmax(np.where(_lower(x.shape[-2]).T, scores, -np.inf), -2), -1, -2) @ (x @ w_v)


def _head_einsum(x: Any, w_q: Any, w_k: Any, w_v: Any) -> Any:
    q, k, v = (np.einsum("...td,de->...te", x, w) for w in (w_q, w_k, w_v))
    scores = np.einsum("...ie,...je->...ij", q, k) * w_q.shape[-1] ** -0.5
    scores = scores + np.triu(np.full(scores.shape[-2:], -np.inf), 1)
    return np.einsum("...ij,...je->...ie", _softmax(scores), v)


def _head_float32(x: Any, w_q: Any, w_k: Any, w_v: Any) -> Any:
    x, w_q, w_k, w_v = (np.asarray(a, dtype=np.float32) for a in (x, w_q, w_k, w_v))
    scores = (x @ w_q) @ np.swapaxes(x @ w_k, -1, -2) / np.float32(np.sqrt(w_q.shape[1]))
    return _softmax(np.where(_lower(x.shape[-2]), scores, np.float32(-1e9))) @ (x @ w_v)


def _head_in_place(x: Any, w_q: Any, w_k: Any, w_v: Any) -> Any:
    scores = np.matmul(x @ w_q, (x @ w_k).mT) / np.sqrt(w_k.shape[-1])
    scores[..., ~np.tri(x.shape[-2]).astype(bool)] = -np.inf
    top = np.max(scores, -1)[..., None]
    log_sum = top + np.log(np.sum(np.exp(scores - top), -1, keepdims=True))
    return np.exp(scores - log_sum) @ (x @ w_v)


def _masked_first(x: Any, w_q: Any, w_k: Any, w_v: Any) -> Any:
    """The mask before the scale, in a batch flattened to one axis."""
    flat = x.reshape(-1, *x.shape[-2:])
    scores = np.where(_lower(x.shape[-2]), flat @ w_q @ (flat @ w_k).transpose(0, 2, 1), -1e30)
    made = _softmax(scores / np.sqrt(w_q.shape[1])) @ (flat @ w_v)
    return made.reshape(*x.shape[:-1], w_v.shape[1])


def _one_by_head(x: Any, w_q: Any, w_k: Any, w_v: Any) -> Any:
    return _head_by_prefixes(x, w_q, w_k, w_v)[..., [-1], :]


def _one_einsum(x: Any, w_q: Any, w_k: Any, w_v: Any) -> Any:
    scores = np.einsum("...e,...te->...t", x[..., -1, :] @ w_q, x @ w_k) / np.sqrt(w_q.shape[1])
    return np.einsum("...t,...te->...e", _softmax(scores), x @ w_v)[..., None, :]


def _step(token: Any, cache: Any, w_q: Any, w_k: Any, w_v: Any) -> Any:
    k = np.concatenate((cache["k"], token @ w_k), -2)
    v = np.concatenate((cache["v"], token @ w_v), -2)
    return _softmax(token @ w_q @ np.swapaxes(k, -1, -2) / np.sqrt(w_q.shape[1])) @ v, {"k": k, "v": v}


def _step_in_buffers(token: Any, cache: Any, w_q: Any, w_k: Any, w_v: Any) -> Any:
    t = cache["k"].shape[-2]
    grown = {}
    for name, w in (("k", w_k), ("v", w_v)):
        grown[name] = np.zeros((*token.shape[:-2], t + 1, w.shape[1]))
        grown[name][..., :t, :] = cache[name]
        grown[name][..., t, :] = (token @ w)[..., 0, :]
    scores = np.einsum("...ie,...te->...it", token @ w_q, grown["k"]) * w_q.shape[1] ** -0.5
    return [_softmax(scores) @ grown["v"], grown]


def _step_with_append(token: Any, cache: Any, w_q: Any, w_k: Any, w_v: Any) -> Any:
    cache = dict(cache)
    cache["k"] = np.append(cache["k"], np.matmul(token, w_k), axis=cache["k"].ndim - 2)
    cache["v"] = np.append(cache["v"], np.matmul(token, w_v), axis=cache["v"].ndim - 2)
    weights = _softmax(np.matmul(token @ w_q, cache["k"].mT) / w_q.shape[1] ** 0.5)
    return weights @ cache["v"], cache


def _step_in_two_parts(token: Any, cache: Any, w_q: Any, w_k: Any, w_v: Any) -> Any:
    """Old keys and the new one are weighed apart, with one sum for both."""
    q, k, v = token @ w_q, token @ w_k, token @ w_v
    old = np.exp(q @ np.swapaxes(cache["k"], -1, -2) / np.sqrt(q.shape[-1]))
    own = np.exp((q * k).sum(-1, keepdims=True) / np.sqrt(q.shape[-1]))
    output = (old @ cache["v"] + own * v) / (old.sum(-1, keepdims=True) + own)
    return output, {"v": np.concatenate([cache["v"], v], -2), "k": np.concatenate([cache["k"], k], -2)}


QUERY, KEY, VALUE = "project_q", "project_k", "project_v"


def _order(*steps: str) -> dict[str, Any]:
    return {"causal_steps": list(steps)}


RIGHT = (
    Right("mask by comparing", {"causal_mask": _lower}),
    Right("mask by loops", {"causal_mask": _mask_by_loops}),
    Right("mask as not the upper triangle", {"causal_mask": lambda t: ~np.triu(np.ones((t, t), dtype=bool), 1)}),
    Right("mask as a list of lists", {"causal_mask": lambda t: [[j <= i for j in range(t)] for i in range(t)]}),
    Right("mask before the scale", _order(QUERY, KEY, "scores", "mask", "scale", "softmax", VALUE, "mix")),
    Right("v first of all", _order(VALUE, KEY, QUERY, "scores", "scale", "mask", "softmax", "mix")),
    Right("v after the scores", _order(KEY, QUERY, "scores", VALUE, "mask", "scale", "softmax", "mix")),
    Right("head without a mask, by prefixes", {"causal_head": _head_by_prefixes}),
    Right("head row by row", {"causal_head": _head_row_by_row}),
    Right("head with keys first", {"causal_head": _head_keys_first}),
    Right("head by einsum, -inf added", {"causal_head": _head_einsum}),
    Right("head in float32 with -1e9", {"causal_head": _head_float32}),
    Right("head with the mask written in place, log-sum-exp", {"causal_head": _head_in_place}),
    Right("head with the mask before the scale", {"causal_head": _masked_first}),
    Right("head with -1e4 added", _head(lambda s: s + (1 - _lower(s.shape[-1])) * -1e4)),
    Right("head with the smallest float", _head(_where(np.finfo(float).min))),
    Right("one token by the whole head", {"one_token": _one_by_head}),
    Right("one token by einsum", {"one_token": _one_einsum}),
    Right("step into buffers, as a list", {"decode_step": _step_in_buffers}),
    Right("step with np.append and a copied dict", {"decode_step": _step_with_append}),
    Right("step in two parts", {"decode_step": _step_in_two_parts}),
)


# Wrong ones


def _zero_times_infinity(scores: Any) -> Any:
    return scores + (1.0 - np.tri(scores.shape[-1])) * -np.inf


def _kept(weights: Any) -> Any:
    return weights * np.tril(np.ones(weights.shape[-2:]))


def _renormalised(weights: Any) -> Any:
    return _kept(weights) / _kept(weights).sum(axis=-1)[..., None]


def _same(scores: Any) -> Any:
    return scores


def _overflowing(scores: Any) -> Any:
    exps = np.exp(scores)
    return exps / exps.sum(axis=-1, keepdims=True)


def _no_keepdims(scores: Any) -> Any:
    exps = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return exps / exps.sum(axis=-1)


def _scaled_late(x: Any, w_q: Any, w_k: Any, w_v: Any) -> Any:
    scores = np.where(_lower(x.shape[-2]), (x @ w_q) @ np.swapaxes(x @ w_k, -1, -2), -np.inf)
    return (_softmax(scores) / np.sqrt(w_q.shape[1])) @ (x @ w_v)


def _mask_of_first_axis(x: Any, w_q: Any, w_k: Any, w_v: Any) -> Any:
    scores = (x @ w_q) @ np.swapaxes(x @ w_k, -1, -2) / np.sqrt(w_q.shape[1])
    return _softmax(np.where(_lower(len(x)), scores, -np.inf)) @ (x @ w_v)


def _masked_exponentials(scores: Any) -> Any:
    exps = _kept(np.exp(scores - scores.max(-1, keepdims=True)))
    return exps / exps.sum(-1, keepdims=True)


def _masked_overflow(scores: Any) -> Any:
    exps = _kept(np.exp(scores))
    return exps / exps.sum(-1, keepdims=True)


def _softmax_over_the_query(token: Any, cache: Any, w_q: Any, w_k: Any, w_v: Any) -> Any:
    _, grown = _step(token, cache, w_q, w_k, w_v)
    scores = token @ w_q @ np.swapaxes(grown["k"], -1, -2) / np.sqrt(w_q.shape[1])
    return _softmax(scores, -2) @ grown["v"], grown


def _changes_x(x: Any, w_q: Any, w_k: Any, w_v: Any) -> Any:
    x -= 0.5
    return _head_by_prefixes(x + 0.5, w_q, w_k, w_v)


def _of_the_example(x: Any, w_q: Any, w_k: Any, w_v: Any) -> Any:
    scores = (x @ w_q) @ np.swapaxes(x @ w_k, -1, -2) / np.sqrt(3)
    return _softmax(np.where(_lower(x.shape[-2]), scores, -np.inf)) @ (x @ w_v)


def _one(
    query: Callable[[Any], Any] = lambda x: x[..., -1:, :],
    past: Callable[[Any], Any] = lambda x: x,
    root: Callable[..., Any] = lambda q, k: np.sqrt(q.shape[-1]),
) -> dict[str, Any]:
    def one_token(x: Any, w_q: Any, w_k: Any, w_v: Any) -> Any:
        q, k, v = query(x) @ w_q, past(x) @ w_k, past(x) @ w_v
        return _softmax(q @ np.swapaxes(k, -1, -2) / root(q, k)) @ v

    return {"one_token": one_token}


def _decode(
    queries: Callable[..., Any] = lambda token, cache, w_q: token @ w_q,
    key: Callable[..., Any] = lambda token, w_q, w_k, w_v: token @ w_k,
    value: Callable[..., Any] = lambda token, w_q, w_k, w_v: token @ w_v,
    join: Callable[..., Any] = lambda old, new: np.concatenate([old, new], axis=-2),
    seen: Callable[..., Any] = lambda old, new: new,
    handed_on: Callable[..., Any] = lambda old, new: new,
    root: Callable[..., Any] = lambda q, k: np.sqrt(q.shape[-1]),
    masked: Callable[..., Any] = lambda scores: scores,
) -> dict[str, Any]:
    """A step of decoding with parts of one's own. `seen` and `handed_on` choose from the old cache and the grown one."""

    def decode_step(token: Any, cache: Any, w_q: Any, w_k: Any, w_v: Any) -> Any:
        q = queries(token, cache, w_q)
        grown = {
            "k": join(cache["k"], key(token, w_q, w_k, w_v)),
            "v": join(cache["v"], value(token, w_q, w_k, w_v)),
        }
        used = seen(cache, grown)
        weights = _softmax(masked(q @ np.swapaxes(used["k"], -1, -2) / root(q, used["k"])))
        return weights @ used["v"], handed_on(cache, grown)

    return {"decode_step": decode_step}


def _newest(old: Any, new: Any) -> Any:
    return {name: rows[..., -1:, :] for name, rows in new.items()}


def _first(old: Any, new: Any) -> Any:
    return {name: rows[..., :1, :] for name, rows in new.items()}


def _grows_the_given_one(token: Any, cache: Any, w_q: Any, w_k: Any, w_v: Any) -> Any:
    cache["k"] = np.concatenate([cache["k"], token @ w_k], axis=-2)
    cache["v"] = np.concatenate([cache["v"], token @ w_v], axis=-2)
    q = token @ w_q
    return _softmax(q @ np.swapaxes(cache["k"], -1, -2) / np.sqrt(q.shape[-1])) @ cache["v"], cache


PAST: list[Any] = []


def _keeps_a_secret(token: Any, cache: Any, w_q: Any, w_k: Any, w_v: Any) -> Any:
    """Keeps the tokens in a list of its own, and has no use for the cache."""
    PAST.append(token)
    x = np.concatenate([past for past in PAST if past.shape == token.shape], axis=-2)
    return _head_by_prefixes(x, w_q, w_k, w_v)[..., -1:, :], {"k": x @ w_k, "v": x @ w_v}


def _projects_the_cache(token: Any, cache: Any, w_q: Any, w_k: Any, w_v: Any) -> Any:
    k = np.concatenate([cache["k"], token], axis=-2) @ w_k
    v = np.concatenate([cache["v"], token], axis=-2) @ w_v
    return _softmax(token @ w_q @ np.swapaxes(k, -1, -2) / np.sqrt(w_q.shape[1])) @ v, {"k": k, "v": v}


def _caches_tokens(token: Any, cache: Any, w_q: Any, w_k: Any, w_v: Any) -> Any:
    x = {name: np.concatenate([cache[name], token], axis=-2) for name in ("k", "v")}
    q, k, v = token @ w_q, x["k"] @ w_k, x["v"] @ w_v
    return _softmax(q @ np.swapaxes(k, -1, -2) / np.sqrt(w_q.shape[1])) @ v, x


def _adds_queries(token: Any, cache: Any, w_q: Any, w_k: Any, w_v: Any) -> Any:
    output, grown = _step(token, cache, w_q, w_k, w_v)
    q = token @ w_q
    return output, {**grown, "q": np.concatenate([cache["q"], q], axis=-2) if "q" in cache else q}


MASK, ORDER, HEAD = "causal_head.mask", "causal_head.order", "causal_head.head"
ONE, DECODE = "causal_head.one_token", "causal_head.decode"
P = (QUERY, KEY, VALUE)
WRONG = (
    Wrong(MASK, "shape only", {"causal_mask": lambda t: np.zeros((t, t), dtype=bool)}, 0, ()),
    Wrong(MASK, "the other triangle", {"causal_mask": lambda t: _lower(t).T}, 0, ("upper_triangle",)),
    Wrong(MASK, "True is forbidden", {"causal_mask": lambda t: ~_lower(t)}, 0, ("mask_marks_forbidden",)),
    Wrong(MASK, "no diagonal", {"causal_mask": lambda t: np.tril(np.ones((t, t)), -1) > 0}, 0, ("diagonal_excluded",)),
    Wrong(MASK, "one ahead", {"causal_mask": lambda t: np.tri(t, k=1, dtype=bool)}, 0, ("one_token_ahead",)),
    Wrong(MASK, "all allowed", {"causal_mask": lambda t: np.ones((t, t), dtype=bool)}, 0, ("mask_allows_all",)),
    Wrong(MASK, "numbers", {"causal_mask": lambda t: np.tri(t)}, 0.7, ()),
    Wrong(MASK, "whole numbers", {"causal_mask": lambda t: np.tril(np.ones((t, t), dtype=int))}, 0.7, ()),
    Wrong(MASK, "to add", {"causal_mask": lambda t: np.triu(np.full((t, t), -np.inf), 1)}, 0, ("mask_of_numbers_to_add",)),
    Wrong(MASK, "the diagonal only", {"causal_mask": lambda t: np.eye(t, dtype=bool)}, 0, ()),
    Wrong(MASK, "four tokens", {"causal_mask": lambda t: np.tri(4, dtype=bool)}, 0, ()),
    Wrong(ORDER, "mask after softmax", _order(*P, "scores", "scale", "softmax", "mask", "mix"), 0.4, ("minus_infinity_in_weights",)),
    Wrong(ORDER, "mask at the end", _order(*P, "scores", "scale", "softmax", "mix", "mask"), 0.7, ("mask_forgotten",)),
    Wrong(ORDER, "mask before the scores", _order(*P, "mask", "scores", "scale", "softmax", "mix"), 0, ()),
    Wrong(ORDER, "scale after softmax", _order(*P, "scores", "mask", "softmax", "scale", "mix"), 0.4, ("scale_after_softmax",)),
    Wrong(ORDER, "no mask", _order(*P, "scores", "scale", "softmax", "mix"), 0, ()),
    Wrong(HEAD, "mask forgotten", _head(_same), 0, ("mask_forgotten",)),
    Wrong(HEAD, "after softmax", _head(_same, after=_kept), 0, ("mask_after_softmax",)),
    Wrong(HEAD, "after softmax, renormalised", _head(_same, after=_renormalised), 0.9, ("mask_after_softmax_renormalised",)),
    Wrong(HEAD, "-inf after softmax", _head(_same, after=_causal), 0, ("minus_infinity_in_weights",)),
    Wrong(HEAD, "times zero", _head(lambda s: s * np.tri(s.shape[-1])), 0, ("mask_times_zero",)),
    Wrong(HEAD, "zero times infinity", _head(_zero_times_infinity), 0, ("zero_times_infinity",)),
    Wrong(HEAD, "minus one", _head(_where(-1)), 0, ("masked_with_minus_one",)),
    Wrong(HEAD, "minus a hundred", _head(_where(-100)), 0.9, ("masked_with_small_number",)),
    Wrong(HEAD, "minus a thousand, added", _head(lambda s: s + (1 - np.tri(s.shape[-1])) * -1000), 0.9, ()),
    Wrong(HEAD, "minus a thousand", _head(_where(-1000)), 0.9, ("masked_with_small_number",)),
    Wrong(HEAD, "the mask itself added", _head(lambda s: s + _lower(s.shape[-1])), 0, ("mask_added",)),
    Wrong(HEAD, "inverted", _head(_where(allowed=lambda t: ~_lower(t))), 0, ("mask_inverted",)),
    Wrong(HEAD, "inverted, -1e9", _head(_where(-1e9, lambda t: ~_lower(t))), 0, ("mask_marks_forbidden",)),
    Wrong(HEAD, "upper triangle", _head(_where(allowed=lambda t: np.triu(np.ones((t, t))) > 0)), 0, ("upper_triangle",)),
    Wrong(HEAD, "no diagonal", _head(_where(allowed=lambda t: np.tri(t, k=-1) > 0)), 0, ("diagonal_excluded",)),
    Wrong(HEAD, "no diagonal, -1e9", _head(_where(-1e9, lambda t: np.tri(t, k=-1) > 0)), 0, ("diagonal_excluded",)),
    Wrong(HEAD, "one ahead", _head(_where(allowed=lambda t: np.tri(t, k=1) > 0)), 0, ("one_token_ahead",)),
    Wrong(HEAD, "no scale", _head(root=lambda x, q: 1), 0.4, ("no_scale",)),
    Wrong(HEAD, "sqrt(T)", _head(root=lambda x, q: np.sqrt(q.shape[-2])), 0.4, ("sqrt_t",)),
    Wrong(HEAD, "sqrt(d_model)", _head(root=lambda x, q: np.sqrt(x.shape[-1])), 0.4, ("sqrt_d_model",)),
    Wrong(HEAD, "d_k", _head(root=lambda x, q: q.shape[-1]), 0.4, ("by_d_k",)),
    Wrong(HEAD, "sqrt(3)", {"causal_head": _of_the_example}, 0.4, ("size_of_the_example",)),
    Wrong(HEAD, "half the weights", _head(root=lambda x, q: 1, after=lambda w: w / 2), 0, ()),
    Wrong(HEAD, "scale after softmax", {"causal_head": _scaled_late}, 0, ("scale_after_softmax",)),
    Wrong(HEAD, "mask of len(x)", {"causal_head": _mask_of_first_axis}, 0.75, ("mask_from_first_axis",)),
    Wrong(HEAD, "exponentials masked", _head(_same, _masked_exponentials), 0.9, ("mask_after_softmax_renormalised",)),
    Wrong(HEAD, "exponentials masked, overflow", _head(_same, _masked_overflow), 0.9, ("softmax_overflows",)),
    Wrong(HEAD, "only the last two tokens", _head(_where(allowed=lambda t: _lower(t) & ~np.tri(t, k=-2, dtype=bool))), 0.15, ()),
    Wrong(HEAD, "over everything", _head(weigh=lambda s: np.exp(s - s.max()) / np.exp(s - s.max()).sum()), 0, ("softmax_over_everything",)),
    Wrong(HEAD, "keys by queries", _head(project=lambda x, a, b, c: (x @ b, x @ a, x @ c)), 0.4, ("w_q_and_w_k_swapped",)),
    Wrong(HEAD, "queries not projected", _head(project=lambda x, a, b, c: (x, x @ b, x @ c)), 0, ("queries_not_projected",)),
    Wrong(HEAD, "weights transposed", _head(after=lambda w: np.swapaxes(w, -1, -2)), 0, ("weights_transposed_in_mix",)),
    Wrong(HEAD, "first of the batch", {"causal_head": lambda x, *w: _head_by_prefixes(x[0] if x.ndim > 2 else x, *w)}, 0.75, ("first_of_batch",)),
    Wrong(HEAD, "squeezed", {"causal_head": lambda x, *w: _head_by_prefixes(x, *w).squeeze()}, 0.7, ("batch_squeezed",)),
    Wrong(HEAD, "integer buffer", {"causal_head": lambda x, *w: _head_by_prefixes(x, *w).astype(x.dtype)}, 0.9, ("integer_result",)),
    Wrong(HEAD, "NaN", {"causal_head": lambda x, a, b, c: np.full((*x.shape[:-1], c.shape[1]), np.nan)}, 0, ("zero_times_infinity",)),
    Wrong(HEAD, "softmax over queries", _head(weigh=lambda s: _softmax(s, -2)), 0, ("softmax_over_queries",)),
    Wrong(HEAD, "no keepdims", _head(weigh=_no_keepdims), 0.15, ("sum_without_keepdims",)),
    Wrong(HEAD, "overflow", _head(weigh=_overflowing), 0.9, ("softmax_overflows",)),
    Wrong(HEAD, "one maximum", _head(weigh=lambda s: _overflowing(s - s.max())), 0.9, ("one_maximum_for_all",)),
    Wrong(HEAD, "values not projected", _head(project=lambda x, a, b, c: (x @ a, x @ b, x)), 0, ("values_not_projected",)),
    Wrong(HEAD, "w_q for keys", _head(project=lambda x, a, b, c: (x @ a, x @ a, x @ c)), 0.4, ("w_q_for_keys",)),
    Wrong(HEAD, "w_k for values", _head(project=lambda x, a, b, c: (x @ a, x @ b, x @ b)), 0, ("w_k_for_values",)),
    Wrong(HEAD, "average of the past", _head(weigh=lambda s: np.isfinite(s) / np.isfinite(s).sum(-1, keepdims=True)), 0.4, ()),
    Wrong(HEAD, "itself only", {"causal_head": lambda x, a, b, c: x @ c}, 0.15, ("values_not_mixed",)),
    Wrong(HEAD, "changes x", {"causal_head": _changes_x}, 0.9, ("input_changed",)),
    Wrong(HEAD, "no scale and over queries", _head(weigh=lambda s: _softmax(s, -2), root=lambda x, q: 1), 0, ("no_scale", "softmax_over_queries")),
    Wrong(HEAD, "no return", {"causal_head": lambda x, a, b, c: None}, 0, ()),
    Wrong(ONE, "first token asks", _one(lambda x: x[..., :1, :]), 0.4, ("first_token_asks",)),
    Wrong(ONE, "the mean asks", _one(lambda x: x.mean(-2, keepdims=True)), 0.4, ("mean_of_tokens_asks",)),
    Wrong(ONE, "all ask", _one(lambda x: x), 0.15, ("all_tokens_ask",)),
    Wrong(ONE, "the whole causal head", {"one_token": _head_by_prefixes}, 0.15, ("all_tokens_ask",)),
    Wrong(ONE, "itself only", {"one_token": lambda x, a, b, c: x[..., -1:, :] @ c}, 0.15, ("itself_only",)),
    Wrong(ONE, "not itself", _one(past=lambda x: x[..., :-1, :]), 0, ("not_itself",)),
    Wrong(ONE, "no axis", {"one_token": lambda *a: _one_by_head(*a)[..., 0, :]}, 0, ("token_axis_dropped",)),
    Wrong(ONE, "no scale", _one(root=lambda q, k: 1), 0.4, ("no_scale",)),
    Wrong(ONE, "sqrt(t)", _one(root=lambda q, k: np.sqrt(k.shape[-2])), 0.4, ("sqrt_t",)),
    Wrong(ONE, "average of all", {"one_token": lambda x, a, b, c: (x @ c).mean(-2, keepdims=True)}, 0.4, ("values_averaged",)),
    Wrong(ONE, "x[-1:]", _one(lambda x: x[-1:]), 0.8, ("last_of_first_axis",)),
    Wrong(ONE, "hard-coded sqrt(3)", _one(root=lambda q, k: 3**0.5), 0.4, ("size_of_the_example",)),
    Wrong(ONE, "the last but one", _one(lambda x: x[..., -2:-1, :]), 0.25, ()),
    Wrong(DECODE, "not appended", _decode(handed_on=lambda old, new: old), 0.35, ("cache_not_grown",)),
    Wrong(DECODE, "attends first", _decode(seen=lambda old, new: old), 0.25, ("attends_before_appending",)),
    Wrong(DECODE, "replaced", _decode(seen=_newest, handed_on=_newest), 0, ("cache_replaced",)),
    Wrong(DECODE, "itself only", _decode(seen=_newest), 0.25, ("cache_not_used",)),
    Wrong(DECODE, "hands on the newest", _decode(handed_on=_newest), 0.35, ("only_newest_kept",)),
    Wrong(DECODE, "in front", _decode(join=lambda a, b: np.concatenate([b, a], axis=-2)), 0.5, ("appended_in_front",)),
    Wrong(DECODE, "on the first axis", _decode(join=lambda a, b: np.concatenate([a, b])), 0.7, ("appended_on_first_axis",)),
    Wrong(DECODE, "on the last axis", _decode(join=lambda a, b: np.concatenate([a, b], axis=-1)), 0, ()),
    Wrong(DECODE, "swapped", _decode(handed_on=lambda old, new: {"k": new["v"], "v": new["k"]}), 0.35, ("k_and_v_swapped_in_cache",)),
    Wrong(DECODE, "key as value", _decode(value=lambda x, a, b, c: x @ b), 0, ("key_cached_as_value",)),
    Wrong(DECODE, "value as key", _decode(key=lambda x, a, b, c: x @ c), 0, ("value_cached_as_key",)),
    Wrong(DECODE, "query as key", _decode(key=lambda x, a, b, c: x @ a), 0, ("query_cached_as_key",)),
    Wrong(DECODE, "token as key and value", _decode(key=lambda x, *w: x, value=lambda x, *w: x), 0, ("tokens_cached",)),
    Wrong(DECODE, "caches tokens", {"decode_step": _caches_tokens}, 0, ("tokens_cached",)),
    Wrong(DECODE, "projects the cache", {"decode_step": _projects_the_cache}, 0, ("cache_projected_again",)),
    Wrong(DECODE, "caches queries too", {"decode_step": _adds_queries}, 0.5, ("queries_cached",)),
    Wrong(DECODE, "cached keys ask", _decode(lambda x, old, w: np.concatenate([old["k"], x @ w], axis=-2)), 0.25, ("cached_keys_as_queries",)),
    Wrong(DECODE, "first key only", _decode(seen=_first), 0.25, ("first_key_only",)),
    Wrong(DECODE, "first row of a mask", _decode(masked=lambda s: np.where(np.tri(1, s.shape[-1]) > 0, s, -np.inf)), 0.25, ("first_key_only",)),
    Wrong(DECODE, "a whole triangle", _decode(masked=_causal), 0.25, ("triangle_in_a_step",)),
    Wrong(DECODE, "changes the cache", {"decode_step": _grows_the_given_one}, 0.9, ("input_changed",)),
    Wrong(DECODE, "keeps a secret", {"decode_step": _keeps_a_secret}, 0, ("keeps_state",)),
    Wrong(DECODE, "no scale", _decode(root=lambda q, k: 1), 0.25, ("no_scale",)),
    Wrong(DECODE, "sqrt(t)", _decode(root=lambda q, k: np.sqrt(k.shape[-2])), 0.25, ("sqrt_t",)),
    Wrong(DECODE, "sqrt(d_model)", {"decode_step": lambda x, c, a, *w: _decode(root=lambda q, k: np.sqrt(x.shape[-1]))["decode_step"](x, c, a, *w)}, 0.25, ("sqrt_d_model",)),
    Wrong(DECODE, "softmax over the query", {"decode_step": _softmax_over_the_query}, 0.25, ("softmax_over_queries",)),
    Wrong(DECODE, "appends twice", _decode(join=lambda a, b: np.concatenate([a, b, b], axis=-2)), 0.15, ()),
    Wrong(DECODE, "flattens", _decode(join=np.append), 0, ()),
    Wrong(DECODE, "keeps the last three", _decode(join=lambda a, b: np.concatenate([a[..., -2:, :], b], axis=-2)), 0.1, ()),
    Wrong(DECODE, "output only", {"decode_step": lambda *a: _step(*a)[0]}, 0.35, ()),
    Wrong(DECODE, "cache first", {"decode_step": lambda *a: _step(*a)[::-1]}, 0, ()),
    Wrong(DECODE, "cache as a pair", {"decode_step": lambda *a: (_step(*a)[0], tuple(_step(*a)[1].values()))}, 0.35, ()),
    Wrong(DECODE, "zeros", {"decode_step": lambda x, c, a, b, v: (np.zeros((*x.shape[:-1], v.shape[1])), c)}, 0, ()),
)  # fmt: skip
