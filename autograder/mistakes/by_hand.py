"""Slips of the pencil: one entry computed by hand, and the answers that known slips give for the same numbers.

For every unit that asks such a question: the right answer, and pairs (wrong answer, mistake).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import reference_impl as ref
from reference_impl import plain

from ..marking import Mistake
from .stages import Array

Slips = tuple[tuple[Callable[..., Any], Mistake], ...]


def _mistake(name: str, says: str) -> Mistake:
    return Mistake(f"by_hand_{name}", "by hand", says)


NO_SCALE = _mistake(
    "no_scale",
    "The scores were not divided by anything. Without the scale the largest score counts for more than it should, and a wide "
    "head would attend to a single key.",
)
ANOTHER_SCALE = _mistake(
    "another_scale",
    "The scores were divided, but not by the square root of the width of one head. Count the numbers in one query of one head.",
)
ROW_AND_COLUMN = _mistake(
    "row_and_column",
    "Row and column have changed places. The row belongs to the query, the column to the key.",
)
SOFTMAX_OVER_QUERIES = _mistake(
    "softmax_over_queries",
    "This weight is a share of its column, as if the queries competed for a key. A weight is a share "
    "of its row: the keys compete for one query.",
)
NO_SOFTMAX = _mistake("no_softmax", "This is the score, before softmax. Softmax turns a row of scores into weights.")


def weight(q: Array, k: Array, i: int, j: int) -> float:
    """The weight that query i gives to key j: q, k (T, d_k)."""
    return float(plain.softmax(_scaled(q, k))[i, j])


def _scaled(q: Array, k: Array) -> Array:
    return plain.scale(plain.score(q, k), d_k=q.shape[-1])


WEIGHT: Slips = (
    (lambda q, k, i, j: ref.softmax(q @ k.T)[i, j], NO_SCALE),
    (lambda q, k, i, j: ref.softmax(q @ k.T / q.shape[1])[i, j], ANOTHER_SCALE),
    (lambda q, k, i, j: weight(q, k, j, i), ROW_AND_COLUMN),
    (lambda q, k, i, j: ref.softmax(_scaled(q, k), axis=0)[i, j], SOFTMAX_OVER_QUERIES),
    (lambda q, k, i, j: _scaled(q, k)[i, j], NO_SOFTMAX),
)

HEADS_ADDED_SCORES = _mistake(
    "heads_added_in_scores",
    "This dot product runs over the columns of both heads, so the scores of the heads are added. Each head compares tokens by "
    "its own columns only.",
)
ANOTHER_HEADS_COLUMNS = _mistake(
    "another_heads_columns", "These are the columns of another head. Heads and columns are both numbered from 0."
)
INTERLEAVED = _mistake(
    "interleaved",
    "Every other column was taken here. The columns of a head are next to each other, and head 0 comes first.",
)


def score_in_head(q: Array, k: Array, h: int, i: int, j: int) -> float:
    """The scaled score of query i for key j in head h of two: q, k (T, 2·d_k), all heads side by side."""
    heads = [plain.split_heads(a, 2)[h] for a in (q, k)]
    return float(_scaled(*heads)[i, j])


def _every_other(a: Array, h: int) -> Array:
    return a[:, h::2]


SCORE_IN_HEAD: Slips = (
    (lambda q, k, h, i, j: score_in_head(q, k, h, i, j) * np.sqrt(q.shape[1] // 2), NO_SCALE),
    (lambda q, k, h, i, j: score_in_head(q, k, h, i, j) * np.sqrt(1 / 2), ANOTHER_SCALE),
    (lambda q, k, h, i, j: score_in_head(q, k, h, j, i), ROW_AND_COLUMN),
    (lambda q, k, h, i, j: score_in_head(q, k, 1 - h, i, j), ANOTHER_HEADS_COLUMNS),
    (lambda q, k, h, i, j: score_in_head(q, k, 0, i, j) + score_in_head(q, k, 1, i, j), HEADS_ADDED_SCORES),
    (lambda q, k, h, i, j: _scaled(_every_other(q, h), _every_other(k, h))[i, j], INTERLEAVED),
)

HEADS_ADDED = _mistake(
    "heads_added",
    "The outputs of the heads were added and then multiplied by one block of rows. Side by side, each "
    "head is multiplied by rows of its own.",
)
HEADS_EXCHANGED = _mistake(
    "heads_exchanged",
    "Here each head was multiplied by the rows of the other. Head 0 comes first, and so does its block of rows.",
)
ONE_HEAD_ONLY = _mistake(
    "one_head_only",
    "This is what one head adds to the output. The output is the sum over all heads.",
)
W_O_ROW = _mistake(
    "w_o_row_for_column",
    "Here the token's numbers were multiplied by a row of W_o. Column c of the output needs column c of W_o.",
)


def output(row: Array, w_o: Array, c: int) -> float:
    """Column c of one token's output: row (H·d_v,), the heads side by side; w_o (H·d_v, d_out)."""
    return float(plain.project_output(row, w_o)[c])


