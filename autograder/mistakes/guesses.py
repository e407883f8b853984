"""Wrong predictions and choices, each with what to say to it: pairs (value, mistake) for the entries of value questions."""

from __future__ import annotations

from typing import Any

from ..marking import Mistake

Guesses = tuple[tuple[Any, Mistake], ...]


def guess(name: str, says: str, *values: Any) -> Guesses:
    """One mistake behind one or more wrong values."""
    mistake = Mistake(name, "prediction", says)
    return tuple((value, mistake) for value in values)


# Unit 8, how the patterns look that heads show.
PATTERNS = {
    "previous token": "row i is dark in column i - 1: a dark line one step below the diagonal.",
    "first token": "every row is dark in the same place, the first column: one dark column.",
    "same word": "a row is dark where its own word stands, itself included. Look at the rows of a word that occurs twice: both "
    "have two dark cells, in the same two columns.",
    "everything": "no cell is darker than another: every weight is 1/T.",
}


def another_head(pattern: str, *heads: int) -> Guesses:
    """Heads that do not show the pattern."""
    says = f"{pattern.capitalize()}: {PATTERNS[pattern]}"
    return tuple((head, Mistake(f"not_{pattern.replace(' ', '_')}", "looking", says)) for head in heads)


# Unit 3, five heads: 0 and 1 share all three matrices, 2 and 4 have another w_v each, 3 another w_q and w_k.
HOW_MANY_WEIGHTS = (
    *guess("head_3_overlooked", "Head 3 has a w_q and a w_k of its own, and so weights of its own.", 1),
    *guess(
        "w_v_counted_in_weights",
        "The weights come from queries and keys alone; w_v plays no part in them. Heads that share w_q and w_k look at the "
        "tokens in the same way.",
        3,
        4,
        5,
    ),
)
HOW_MANY_VALUES = (
    *guess("own_w_v_overlooked", "Heads 2 and 4 each have a w_v of their own, and so values of their own.", 1, 2),
    *guess("w_q_counted_in_values", "The values come from w_v alone. Heads that share it have the same values.", 4, 5),
)
HOW_MANY_OUTPUTS = (
    *guess(
        "one_part_is_enough",
        "An output is made from weights and values. Two heads that share one of them still differ in the other, and so in "
        "their outputs.",
        1,
        2,
        3,
    ),
    *guess(
        "every_head_counted",
        "The same matrices over the same x give the same numbers: heads 0 and 1 share all three.",
        5,
    ),
)

# Unit 3, a change in column 7 of 12, which is in the second of three slices.
NOTICE_WHEN_SLICED = (
    *guess(
        "slice_is_blind",
        "A head that works on a slice sees its own columns only. What changes outside them cannot reach it.",
        {0, 1, 2},
        {0, 1},
        {1, 2},
        {0, 2},
    ),
    *guess(
        "wrong_slice",
        "That column is in another head's slice. Heads and columns are both counted from 0, and each slice is four columns "
        "wide.",
        {0},
        {2},
    ),
    *guess("nobody_notices", "Every column stands in the slice of some head, and that head reads it.", set()),
)
NOTICE_WHEN_PROJECTED = guess(
    "projection_taken_for_slice",
    "A projection makes each of its columns from all columns of x, so no head is blind to a part of a token. Only the "
    "columns that come out belong to one head.",
    {0},
    {1},
    {2},
    {0, 1},
    {0, 2},
    {1, 2},
    set(),
)
WHY_OWN_PROJECTIONS = (
    *guess(
        "heads_read_parts_of_x",
        "That is slicing. Every head projects the whole of every token, so each of them could read any part of x.",
        "A",
    ),
    *guess(
        "heads_as_vote",
        "Heads are not several measurements of one thing: nothing averages them, and with different projections they "
        "compute different things.",
        "B",
    ),
    *guess(
        "heads_share_tokens_out",
        "No token is kept from any head: every head has one row of weights per token, over all tokens.",
        "D",
    ),
    *guess(
        "heads_save_parameters",
        "Projections of their own save nothing: sharing would. H heads of width d_model / H have as many numbers as one "
        "head of width d_model.",
        "E",
    ),
)

# Unit 5: head 2's block of rows in W_o is set to 0.
ZERO_ROWS = (
    *guess(
        "rows_taken_for_columns",
        "Rows of W_o are not columns of the output. Every column of the output is a sum over all rows of W_o, and only a part "
        "of that sum is gone.",
        "A",
    ),
    *guess(
        "w_o_taken_for_weights",
        "W_o comes after attention. What a head looks at is decided before, by its queries and keys, and stays as it was.",
        "B",
    ),
    *guess(
        "heads_taken_for_tokens",
        "The blocks of W_o belong to heads. Every token's row goes through all of them.",
        "C",
    ),
    *guess(
        "product_taken_for_chain",
        "A matrix product adds up; the blocks do not follow one after the other. A term that is 0 leaves the others as they "
        "are.",
        "E",
    ),
)

# Unit 9, which head has the largest score, as a pair (layer, head).
HEAD_AND_LAYER_EXCHANGED = Mistake(
    "head_and_layer_exchanged", "looking", "Head and layer have changed places. The layer comes first: (layer, head)."
)
HEADS_FROM_ONE = Mistake(
    "heads_from_one", "looking", "Layers and heads are counted from 1 here. Both are counted from 0."
)
THE_OTHER_SCORE = Mistake(
    "the_other_score", "looking", "This head is the largest of the other score. Look at the column for this one."
)

# Unit 10, how many times as much there is of something when the text is twice as long.
SCORES_OF_TWICE_THE_TEXT = (
    *guess(
        "scores_grow_with_the_length",
        "Each query has twice as many keys, and there are twice as many queries as well.",
        2,
    ),
    *guess("scores_of_half_the_pairs", "Count pairs: every token is compared with every token.", 3, 8, 16),
)
CACHE_OF_TWICE_THE_TEXT = guess(
    "cache_grows_with_pairs",
    "A key and a value belong to a single token, not to a pair of tokens. How many tokens are there?",
    4,
    8,
)
SCORES_OF_ONE_MORE_TOKEN = (
    *guess(
        "one_query_grows_with_pairs",
        "One more token brings one query. That query meets every key in the cache, once.",
        4,
    ),
    *guess(
        "one_query_costs_the_same", "The query of one more token meets every key in the cache, and these are more.", 1
    ),
)
PARAMETERS_OF_TWICE_THE_TEXT = guess(
    "parameters_grow_with_the_text",
    "The same matrices are applied to every token. Their shapes hold d_model and the widths of heads, and no T.",
    2,
    4,
)
