"""Wrong shapes on the way through a layer, each with what to say to it."""

from __future__ import annotations

from .guesses import Guesses, guess

BATCH = "The batch axis is missing. Every array that comes from x keeps the axes that lead in x."
ONE_HEAD = "That is the width of one head. Before the split, all heads stand side by side in the last axis."
D_MODEL = (
    "The last axis is taken to be d_model. How many columns a projection makes is H times the width of a head, and these "
    "heads are narrower than d_model / H."
)
KEYS_WIDTH = "The width is that of queries and keys, d_k. Values have a width of their own, d_v."
HEAD_AXIS = "Heads have no axis of their own before the split: they stand side by side in the last axis."
NOT_MOVED = "The head axis stands behind the tokens. It comes before them, so that each head has a row per token."
FOLDED = "The heads are folded into the batch axis. Here they keep an axis of their own, right behind the batch."
FEATURES_FIRST = "Tokens and features have changed places. A head keeps one row per token."
BEFORE_BATCH = "The head axis stands before the batch. It comes right behind it."
NOT_SHARED = "Every head has all the columns here. The split shares them out."


def weight_shape(d_model: int, num_heads: int, d: int, other: int) -> Guesses:
    """For w_q or w_v: (d_model, H·d). `other` is the width of the other of the two."""
    return (
        *guess("one_heads_width", ONE_HEAD, (d_model, d)),
        *guess(
            "weights_on_the_left",
            "Rows and columns have changed places. Weights multiply on the right, so the rows meet the d_model numbers of a "
            "token.",
            (num_heads * d, d_model),
        ),
        *guess("d_model_assumed", D_MODEL, (d_model, d_model)),
        *guess("head_axis_before_split", HEAD_AXIS, (num_heads, d_model, d), (d_model, num_heads, d)),
        *guess(
            "heads_below_each_other",
            "The heads stand below each other. They read the same d_model numbers, so they share the rows.",
            (num_heads * d_model, d),
        ),
        *guess(
            "other_width",
            "The widths of keys and values are mixed up: d_k here, d_v there.",
            (d_model, num_heads * other),
        ),
    )


def projected_shape(b: int, t: int, d_model: int, num_heads: int, d: int, other: int) -> Guesses:
    """For q or v before the split: (B, T, H·d)."""
    return (
        *guess("batch_missing", BATCH, (t, num_heads * d)),
        *guess("one_heads_width", ONE_HEAD, (b, t, d)),
        *guess("d_model_assumed", D_MODEL, (b, t, d_model)),
        *guess(
            "tokens_and_columns_swapped",
            "Tokens and columns have changed places. A product with weights on the right keeps one row per token.",
            (b, num_heads * d, t),
        ),
        *guess("head_axis_before_split", HEAD_AXIS, (b, num_heads, t, d), (b, t, num_heads, d)),
        *guess(
            "batch_folded", "Batch and tokens have become one axis. A projection keeps both.", (b * t, num_heads * d)
        ),
        *guess(
            "other_width", "The widths of keys and values are mixed up: d_k here, d_v there.", (b, t, num_heads * other)
        ),
    )


