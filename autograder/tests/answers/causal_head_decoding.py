"""Unit 6, one token and decoding: right answers in other styles, and wrong ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.tests.answers import Right, Wrong


def softmax(scores: Any, axis: int = -1) -> Any:
    exps = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return exps / exps.sum(axis=axis, keepdims=True)


def head_by_prefixes(x: Any, w_q: Any, w_k: Any, w_v: Any) -> Any:
    """No mask at all: row t is computed from the first t + 1 tokens."""
    rows = []
    for t in range(x.shape[-2]):
        past = x[..., : t + 1, :]
        scores = (past[..., -1:, :] @ w_q) @ np.swapaxes(past @ w_k, -1, -2) / np.sqrt(w_q.shape[1])
        rows.append(softmax(scores) @ (past @ w_v))
    return np.concatenate(rows, axis=-2)


def _one_by_head(x: Any, w_q: Any, w_k: Any, w_v: Any) -> Any:
    return head_by_prefixes(x, w_q, w_k, w_v)[..., [-1], :]


def _one_einsum(x: Any, w_q: Any, w_k: Any, w_v: Any) -> Any:
    scores = np.einsum("...e,...te->...t", x[..., -1, :] @ w_q, x @ w_k) / np.sqrt(w_q.shape[1])
    return np.einsum("...t,...te->...e", softmax(scores), x @ w_v)[..., None, :]


def _step(token: Any, cache: Any, w_q: Any, w_k: Any, w_v: Any) -> Any:
    k = np.concatenate((cache["k"], token @ w_k), -2)
    v = np.concatenate((cache["v"], token @ w_v), -2)
    return softmax(token @ w_q @ np.swapaxes(k, -1, -2) / np.sqrt(w_q.shape[1])) @ v, {"k": k, "v": v}


def _step_in_buffers(token: Any, cache: Any, w_q: Any, w_k: Any, w_v: Any) -> Any:
    t = cache["k"].shape[-2]
    grown = {}
    for name, w in (("k", w_k), ("v", w_v)):
        grown[name] = np.zeros((*token.shape[:-2], t + 1, w.shape[1]))
        grown[name][..., :t, :] = cache[name]
        grown[name][..., t, :] = (token @ w)[..., 0, :]
    scores = np.einsum("...ie,...te->...it", token @ w_q, grown["k"]) * w_q.shape[1] ** -0.5
    return [softmax(scores) @ grown["v"], grown]


def _step_with_append(token: Any, cache: Any, w_q: Any, w_k: Any, w_v: Any) -> Any:
    cache = dict(cache)
    cache["k"] = np.append(cache["k"], np.matmul(token, w_k), axis=cache["k"].ndim - 2)
    cache["v"] = np.append(cache["v"], np.matmul(token, w_v), axis=cache["v"].ndim - 2)
    weights = softmax(np.matmul(token @ w_q, cache["k"].mT) / w_q.shape[1] ** 0.5)
    return weights @ cache["v"], cache


def _step_in_two_parts(token: Any, cache: Any, w_q: Any, w_k: Any, w_v: Any) -> Any:
    """Old keys and the new one are weighed apart, with one sum for both."""
    q, k, v = token @ w_q, token @ w_k, token @ w_v
    old = np.exp(q @ np.swapaxes(cache["k"], -1, -2) / np.sqrt(q.shape[-1]))
    own = np.exp((q * k).sum(-1, keepdims=True) / np.sqrt(q.shape[-1]))
    output = (old @ cache["v"] + own * v) / (old.sum(-1, keepdims=True) + own)
    return output, {"v": np.concatenate([cache["v"], v], -2), "k": np.concatenate([cache["k"], k], -2)}


RIGHT = (
    Right("one token by the whole head", {"one_token": _one_by_head}),
    Right("one token by einsum", {"one_token": _one_einsum}),
    Right("step into buffers, as a list", {"decode_step": _step_in_buffers}),
    Right("step with np.append and a copied dict", {"decode_step": _step_with_append}),
    Right("step in two parts", {"decode_step": _step_in_two_parts}),
)


# Wrong ones


def _one(
    query: Callable[[Any], Any] = lambda x: x[..., -1:, :],
    past: Callable[[Any], Any] = lambda x: x,
    root: Callable[..., Any] = lambda q, k: np.sqrt(q.shape[-1]),
) -> dict[str, Any]:
    def one_token(x: Any, w_q: Any, w_k: Any, w_v: Any) -> Any:
        q, k, v = query(x) @ w_q, past(x) @ w_k, past(x) @ w_v
        return softmax(q @ np.swapaxes(k, -1, -2) / root(q, k)) @ v

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
        weights = softmax(masked(q @ np.swapaxes(used["k"], -1, -2) / root(q, used["k"])))
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
    return softmax(q @ np.swapaxes(cache["k"], -1, -2) / np.sqrt(q.shape[-1])) @ cache["v"], cache


PAST: list[Any] = []


def _keeps_a_secret(token: Any, cache: Any, w_q: Any, w_k: Any, w_v: Any) -> Any:
    """Keeps the tokens in a list of its own, and has no use for the cache."""
    PAST.append(token)
    del PAST[:-20]
    x = np.concatenate([past for past in PAST if past.shape == token.shape], axis=-2)
    return head_by_prefixes(x, w_q, w_k, w_v)[..., -1:, :], {"k": x @ w_k, "v": x @ w_v}


def _projects_the_cache(token: Any, cache: Any, w_q: Any, w_k: Any, w_v: Any) -> Any:
    k = np.concatenate([cache["k"], token], axis=-2) @ w_k
    v = np.concatenate([cache["v"], token], axis=-2) @ w_v
    return softmax(token @ w_q @ np.swapaxes(k, -1, -2) / np.sqrt(w_q.shape[1])) @ v, {"k": k, "v": v}


def _caches_tokens(token: Any, cache: Any, w_q: Any, w_k: Any, w_v: Any) -> Any:
    x = {name: np.concatenate([cache[name], token], axis=-2) for name in ("k", "v")}
    q, k, v = token @ w_q, x["k"] @ w_k, x["v"] @ w_v
    return softmax(q @ np.swapaxes(k, -1, -2) / np.sqrt(w_q.shape[1])) @ v, x


def _adds_queries(token: Any, cache: Any, w_q: Any, w_k: Any, w_v: Any) -> Any:
    output, grown = _step(token, cache, w_q, w_k, w_v)
    q = token @ w_q
    return output, {**grown, "q": np.concatenate([cache["q"], q], axis=-2) if "q" in cache else q}


def _softmax_over_the_query(token: Any, cache: Any, w_q: Any, w_k: Any, w_v: Any) -> Any:
    _, grown = _step(token, cache, w_q, w_k, w_v)
    scores = token @ w_q @ np.swapaxes(grown["k"], -1, -2) / np.sqrt(w_q.shape[1])
    return softmax(scores, -2) @ grown["v"], grown


ONE, DECODE = "causal_head.one_token", "causal_head.decode"
WRONG = (
    Wrong(ONE, "first token asks", _one(lambda x: x[..., :1, :]), 0.4, ("first_token_asks",)),
    Wrong(ONE, "the mean asks", _one(lambda x: x.mean(-2, keepdims=True)), 0.4, ("mean_of_tokens_asks",)),
    Wrong(ONE, "all ask", _one(lambda x: x), 0.15, ("all_tokens_ask",)),
    Wrong(ONE, "the whole causal head", {"one_token": head_by_prefixes}, 0.15, ("all_tokens_ask",)),
    Wrong(ONE, "itself only", {"one_token": lambda x, a, b, c: x[..., -1:, :] @ c}, 0.15, ("itself_only",)),
    Wrong(ONE, "not itself", _one(past=lambda x: x[..., :-1, :]), 0, ("not_itself",)),
    Wrong(ONE, "no axis", {"one_token": lambda *a: _one_by_head(*a)[..., 0, :]}, 0, ("token_axis_dropped",)),
    Wrong(ONE, "no scale", _one(root=lambda q, k: 1), 0.4, ("no_scale",)),
    Wrong(ONE, "sqrt(t)", _one(root=lambda q, k: np.sqrt(k.shape[-2])), 0.4, ("sqrt_t",)),
    Wrong(
        ONE,
        "average of all",
        {"one_token": lambda x, a, b, c: (x @ c).mean(-2, keepdims=True)},
        0.4,
        ("values_averaged",),
    ),
    Wrong(ONE, "x[-1:]", _one(lambda x: x[-1:]), 0.8, ("last_of_first_axis",)),
    Wrong(ONE, "hard-coded sqrt(3)", _one(root=lambda q, k: 3**0.5), 0.4, ("size_of_the_example",)),
    Wrong(
        ONE,
        "values added up",
        {"one_token": lambda x, a, b, c: (x @ c).sum(-2, keepdims=True)},
        0.15,
        ("weights_all_one",),
    ),
    Wrong(ONE, "the last but one", _one(lambda x: x[..., -2:-1, :]), 0.25, ()),
    Wrong(DECODE, "not appended", _decode(handed_on=lambda old, new: old), 0.35, ("cache_not_grown",)),
    Wrong(DECODE, "attends first", _decode(seen=lambda old, new: old), 0.25, ("attends_before_appending",)),
    Wrong(DECODE, "replaced", _decode(seen=_newest, handed_on=_newest), 0, ("cache_replaced",)),
    Wrong(DECODE, "itself only", _decode(seen=_newest), 0.25, ("cache_not_used",)),
    Wrong(DECODE, "hands on the newest", _decode(handed_on=_newest), 0.35, ("only_newest_kept",)),
    Wrong(DECODE, "in front", _decode(join=lambda a, b: np.concatenate([b, a], axis=-2)), 0.5, ("appended_in_front",)),
    Wrong(
        DECODE, "on the first axis", _decode(join=lambda a, b: np.concatenate([a, b])), 0.7, ("appended_on_first_axis",)
    ),
    Wrong(DECODE, "on the last axis", _decode(join=lambda a, b: np.concatenate([a, b], axis=-1)), 0, ()),
    Wrong(
        DECODE,
        "swapped",
        _decode(handed_on=lambda old, new: {"k": new["v"], "v": new["k"]}),
        0.35,
        ("k_and_v_swapped_in_cache",),
    ),
    Wrong(DECODE, "key as value", _decode(value=lambda x, a, b, c: x @ b), 0, ("w_k_for_values",)),
    Wrong(DECODE, "value as key", _decode(key=lambda x, a, b, c: x @ c), 0, ("value_cached_as_key",)),
    Wrong(DECODE, "query as key", _decode(key=lambda x, a, b, c: x @ a), 0, ("query_cached_as_key",)),
    Wrong(DECODE, "token as key and value", _decode(key=lambda x, *w: x, value=lambda x, *w: x), 0, ("tokens_cached",)),
    Wrong(DECODE, "caches tokens", {"decode_step": _caches_tokens}, 0, ("tokens_cached",)),
    Wrong(DECODE, "projects the cache", {"decode_step": _projects_the_cache}, 0, ("cache_projected_again",)),
    Wrong(DECODE, "caches queries too", {"decode_step": _adds_queries}, 0.5, ("queries_cached",)),
    Wrong(
        DECODE,
        "cached keys ask",
        _decode(lambda x, old, w: np.concatenate([old["k"], x @ w], axis=-2)),
        0.25,
        ("cached_keys_as_queries",),
    ),
    Wrong(DECODE, "first key only", _decode(seen=_first), 0.25, ("first_key_only",)),
    Wrong(
        DECODE,
        "first row of a mask",
        _decode(masked=lambda s: np.where(np.tri(1, s.shape[-1]) > 0, s, -np.inf)),
        0.25,
        ("first_key_only",),
    ),
    Wrong(
        DECODE,
        "a whole triangle",
        _decode(masked=lambda s: np.where(np.tri(s.shape[-1]) > 0, s, -np.inf)),
        0.25,
        ("triangle_in_a_step",),
    ),
    Wrong(DECODE, "changes the cache", {"decode_step": _grows_the_given_one}, 0.9, ("input_changed",)),
    Wrong(DECODE, "keeps a secret", {"decode_step": _keeps_a_secret}, 0, ("keeps_state",)),
    Wrong(DECODE, "no scale", _decode(root=lambda q, k: 1), 0.25, ("no_scale",)),
    Wrong(DECODE, "sqrt(t)", _decode(root=lambda q, k: np.sqrt(k.shape[-2])), 0.25, ("sqrt_t",)),
    Wrong(
        DECODE,
        "sqrt(d_model)",
        {
            "decode_step": lambda x, c, a, *w: _decode(root=lambda q, k: np.sqrt(x.shape[-1]))["decode_step"](
                x, c, a, *w
            )
        },
        0.25,
        ("sqrt_d_model",),
    ),
    Wrong(DECODE, "softmax over the query", {"decode_step": _softmax_over_the_query}, 0.25, ("softmax_over_queries",)),
    Wrong(DECODE, "appends twice", _decode(join=lambda a, b: np.concatenate([a, b, b], axis=-2)), 0.15, ()),
    Wrong(DECODE, "flattens", _decode(join=np.append), 0, ()),
    Wrong(
        DECODE, "keeps the last three", _decode(join=lambda a, b: np.concatenate([a[..., -2:, :], b], axis=-2)), 0.1, ()
    ),
    Wrong(DECODE, "output only", {"decode_step": lambda *a: _step(*a)[0]}, 0.35, ()),
    Wrong(DECODE, "cache first", {"decode_step": lambda *a: _step(*a)[::-1]}, 0, ()),
    Wrong(
        DECODE, "cache as a pair", {"decode_step": lambda *a: (_step(*a)[0], tuple(_step(*a)[1].values()))}, 0.35, ()
    ),
    Wrong(DECODE, "zeros", {"decode_step": lambda x, c, a, b, v: (np.zeros((*x.shape[:-1], v.shape[1])), c)}, 0, ()),
)
