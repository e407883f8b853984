"""Mistakes in the output for one token, and in decoding with a cache of keys and values."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..marking import Mistake
from .stages import Array, Cache, NewToken, append

Remembered = tuple[Array, Cache, Cache]


def _joined(old: Array, new: Array) -> Array:
    return np.concatenate([old, new], axis=-2)  # (..., t+1, d)


def _not_grown(old: Cache, new: NewToken) -> Remembered:
    return new.q, append(old, new), old


def _attends_first(old: Cache, new: NewToken) -> Remembered:
    return new.q, old, append(old, new)


def _new_only(new: NewToken) -> Cache:
    return {"k": new.k, "v": new.v}


def _replaced(old: Cache, new: NewToken) -> Remembered:
    return new.q, _new_only(new), _new_only(new)


def _past_ignored(old: Cache, new: NewToken) -> Remembered:
    return new.q, _new_only(new), append(old, new)


def _only_newest_kept(old: Cache, new: NewToken) -> Remembered:
    return new.q, append(old, new), _new_only(new)


def _in_front(old: Cache, new: NewToken) -> Remembered:
    grown = {"k": _joined(new.k, old["k"]), "v": _joined(new.v, old["v"])}
    return new.q, grown, grown


def _on_first_axis(old: Cache, new: NewToken) -> Remembered:
    grown = {"k": np.concatenate([old["k"], new.k], axis=0), "v": np.concatenate([old["v"], new.v], axis=0)}
    return new.q, grown, grown


def _kept_swapped(old: Cache, new: NewToken) -> Remembered:
    grown = append(old, new)
    return new.q, grown, {"k": grown["v"], "v": grown["k"]}


def _key_among_values(old: Cache, new: NewToken) -> Remembered:
    grown = {"k": _joined(old["k"], new.k), "v": _joined(old["v"], new.k)}
    return new.q, grown, grown


def _value_among_keys(old: Cache, new: NewToken) -> Remembered:
    grown = {"k": _joined(old["k"], new.v), "v": _joined(old["v"], new.v)}
    return new.q, grown, grown


def _query_among_keys(old: Cache, new: NewToken) -> Remembered:
    grown = {"k": _joined(old["k"], new.q), "v": _joined(old["v"], new.v)}
    return new.q, grown, grown


def _token_kept(old: Cache, new: NewToken) -> Remembered:
    return new.q, append(old, new), {"k": _joined(old["k"], new.x), "v": _joined(old["v"], new.x)}


def _token_cached(old: Cache, new: NewToken) -> Remembered:
    grown = {"k": _joined(old["k"], new.x), "v": _joined(old["v"], new.x)}
    return new.q, grown, grown


def _projected_again(old: Cache, new: NewToken) -> Remembered:
    grown = {"k": _joined(old["k"], new.x) @ new.w_k, "v": _joined(old["v"], new.x) @ new.w_v}
    return new.q, grown, grown


def _tokens_projected_at_use(old: Cache, new: NewToken) -> Remembered:
    kept = {"k": _joined(old["k"], new.x), "v": _joined(old["v"], new.x)}
    return new.q, {"k": kept["k"] @ new.w_k, "v": kept["v"] @ new.w_v}, kept


def _queries_cached(old: Cache, new: NewToken) -> Remembered:
    grown = append(old, new)
    queries = _joined(old["q"], new.q) if "q" in old else new.q
    return new.q, grown, {**grown, "q": queries}


def _keys_for_queries(old: Cache, new: NewToken) -> Remembered:
    grown = append(old, new)
    return _joined(old["k"], new.q), grown, grown


def _first_key_only(old: Cache, new: NewToken) -> Remembered:
    grown = append(old, new)
    return new.q, {"k": grown["k"][..., :1, :], "v": grown["v"][..., :1, :]}, grown


def _whole_triangle(scores: Array, mask: Array | None) -> Array:
    return np.where(np.tri(scores.shape[-1], dtype=bool), scores, -np.inf)


def _cache(name: str, says: str, wrong: Callable[[Cache, NewToken], Remembered]) -> Mistake:
    return Mistake(name, "cache", says, {"remember": wrong})


_TOKENS_CACHED = (
    "tokens_cached",
    "The token itself goes into the cache instead of its key and value. This runs only if the widths "
    "happen to be equal. The cache should hold the projections, so that none has to be computed twice.",
)
NOT_GROWN = _cache(
    "cache_not_grown",
    "The cache is returned as it was given, without the new token's key and value. The output of this "
    "step is right, but later tokens will not see this one.",
    _not_grown,
)
ATTENDS_FIRST = _cache(
    "attends_before_appending",
    "The new token attends to the tokens before it, but not to itself, because its own key and value "
    "come too late. The very first token then has nothing to attend to.",
    _attends_first,
)
REPLACED = _cache(
    "cache_replaced",
    "The cache holds only the newest key and value, so every token attends only to itself.",
    _replaced,
)
PAST_IGNORED = _cache(
    "cache_not_used",
    "The cache grows as it should, but the new token attends only to itself, so the output is its own value.",
    _past_ignored,
)
ONLY_NEWEST_KEPT = _cache(
    "only_newest_kept",
    "This step attends to all tokens, but returns only the newest key and value. The next step has "
    "lost the earlier tokens.",
    _only_newest_kept,
)
IN_FRONT = _cache(
    "appended_in_front",
    "The new key and value are put in front of the older ones, so the cache runs backwards. The output "
    "is the same, because a sum does not depend on the order, but row t of the cache no longer belongs "
    "to token t.",
    _in_front,
)
ON_FIRST_AXIS = _cache(
    "appended_on_first_axis",
    "The cache grows along the first axis. For one sequence that is the axis of the tokens, but with "
    "leading axes it is the batch. Counted from the end, the tokens are always on the second-last axis.",
    _on_first_axis,
)
KEPT_SWAPPED = _cache(
    "k_and_v_swapped_in_cache",
    "Keys and values are swapped in the cache that is returned, so the next step uses each in place of the other.",
    _kept_swapped,
)
KEY_AMONG_VALUES = _cache(
    "key_cached_as_value",
    "The new token's key is also added to the values, and its value is missing from the cache.",
    _key_among_values,
)
VALUE_AMONG_KEYS = _cache(
    "value_cached_as_key",
    "The new token's value is also added to the keys, and its key is missing from the cache.",
    _value_among_keys,
)
QUERY_AMONG_KEYS = _cache(
    "query_cached_as_key",
    "The new token's query is added to the keys, and its key is missing from the cache. A query is "
    "used once and then never needed again.",
    _query_among_keys,
)
TOKEN_KEPT = _cache(*_TOKENS_CACHED, _token_kept)
TOKEN_CACHED = _cache(*_TOKENS_CACHED, _token_cached)
TOKENS_PROJECTED_AT_USE = _cache(*_TOKENS_CACHED, _tokens_projected_at_use)
PROJECTED_AGAIN = _cache(
    "cache_projected_again",
    "The contents of the cache are projected a second time. Its rows are keys and values already. Only "
    "the new token still needs to be projected.",
    _projected_again,
)
QUERIES_CACHED = _cache(
    "queries_cached",
    "Queries are kept in the cache as well. A query is used once, for its own token's output, and never needed again.",
    _queries_cached,
)
KEYS_FOR_QUERIES = _cache(
    "cached_keys_as_queries",
    "The cached keys are used as queries too, so there is an output row for every token. Only the new "
    "token needs a query.",
    _keys_for_queries,
)
FIRST_KEY_ONLY = _cache(
    "first_key_only",
    "The new token attends only to the first key, like the first row of a causal mask. But it is the "
    "last token, and everything in the cache comes before it.",
    _first_key_only,
)
WHOLE_TRIANGLE = Mistake(
    "triangle_in_a_step",
    "cache",
    "A whole triangular mask is applied to the single row of scores, which makes a row for every "
    "token. The new token is the last one, so it may attend to everything in the cache.",
    {"mask_scores": _whole_triangle},
)
ALL_ONE = Mistake(
    "weights_all_one",
    "softmax",
    "Every value has the weight 1, so the values are simply added up. This happens if softmax runs "
    "over the axis of the queries, because there is only one query. The weights of all keys together "
    "should sum to 1.",
    {"softmax": np.ones_like},
)
CACHE = (
    ALL_ONE,
    NOT_GROWN,
    ATTENDS_FIRST,
    REPLACED,
    PAST_IGNORED,
    ONLY_NEWEST_KEPT,
    IN_FRONT,
    ON_FIRST_AXIS,
    KEPT_SWAPPED,
    KEY_AMONG_VALUES,
    VALUE_AMONG_KEYS,
    QUERY_AMONG_KEYS,
    TOKEN_KEPT,
    TOKEN_CACHED,
    TOKENS_PROJECTED_AT_USE,
    PROJECTED_AGAIN,
    QUERIES_CACHED,
    KEYS_FOR_QUERIES,
    FIRST_KEY_ONLY,
    WHOLE_TRIANGLE,
)


def _one(name: str, says: str, wrong: Callable[[Array], tuple[Array, Array]]) -> Mistake:
    return Mistake(name, "one_token", says, {"last_token": wrong})


FIRST_TOKEN = _one(
    "first_token_asks",
    "The query is that of the first token. It should be the last token's, because you want the last token's output.",
    lambda x: (x[..., :1, :], x),
)
MEAN_ASKS = _one(
    "mean_of_tokens_asks",
    "The query is made from the average of all tokens. It should be the last token's own.",
    lambda x: (x.mean(axis=-2, keepdims=True), x),
)
ALL_ASK = _one(
    "all_tokens_ask",
    "There is an output row for every token. Only the last row should be returned, and only its query is needed.",
    lambda x: (x, x),
)
ITSELF_ONLY = _one(
    "itself_only",
    "The last token attends only to itself, so its output is its own value. Use the keys and values of "
    "all tokens up to it.",
    lambda x: (x[..., -1:, :], x[..., -1:, :]),
)
NOT_ITSELF = _one(
    "not_itself",
    "The last token attends to the tokens before it, but not to itself.",
    lambda x: (x[..., -1:, :], x[..., :-1, :]),
)
FROM_THE_FRONT = _one(
    "last_of_first_axis",
    "The last token is looked up along the first axis. For one sequence that is the axis of the "
    "tokens, but with leading axes it is the batch. Counted from the end, the tokens are always on the "
    "second-last axis.",
    lambda x: (x[-1:], x),
)
NO_TOKEN_AXIS = Mistake(
    "token_axis_dropped",
    "one_token",
    "The axis of the tokens is gone. One token is still a row: the output should have shape (..., 1, "
    "d_v), just as x has (..., t, d_model).",
    {"finish": lambda result, x: result[..., 0, :]},
)
ONE_TOKEN = (NO_TOKEN_AXIS, ALL_ONE, FIRST_TOKEN, MEAN_ASKS, ALL_ASK, ITSELF_ONLY, NOT_ITSELF, FROM_THE_FRONT)