def _halves(a: Array) -> tuple[Array, Array]:
    return a[: len(a) // 2], a[len(a) // 2 :]


def _swapped(row: Array) -> Array:
    return np.concatenate(_halves(row)[::-1])


OUTPUT: Slips = (
    (lambda row, w_o, c: row @ w_o[c], W_O_ROW),
    (lambda row, w_o, c: _halves(row)[0] @ _halves(w_o)[0][:, c], ONE_HEAD_ONLY),
    (lambda row, w_o, c: _halves(row)[1] @ _halves(w_o)[1][:, c], ONE_HEAD_ONLY),
    (lambda row, w_o, c: sum(_halves(row)) @ _halves(w_o)[0][:, c], HEADS_ADDED),
    (lambda row, w_o, c: _swapped(row) @ w_o[:, c], HEADS_EXCHANGED),
)

NO_MASK = _mistake(
    "no_mask", "Here the later tokens have a share, too. A causal head does not see them, so their weight is 0."
)
MASK_AFTER_SOFTMAX = _mistake(
    "mask_after_softmax",
    "The weights of this row do not add up to 1. The later tokens took their share before they were removed.",
)
ZERO_SCORE = _mistake(
    "zero_score",
    "Here a forbidden score was set to 0, and the exponential of 0 is 1, so the key still gets a share.",
)
NOT_ITSELF = _mistake(
    "not_itself", "Here the token does not attend to itself. A token may attend to itself and to the tokens before it."
)


def causal_output(scores: Array, v: Array, t: int, c: int) -> float:
    """Column c of the causal output of token t: scaled scores (T, T), v (T, d_v)."""
    masked = plain.mask_scores(scores, ref.causal_mask(len(scores)))
    return float(plain.mix(plain.softmax(masked), v)[t, c])


CAUSAL_OUTPUT: Slips = (
    (lambda scores, v, t, c: (ref.softmax(scores) @ v)[t, c], NO_MASK),
    (lambda scores, v, t, c: (np.tril(ref.softmax(scores)) @ v)[t, c], MASK_AFTER_SOFTMAX),
    (lambda scores, v, t, c: (ref.softmax(np.tril(scores)) @ v)[t, c], ZERO_SCORE),
    (lambda scores, v, t, c: (ref.softmax(scores[t, :t]) @ v[:t])[c], NOT_ITSELF),
    (
        lambda scores, v, t, c: (ref.softmax(plain.mask_scores(scores, ref.causal_mask(len(scores))), axis=0) @ v)[
            t, c
        ],
        SOFTMAX_OVER_QUERIES,
    ),
)

WEIGHTS_OF_ONE_HEAD = _mistake(
    "weights_of_one_head",
    "The weights of head 0 were used for the values of both heads. Each head has weights of its own.",
)
NO_W_O = _mistake("no_w_o", "This is a number of the concatenated heads, before W_o.")


def layer_output(weights_0: Array, v_0: Array, weights_1: Array, v_1: Array, w_o: Array, c: int) -> float:
    """Column c of one token's output: a row of weights (T,) and values (T, d_v) for each of two heads; w_o (2·d_v, d_out)."""
    return output(_joined(weights_0, v_0, weights_1, v_1), w_o, c)


def _joined(weights_0: Array, v_0: Array, weights_1: Array, v_1: Array) -> Array:
    return np.concatenate([plain.mix(weights_0, v_0), plain.mix(weights_1, v_1)])


def _before_w_o(slip: Callable[..., Any]) -> Callable[..., Any]:
    return lambda weights_0, v_0, weights_1, v_1, w_o, c: slip(_joined(weights_0, v_0, weights_1, v_1), w_o, c)


LAYER_OUTPUT: Slips = (
    *((_before_w_o(slip), mistake) for slip, mistake in OUTPUT),
    (
        lambda weights_0, v_0, weights_1, v_1, w_o, c: layer_output(weights_0, v_0, weights_0, v_1, w_o, c),
        WEIGHTS_OF_ONE_HEAD,
    ),
    (lambda weights_0, v_0, weights_1, v_1, w_o, c: _joined(weights_0, v_0, weights_1, v_1)[c], NO_W_O),
)