def split_shape(b: int, t: int, d_model: int, num_heads: int, d: int, other: int) -> Guesses:
    """For q or v after the split: (B, H, T, d)."""
    return (
        *guess("head_axis_not_moved", NOT_MOVED, (b, t, num_heads, d)),
        *guess("features_before_tokens", FEATURES_FIRST, (b, num_heads, d, t)),
        *guess("batch_missing", BATCH, (num_heads, t, d)),
        *guess("heads_in_batch", FOLDED, (b * num_heads, t, d)),
        *guess("heads_before_batch", BEFORE_BATCH, (num_heads, b, t, d)),
        *guess("columns_not_shared_out", NOT_SHARED, (b, num_heads, t, num_heads * d)),
        *guess(
            "d_model_shared_out",
            "The width is taken to be d_model / H. The split shares out the columns that the projection has made, and here "
            "these are fewer.",
            (b, num_heads, t, d_model // num_heads),
        ),
        *guess(
            "other_width", "The widths of keys and values are mixed up: d_k here, d_v there.", (b, num_heads, t, other)
        ),
        *guess("not_split", "That is the shape before the split.", (b, t, num_heads * d)),
    )


def swapped_shape(b: int, t: int, num_heads: int, d: int) -> Guesses:
    """For the keys, ready to be multiplied by the queries: (B, H, d_k, T)."""
    return (
        *guess(
            "keys_not_swapped",
            "These are the keys as they come from the split, one row per token.",
            (b, num_heads, t, d),
        ),
        *guess(
            "all_axes_reversed",
            "All axes are reversed. Only the last two change places; batch and heads stay in front.",
            (d, t, num_heads, b),
        ),
        *guess(
            "other_axes_swapped",
            "Other axes have changed places. It is the last two that do.",
            (b, t, num_heads, d),
            (b, d, t, num_heads),
            (b, t, d, num_heads),
            (b, d, num_heads, t),
        ),
        *guess("batch_missing", BATCH, (num_heads, d, t)),
    )


def scores_shape(b: int, t: int, num_heads: int, d_k: int, d_v: int) -> Guesses:
    """For the scores: (B, H, T, T)."""
    return (
        *guess(
            "scores_for_all_heads",
            "There is one table of scores for each sequence here. Every head compares the tokens in its own way, so each has "
            "a table.",
            (b, t, t),
        ),
        *guess("batch_missing", BATCH, (num_heads, t, t), (t, t)),
        *guess(
            "features_by_features",
            "The features are compared with each other. Scores compare tokens: a row per query, a column per key.",
            (b, num_heads, d_k, d_k),
        ),
        *guess(
            "heads_by_heads",
            "The heads of one token are compared with each other. Scores compare tokens: a row per query, a column per key.",
            (b, t, num_heads, num_heads),
        ),
        *guess(
            "width_left_over",
            "A width is left over. The product of queries and keys sums over d_k, which is gone from the result.",
            (b, num_heads, t, d_k),
            (b, num_heads, t, d_v),
        ),
    )


def heads_shape(b: int, t: int, num_heads: int, d_k: int, d_v: int) -> Guesses:
    """For the outputs of the heads: (B, H, T, d_v)."""
    return (
        *guess("keys_width_for_values", KEYS_WIDTH, (b, num_heads, t, d_k)),
        *guess(
            "weights_not_outputs",
            "That is the shape of the weights. Mixed with the values, each row becomes as wide as a value.",
            (b, num_heads, t, t),
        ),
        *guess("already_concatenated", "That is the shape after the concatenation.", (b, t, num_heads * d_v)),
        *guess("heads_added", "The heads are added up here. Each keeps its own output.", (b, t, d_v)),
        *guess("head_axis_not_moved", NOT_MOVED, (b, t, num_heads, d_v)),
        *guess("heads_in_batch", FOLDED, (b * num_heads, t, d_v)),
        *guess("batch_missing", BATCH, (num_heads, t, d_v)),
    )


def concatenated_shape(b: int, t: int, d_model: int, num_heads: int, d_k: int, d_v: int) -> Guesses:
    """For the concatenation: (B, T, H·d_v)."""
    return (
        *guess(
            "concat_on_tokens",
            "The heads are joined along the tokens. Every token keeps one row, which grows wider.",
            (b, num_heads * t, d_v),
        ),
        *guess(
            "concat_on_batch",
            "The heads are joined along the batch. They belong side by side in each token's row.",
            (num_heads * b, t, d_v),
        ),
        *guess("heads_added", "The heads are added up or averaged. They are laid side by side.", (b, t, d_v)),
        *guess(
            "head_axis_kept", "The head axis is still there. It becomes one with the last axis.", (b, t, num_heads, d_v)
        ),
        *guess("not_concatenated", "Nothing is joined yet: that is the shape of the heads.", (b, num_heads, t, d_v)),
        *guess(
            "concat_d_model_assumed",
            "The width is taken to be d_model. Side by side, the heads have H times d_v columns; that W_o brings this back to "
            "d_model is another step.",
            (b, t, d_model),
        ),
        *guess("keys_width_for_values", KEYS_WIDTH, (b, t, num_heads * d_k)),
        *guess(
            "number_and_width_added",
            "The number of heads and the width are added. Every head brings as many columns as it is wide.",
            (b, t, num_heads + d_v),
        ),
        *guess("batch_missing", BATCH, (t, num_heads * d_v)),
    )
