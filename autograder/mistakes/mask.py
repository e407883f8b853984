"""Mistakes in the mask: what it allows, where it is applied and how."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from ..marking import Mistake
from .stages import Array, Sizes, transposed


def _unmasked(scores: Array, mask: Array | None) -> Array:
    return scores


def _zero_after(weights: Array, mask: Array | None, sizes: Sizes) -> Array:
    return weights if mask is None else weights * mask


def _zero_after_renormalised(weights: Array, mask: Array | None, sizes: Sizes) -> Array:
    kept = _zero_after(weights, mask, sizes)
    return kept / kept.sum(axis=-1, keepdims=True)


def _minus_infinity_after(weights: Array, mask: Array | None, sizes: Sizes) -> Array:
    return weights if mask is None else np.where(mask, weights, -np.inf)


def _times_zero(scores: Array, mask: Array | None) -> Array:
    return scores if mask is None else scores * mask


def _zero_times_infinity(scores: Array, mask: Array | None) -> Array:
    return scores if mask is None else scores + (1 - mask) * -np.inf


def _filled_with(low: float) -> Callable[[Array, Array | None], Array]:
    return lambda scores, mask: scores if mask is None else np.where(mask, scores, low)


def _added(scores: Array, mask: Array | None) -> Array:
    return scores if mask is None else scores + mask


def _causal_without_a_mask(scores: Array, mask: Array | None) -> Array:
    return np.where(np.tri(scores.shape[-2], scores.shape[-1], dtype=bool) if mask is None else mask, scores, -np.inf)


def _under(meant: Callable[[Array, Array], Array], forbidden: float = -np.inf) -> Callable[..., Array]:
    """Mask the scores by what is made of the mask: `meant(mask, scores)`."""
    return lambda scores, mask: scores if mask is None else np.where(meant(mask, scores), scores, forbidden)


def _inverted(mask: Array, scores: Array) -> Array:
    return np.logical_not(mask)


def _transposed(mask: Array, scores: Array) -> Array:
    return transposed(np.broadcast_to(mask, scores.shape))


def _from_first_axis(scores: Array, mask: Array | None) -> Array:
    return scores if mask is None else np.where(np.tri(len(scores), dtype=bool), scores, -np.inf)


def _as_softmax_left_them(weights: Array, mask: Array | None) -> Array:
    return weights


def _nan_to_zero(weights: Array, mask: Array | None) -> Array:
    return np.nan_to_num(weights)


def _tiled(mask: Array, scores: Array) -> Array:
    """Heads folded into the batch, the per-sequence masks tiled where they should be repeated."""
    if mask.ndim != 4 or mask.shape[0] == 1:
        return mask
    batch, heads = scores.shape[:2]
    per_sequence = np.broadcast_to(mask, (batch, 1, *scores.shape[-2:]))[:, 0]
    return np.tile(per_sequence, (heads, 1, 1)).reshape(scores.shape)


def _as_it_is(mask: Array, scores: Array) -> Array:
    """A mask (B, 1, 1, T_k) taken as (B, T_k) and broadcast as it is."""
    return mask[:, 0, 0, :] if mask.ndim == 4 else mask


def _first_for_all(mask: Array, scores: Array) -> Array:
    return mask[:1] if mask.ndim == 4 else mask


def _triangle(make: Callable[[int, int], Array]) -> dict[str, Any]:
    return {"causal_mask": make}


def _added_inverted(low: float) -> Callable[[Array, Array | None], Array]:
    """The mask itself times a large negative number, added: allowed keys are put down."""
    return lambda scores, mask: scores if mask is None else scores + mask * low


def _added_bias(low: float) -> Callable[[Array, Array | None], Array]:
    return lambda scores, mask: scores if mask is None else scores + (1 - mask) * low


def _repeated(mask: Array, scores: Array) -> Array:
    """Heads folded into the batch, masks of heads repeated where they should be tiled."""
    if mask.ndim != 3:
        return mask
    batch, heads = scores.shape[:2]
    return np.repeat(mask, batch, axis=0).reshape(batch, heads, *mask.shape[-2:])


def _causal_for_any(scores: Array, mask: Array | None) -> Array:
    return scores if mask is None else np.where(np.tri(scores.shape[-2], scores.shape[-1], dtype=bool), scores, -np.inf)


def _causal_as_well(scores: Array, mask: Array | None) -> Array:
    causal = np.tri(scores.shape[-2], scores.shape[-1], dtype=bool)
    return np.where(causal if mask is None else causal & mask, scores, -np.inf)


NO_MASK = Mistake(
    "mask_forgotten",
    "mask",
    "The mask has no effect: queries put weight on keys they may not attend to.",
    {"mask_scores": _unmasked, "empty_rows": _as_softmax_left_them},
)
AFTER_SOFTMAX = Mistake(
    "mask_after_softmax",
    "mask",
    "The mask is applied to the weights, after softmax. By then the forbidden keys have taken their "
    "share, so the rows sum to less than 1.",
    {"mask_scores": _unmasked, "after_softmax": _zero_after},
)
AFTER_SOFTMAX_RENORMALISED = Mistake(
    "mask_after_softmax_renormalised",
    "mask",
    "The mask comes after the exponential, and each row is then divided by what is left of it. If a "
    "forbidden score is far above the allowed ones, nothing is left: the allowed weights have been "
    "rounded to 0, and 0/0 is NaN.",
    {"mask_scores": _unmasked, "after_softmax": _zero_after_renormalised},
)
MINUS_INFINITY_IN_WEIGHTS = Mistake(
    "minus_infinity_in_weights",
    "mask",
    "Minus infinity is written into the weights, after softmax. Among the scores it leads to a weight "
    "of 0. As a weight it multiplies the values, and the output is infinite or NaN.",
    {"mask_scores": _unmasked, "after_softmax": _minus_infinity_after},
)
TIMES_ZERO = Mistake(
    "mask_times_zero",
    "mask",
    "The forbidden scores are set to 0, or close to 0. The exponential of 0 is 1, so the forbidden "
    "keys still get a good share of the attention.",
    {"mask_scores": _times_zero, "empty_rows": _as_softmax_left_them},
)
ZERO_TIMES_INFINITY = Mistake(
    "zero_times_infinity",
    "mask",
    "Every number is NaN, even where a query may attend. One possible cause is 0 times minus infinity, "
    "which is NaN: a mask of zeros and ones multiplied by -inf spoils the allowed scores too.",
    {"mask_scores": _zero_times_infinity, "empty_rows": _as_softmax_left_them},
)
MINUS_ONE = Mistake(
    "masked_with_minus_one",
    "mask",
    "The forbidden scores are set to -1. That is an ordinary score, so the forbidden keys still get a "
    "share of the attention.",
    {"mask_scores": _filled_with(-1.0), "empty_rows": _as_softmax_left_them},
)
ADDED = Mistake(
    "mask_added",
    "mask",
    "The boolean mask is added to the scores as it is. True counts as 1 and False as 0, so the allowed "
    "keys gain a little, and no key is excluded.",
    {"mask_scores": _added, "empty_rows": _as_softmax_left_them},
)
FIRST_FOR_ALL = Mistake(
    "first_mask_for_all",
    "mask",
    "Every sequence gets the first sequence's mask. Each should have its own mask along the batch axis.",
    {"mask_scores": _under(_first_for_all)},
)
MINUS_HUNDRED = Mistake(
    "masked_with_small_number",
    "mask",
    "The forbidden scores are set to a number that is low only among ordinary scores. If the allowed "
    "scores are below it, the forbidden keys get the attention.",
    {"mask_scores": _filled_with(-100.0), "empty_rows": _as_softmax_left_them},
)
FORBIDDEN_LARGEST = Mistake(
    "forbidden_made_largest",
    "mask",
    "The forbidden scores are made very large, so softmax gives them everything, or NaN if they are "
    "infinite. They should be so low that their weights are 0.",
    {"mask_scores": _under(lambda mask, scores: mask, np.inf)},
)
ALWAYS_CAUSAL = Mistake(
    "causal_without_a_mask",
    "mask",
    "A causal mask is applied where none was given. Without a mask every query may attend to every key.",
    {"mask_scores": _causal_without_a_mask},
)
INVERTED = Mistake(
    "mask_inverted",
    "mask",
    "The mask is inverted: all weight is on exactly the forbidden keys. True means that a query MAY attend to a key.",
    {"mask_scores": _under(_inverted)},
)
ON_QUERIES = Mistake(
    "mask_on_queries",
    "mask",
    "The mask acts on the rows (queries) where it should act on the columns (keys), as if it were transposed.",
    {"mask_scores": _under(_transposed)},
)
FROM_FIRST_AXIS = Mistake(
    "mask_from_first_axis",
    "mask",
    "The size of the mask is the length of the first axis of x. For one sequence that is the number of "
    "tokens, but with leading axes it is something else. Counted from the end, the tokens are always "
    "on the second-last axis.",
    {"mask_scores": _from_first_axis},
)
TILED = Mistake(
    "mask_tiled",
    "mask",
    "With batch and heads merged into one axis, the masks are aligned in the wrong order, so sequence "
    "0's second head gets sequence 1's mask. It is right only for a batch of one.",
    {"mask_scores": _under(_tiled)},
)
BROADCAST_AS_IT_IS = Mistake(
    "padding_mask_broadcast",
    "mask",
    "A mask of shape (B, T_k) is broadcast as it is, so its batch axis is aligned with the axis of the "
    "queries. This runs only if B happens to equal T_q.",
    {"mask_scores": _under(_as_it_is)},
)
EMPTY_ROW_NAN = Mistake(
    "empty_row_nan",
    "mask",
    "A query that may attend to nothing gets NaN. All its scores are -inf, softmax divides 0 by 0, and "
    "the NaN then spreads.",
    {"empty_rows": _as_softmax_left_them},
)
EMPTY_ROW_UNIFORM = Mistake(
    "empty_row_uniform",
    "mask",
    "A query that may attend to nothing spreads its attention evenly over all the forbidden keys. All "
    "its scores are the same large negative number, so softmax gives every key the same weight.",
    {"mask_scores": _filled_with(-1e9), "empty_rows": _as_softmax_left_them},
)
UPPER_TRIANGLE = Mistake(
    "upper_triangle",
    "mask",
    "This is the wrong triangle: the first token sees everything, and the last one only itself.",
    _triangle(lambda t_q, t_k: np.triu(np.ones((t_q, t_k), dtype=bool))),
)
NO_DIAGONAL = Mistake(
    "diagonal_excluded",
    "mask",
    "The diagonal is forbidden too, so a token may not attend to itself, and the first token has no key left.",
    _triangle(lambda t_q, t_k: np.tri(t_q, t_k, -1, dtype=bool)),
)
ONE_AHEAD = Mistake(
    "one_token_ahead",
    "mask",
    "The triangle reaches one token too far, so every token also sees the next one.",
    _triangle(lambda t_q, t_k: np.tri(t_q, t_k, 1, dtype=bool)),
)
FUTURE_ONLY = Mistake(
    "mask_marks_forbidden",
    "mask",
    "The mask is True where attention is forbidden. In this course True means that a query MAY attend to a key.",
    _triangle(lambda t_q, t_k: ~np.tri(t_q, t_k, dtype=bool)),
)
ALL_ALLOWED = Mistake(
    "mask_allows_all",
    "mask",
    "Every query may attend to every key, including later ones.",
    _triangle(lambda t_q, t_k: np.ones((t_q, t_k), dtype=bool)),
)

ADDITIVE = Mistake(
    "mask_of_numbers_to_add",
    "mask",
    "The mask holds numbers to be added to the scores: 0 and a large negative number. It should be a "
    "boolean mask, True where a query may attend to a key.",
)

ANY_IS_CAUSAL = Mistake(
    "any_mask_taken_for_causal",
    "mask",
    "A causal mask is applied instead of the given one. The given mask alone says who may attend to whom.",
    {"mask_scores": _causal_for_any},
)
CAUSAL_AS_WELL = Mistake(
    "causal_mask_always",
    "mask",
    "A causal mask is always applied, in addition to the given one. Unless the given mask forbids "
    "them, later tokens are allowed.",
    {"mask_scores": _causal_as_well},
)
SMALL_BIAS = Mistake(
    "mask_bias_too_small",
    "mask",
    "The number that is added to the forbidden scores is too small to exclude them. A forbidden key "
    "keeps part of the attention, or all of it if its score is high.",
    {"mask_scores": _added_bias(-10.0), "empty_rows": _as_softmax_left_them},
)
SMALL_BIASES = tuple(
    replace(SMALL_BIAS, replaces={"mask_scores": _added_bias(low), "empty_rows": _as_softmax_left_them})
    for low in (-5.0, -10.0, -20.0, -50.0, -100.0, -1000.0)
)
REPEATED = replace(TILED, replaces={"mask_scores": _under(_repeated)})
INVERTED_ADDED = tuple(
    replace(INVERTED, replaces={"mask_scores": _added_inverted(low), "empty_rows": _as_softmax_left_them})
    for low in (-1e9, -1e4)
)
# Forms of masks beside those that every head can have, in a layer.
OF_GIVEN_MASKS = (ANY_IS_CAUSAL, CAUSAL_AS_WELL, *SMALL_BIASES, REPEATED, *INVERTED_ADDED)
FIRST_ROW_OPEN = Mistake(
    "first_row_open",
    "mask",
    "The first token may attend to everything. There are no tokens before it, so it may attend only to itself.",
    _triangle(lambda t_q, t_k: np.tri(t_q, t_k, dtype=bool) | (np.arange(t_q) == 0)[:, None]),
)
ANTI_DIAGONAL = Mistake(
    "anti_diagonal",
    "mask",
    "The border runs along the other diagonal, from the last key of the first query to the first key "
    "of the last query.",
    _triangle(lambda t_q, t_k: np.tri(t_q, t_k, dtype=bool)[:, ::-1]),
)
EXTRA_AXIS = Mistake(
    "mask_with_an_extra_axis",
    "mask",
    "The mask has one axis too many. It should have one row per query and one column per key, and no other axes.",
)

TRIANGLE = (UPPER_TRIANGLE, NO_DIAGONAL, ONE_AHEAD, FUTURE_ONLY, ALL_ALLOWED, FIRST_ROW_OPEN, ANTI_DIAGONAL)
MASK = (
    NO_MASK,
    AFTER_SOFTMAX,
    AFTER_SOFTMAX_RENORMALISED,
    MINUS_INFINITY_IN_WEIGHTS,
    TIMES_ZERO,
    ZERO_TIMES_INFINITY,
    MINUS_ONE,
    MINUS_HUNDRED,
    ADDED,
    INVERTED,
    ON_QUERIES,
    FROM_FIRST_AXIS,
    TILED,
    FIRST_FOR_ALL,
    BROADCAST_AS_IT_IS,
    EMPTY_ROW_NAN,
    EMPTY_ROW_UNIFORM,
    *TRIANGLE,
)

# The same mistake with other numbers.
OTHER_SMALL_NUMBERS = tuple(
    replace(MINUS_HUNDRED, replaces={"mask_scores": _filled_with(low)}) for low in (-10.0, -1000.0)
)
# The same mistakes with a large number in the forbidden cells, where rows without a key come out otherwise.
FORBIDDEN_1E9 = replace(FORBIDDEN_LARGEST, replaces={"mask_scores": _under(lambda mask, scores: mask, 1e9)})
FINITE_FORMS = (
    *(
        replace(mistake, replaces={"mask_scores": _under(meant, -1e9)})
        for mistake, meant in (
            (INVERTED, _inverted),
            (ON_QUERIES, _transposed),
            (TILED, _tiled),
            (FIRST_FOR_ALL, _first_for_all),
        )
    ),
    FORBIDDEN_1E9,
)

# Right ways to mask. They agree on right weights, but beside a mistake they leave other numbers: -inf or a large negative
# number in a forbidden cell, and in a row where nothing is allowed zeros, what softmax makes of it, or NaN turned to 0.
# In a causal head no row is empty, so what softmax makes of one is right there.
LEFT_ALONE = {"empty_rows": _as_softmax_left_them}
FINITE = {"mask_scores": _filled_with(-1e9)}
MASK_STYLES: tuple[Mapping[str, Any], ...] = ({}, {"empty_rows": _nan_to_zero}, FINITE)
CAUSAL_STYLES: tuple[Mapping[str, Any], ...] = (LEFT_ALONE, {**FINITE, **LEFT_ALONE}, {})
