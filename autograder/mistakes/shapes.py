"""Wrong shapes on the way through a layer, each with what to say to it."""

from __future__ import annotations

from .guesses import Guesses, guess

BATCH = "The batch axis is missing. Every array made from x keeps the leading axes of x."
ONE_HEAD = "That is the width of one head. Before the split, the last axis has all heads side by side."
D_MODEL = (
    "The last axis is taken to be d_model. A projection makes H times the width of a head columns, and "
    "these heads are narrower than d_model / H."
)
KEYS_WIDTH = "The width is that of queries and keys, d_k. Values have a width of their own, d_v."
HEAD_AXIS = "Heads have no axis of their own before the split. They are side by side in the last axis."
NOT_MOVED = "The head axis comes after the tokens. It should come before them, so that each head has a row per token."
FOLDED = "The heads are merged with the batch axis. Here they keep an axis of their own, right after the batch."
FEATURES_FIRST = "Tokens and features are swapped. A head keeps one row per token."
BEFORE_BATCH = "The head axis comes before the batch. It should come right after it."
NOT_SHARED = "Every head has all the columns here. The split divides them among the heads."


def weight_shape(d_model: int, num_heads: int, d: int, other: int) -> Guesses:
    """For w_q or w_v: (d_model, H·d). `other` is the width of the other of the two."""
    return (
        *guess("one_heads_width", ONE_HEAD, (d_model, d)),
        *guess(
            "weights_on_the_left",
            "Rows and columns are swapped. Weights multiply on the right, so there is a row for each of the "
            "d_model numbers of a token.",
            (num_heads * d, d_model),
        ),
        *guess("d_model_assumed", D_MODEL, (d_model, d_model)),
        *guess("head_axis_before_split", HEAD_AXIS, (num_heads, d_model, d), (d_model, num_heads, d)),
        *guess(
            "heads_below_each_other",
            "The heads are stacked one below the other. They read the same d_model numbers, so they share the rows.",
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
            "Tokens and columns are swapped. A product with weights on the right keeps one row per token.",
            (b, num_heads * d, t),
        ),
        *guess("head_axis_before_split", HEAD_AXIS, (b, num_heads, t, d), (b, t, num_heads, d)),
        *guess(
            "batch_folded",
            "Batch and tokens are merged into one axis. A projection keeps both axes.",
            (b * t, num_heads * d),
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
            "The width is taken to be d_model / H. The split divides the columns that the projection made, and "
            "here there are fewer of them.",
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
            "These are the keys as they are after the split, with one row per token.",
            (b, num_heads, t, d),
        ),
        *guess(
            "all_axes_reversed",
            "All axes are reversed. Only the last two are swapped. Batch and heads stay in front.",
            (d, t, num_heads, b),
        ),
        *guess(
            "other_axes_swapped",
            "The wrong axes are swapped. Swap the last two.",
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
            "There is only one table of scores for each sequence here. Every head compares the tokens in its "
            "own way, so each head has a table.",
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
            "A width is left over. The product of queries and keys sums over d_k, so d_k is not in the result.",
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
        *guess("heads_added", "The heads are added up here. Each should keep its own output.", (b, t, d_v)),
        *guess("head_axis_not_moved", NOT_MOVED, (b, t, num_heads, d_v)),
        *guess("heads_in_batch", FOLDED, (b * num_heads, t, d_v)),
        *guess("batch_missing", BATCH, (num_heads, t, d_v)),
    )


def concatenated_shape(b: int, t: int, d_model: int, num_heads: int, d_k: int, d_v: int) -> Guesses:
    """For the concatenation: (B, T, H·d_v)."""
    return (
        *guess(
            "concat_on_tokens",
            "The heads are joined along the tokens. Each token should keep a single row, which becomes wider.",
            (b, num_heads * t, d_v),
        ),
        *guess(
            "concat_on_batch",
            "The heads are joined along the batch. They belong side by side in each token's row.",
            (num_heads * b, t, d_v),
        ),
        *guess("heads_added", "The heads are added up or averaged. They should be laid side by side.", (b, t, d_v)),
        *guess(
            "head_axis_kept",
            "The head axis is still there. It should be merged with the last axis.",
            (b, t, num_heads, d_v),
        ),
        *guess("not_concatenated", "Nothing is joined yet. That is the shape of the heads.", (b, num_heads, t, d_v)),
        *guess(
            "concat_d_model_assumed",
            "The width is taken to be d_model. Side by side, the heads have H times d_v columns. W_o brings "
            "this to the output width in a later step.",
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
