"""Mistakes in measuring what heads do: `previous_token_score(weights)` and `induction_score(weights, period)`."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..marking import Wrong
from .choose import named
from .stages import Array


def _read(weights: Array, queries: Array, keys: Array) -> Array:
    return weights[..., queries, keys].mean(axis=-1)  # (H,)


def _repeat(weights: Array, period: int) -> Array:
    """The queries of the repeat."""
    return np.arange(weights.shape[-1] - period, weights.shape[-1])


def _back(places: int) -> Callable[[Array], Array]:
    def function(weights: Array) -> Array:
        queries = np.arange(max(places, 1), weights.shape[-1])
        return _read(weights, queries, queries - places)

    return function


def previous_token(weights: Array) -> Array:
    """The right score, (H,)."""
    return _back(1)(weights)


def _next(weights: Array) -> Array:
    return previous_token(weights.swapaxes(-1, -2))


def _by_all_queries(weights: Array) -> Array:
    return previous_token(weights) * (1 - 1 / weights.shape[-1])


def _first_column(weights: Array) -> Array:
    return weights[..., 1:, 0].mean(axis=-1)


def _how_often_largest(weights: Array) -> Array:
    queries = np.arange(1, weights.shape[-1])
    return np.mean(weights[..., 1:, :].argmax(axis=-1) == queries - 1, axis=-1)


_AVERAGED = (
    "averaged_over_heads",
    "patterns",
    "The heads are averaged into one number. Each head should have a score of its own, so the result has shape (H,).",
)

PREVIOUS_TOKEN: tuple[Wrong, ...] = (
    *named(
        "next_token_read",
        "patterns",
        "Rows and columns are swapped. This reads the weight of each token on the one after it, which a "
        "causal head never sees. Rows are queries, columns are keys.",
        _next,
    ),
    *named(
        "own_token_read",
        "patterns",
        "This reads the diagonal, the weight of each token on itself. The token before is one column to the left.",
        lambda weights: _read(weights, np.arange(weights.shape[-1]), np.arange(weights.shape[-1])),
        lambda weights: _read(weights, np.arange(1, weights.shape[-1]), np.arange(1, weights.shape[-1])),
    ),
    *named(
        "two_tokens_back",
        "patterns",
        "This reads the weight on the token two positions back. The token just before is one column to the "
        "left of the diagonal.",
        _back(2),
    ),
    *named(
        "first_query_counted",
        "patterns",
        "The sum is divided by all T queries, or the first query is included. The first token has none "
        "before it, so T - 1 queries count.",
        _by_all_queries,
    ),
    *named(
        "first_query_skipped_twice",
        "patterns",
        "One query too many is left out. Query 1 counts, because token 0 comes before it.",
        lambda weights: _read(weights, np.arange(2, weights.shape[-1]), np.arange(1, weights.shape[-1] - 1)),
    ),
    *named(
        "last_query_left_out",
        "patterns",
        "The last query is left out. The end of a slice or a range is not part of it.",
        lambda weights: _read(weights, np.arange(1, weights.shape[-1] - 1), np.arange(weights.shape[-1] - 2)),
    ),
    *named(
        "first_token_read",
        "patterns",
        "This reads the first column: the weight on the first token of the text, not on the one just before.",
        _first_column,
    ),
    *named(
        "summed_not_averaged",
        "patterns",
        "The weights are added up. The score is their mean, so that it is between 0 and 1 and you can "
        "compare texts of any length.",
        lambda weights: previous_token(weights) * (weights.shape[-1] - 1),
    ),
    *named(
        "how_often_largest",
        "patterns",
        "This counts how often the token before has the largest weight. The score is the mean of the "
        "weights themselves.",
        _how_often_largest,
    ),
    *named(*_AVERAGED, lambda weights: previous_token(weights).mean()),
    *named(
        "first_head_measured",
        "patterns",
        "Only the first head is measured. The result has one number for each head, (H,).",
        lambda weights: previous_token(weights)[0],
    ),
    *named(
        "weights_not_averaged",
        "patterns",
        "The weights are read from the right places, but not averaged over the queries. The score of a "
        "head is their mean.",
        lambda weights: weights[..., np.arange(1, weights.shape[-1]), np.arange(weights.shape[-1] - 1)],
    ),
)


def _offset(by: int) -> Callable[[Array, int], Array]:
    def function(weights: Array, period: int) -> Array:
        queries = _repeat(weights, period)
        return _read(weights, queries, queries - period + by)

    return function


induction = _offset(1)


def _whole_text(weights: Array, period: int) -> Array:
    queries = np.arange(period - 1, weights.shape[-1])
    return _read(weights, queries, queries - period + 1)


def _from_period(weights: Array, period: int) -> Array:
    queries = np.arange(period, weights.shape[-1])
    return _read(weights, queries, queries - period + 1)


def _from_half(weights: Array, period: int) -> Array:
    queries = np.arange(weights.shape[-1] // 2, weights.shape[-1])
    return _read(weights, queries, queries - period + 1)


def _one_query_less(first: int, last: int) -> Callable[[Array, int], Array]:
    def function(weights: Array, period: int) -> Array:
        queries = _repeat(weights, period)[first : period - last]
        return _read(weights, queries, queries - period + 1)

    return function


def _columns_for_rows(weights: Array, period: int) -> Array:
    return induction(weights.swapaxes(-1, -2), period)


INDUCTION: tuple[Wrong, ...] = (
    *named(
        "same_token_read",
        "patterns",
        "This reads the weight on the earlier copy of the same token. An induction head looks at the token "
        "*after* that copy, one column to the right.",
        _offset(0),
    ),
    *named(
        "token_before_match_read",
        "patterns",
        "This reads the weight on the token *before* the earlier copy. An induction head looks at the token after it.",
        _offset(-1),
    ),
    *named(
        "two_after_match_read",
        "patterns",
        "This reads one column too far: the second token after the earlier copy. An induction head looks "
        "at the first token after it.",
        _offset(2),
    ),
    *named(
        "counted_from_half",
        "patterns",
        "The repeat is assumed to begin in the middle of the text. There may be other tokens in front, so "
        "count from the end: the last `period` queries.",
        _from_half,
    ),
    *named(
        "counted_from_period",
        "patterns",
        "The queries are counted from the front, so tokens that are not repeated are included. Only the "
        "last `period` queries repeat.",
        _from_period,
        _whole_text,
    ),
    *named(
        "query_of_repeat_left_out",
        "patterns",
        "One query of the repeat is left out. All of the last `period` queries count.",
        _one_query_less(1, 0),
        _one_query_less(0, 1),
    ),
    *named(
        "previous_token_measured",
        "patterns",
        "This measures the weight on the token just before. The token to look for is `period` - 1 "
        "positions before the query.",
        lambda weights, period: _read(weights, _repeat(weights, period), _repeat(weights, period) - 1),
        lambda weights, period: previous_token(weights),
    ),
    *named(
        "induction_columns_for_rows",
        "patterns",
        "Rows and columns are swapped. The queries are the rows, and a causal head has no weight at the "
        "entries that this reads.",
        _columns_for_rows,
    ),
    *named(
        "induction_summed",
        "patterns",
        "The weights are added up, or divided by the wrong number. The score is their mean over the last "
        "`period` queries.",
        lambda weights, period: induction(weights, period) * period,
        lambda weights, period: induction(weights, period) * period / weights.shape[-1],
    ),
    *named(*_AVERAGED, lambda weights, period: induction(weights, period).mean()),
    *named(
        "first_head_measured",
        "patterns",
        "Only the first head is measured. The result has one number for each head, (H,).",
        lambda weights, period: induction(weights, period)[0],
    ),
)
