"""Mistakes in reckoning sizes: the width of a head, of the concatenation, the shape of w_o, the parameters of a layer."""

from __future__ import annotations

from ..marking import Wrong
from .choose import named

# For `head_width(d_model, num_heads)`.
HEAD_WIDTH: tuple[Wrong, ...] = (
    *named(
        "silent_floor",
        "sizes",
        "Where the heads do not divide d_model, the width is rounded down without a word. The heads together are then "
        "narrower than d_model, and the columns that are left over belong to no head.",
        lambda d_model, num_heads: d_model // num_heads,
    ),
    *named(
        "silent_rounding",
        "sizes",
        "Where the heads do not divide d_model, the width is rounded without a word. Heads of that width do not add up "
        "to d_model.",
        lambda d_model, num_heads: round(d_model / num_heads),
        lambda d_model, num_heads: -(-d_model // num_heads),
    ),
    *named(
        "fraction_of_a_column",
        "sizes",
        "The result is a float: a decimal point where the heads divide d_model, and a fraction of a column where they do not. A "
        "width counts columns, so it is an int, and where d_model cannot be shared out there is no width to return.",
        lambda d_model, num_heads: d_model / num_heads,
    ),
    *named(
        "nothing_raised",
        "sizes",
        "Where the heads do not divide d_model, a special value comes back. Whoever called goes on reckoning with it; an "
        "error stops at the place where the sizes do not fit.",
        lambda d_model, num_heads: None if d_model % num_heads else d_model // num_heads,
        lambda d_model, num_heads: 0 if d_model % num_heads else d_model // num_heads,
        lambda d_model, num_heads: -1 if d_model % num_heads else d_model // num_heads,
        lambda d_model, num_heads: False if d_model % num_heads else d_model // num_heads,
    ),
    *named(
        "width_not_shared_out",
        "sizes",
        "This is d_model itself: every head would be as wide as the whole layer. The heads share d_model equally.",
        lambda d_model, num_heads: d_model,
    ),
    *named(
        "number_for_width",
        "sizes",
        "This is the number of heads. The width is how many columns each of them has.",
        lambda d_model, num_heads: num_heads,
    ),
    *named(
        "width_multiplied",
        "sizes",
        "d_model is multiplied by the number of heads. The heads share the columns that there are; together they have no "
        "more than d_model.",
        lambda d_model, num_heads: d_model * num_heads,
    ),
    *named(
        "width_subtracted",
        "sizes",
        "The number of heads is taken away from d_model. Sharing equally is a division.",
        lambda d_model, num_heads: d_model - num_heads,
    ),
    *named(
        "decimal_point_slipped",
        "sizes",
        "The decimal point has slipped: heads of this width together have a tenth of d_model.",
        lambda d_model, num_heads: d_model / num_heads / 10,
    ),
    *named(
        "shared_among_q_k_v",
        "sizes",
        "d_model is divided by 3 as well, as if queries, keys and values shared it. Each of the three has the full width of "
        "the head.",
        lambda d_model, num_heads: d_model / num_heads / 3,
        lambda d_model, num_heads: d_model // num_heads // 3,
        lambda d_model, num_heads: d_model // (3 * num_heads),
    ),
    *named(
        "root_of_width",
        "sizes",
        "This is the square root of the width, by which scores are divided. The width itself is asked for.",
        lambda d_model, num_heads: (d_model / num_heads) ** 0.5,
    ),
    *named(
        "divided_the_wrong_way",
        "sizes",
        "The number of heads is divided by d_model; it is d_model that is shared out.",
        lambda d_model, num_heads: num_heads / d_model,
        lambda d_model, num_heads: num_heads // d_model,
    ),
)

# For `concat_width(num_heads, d_v)`.
CONCAT_WIDTH: tuple[Wrong, ...] = (
    *named(
        "width_of_one_head",
        "sizes",
        "This is the width of one head. Side by side, every head adds its own columns to a token's row.",
        lambda num_heads, d_v: d_v,
    ),
    *named(
        "number_and_width_added",
        "sizes",
        "The number of heads and the width are added. Every head brings as many columns as it is wide.",
        lambda num_heads, d_v: num_heads + d_v,
    ),
    *named(
        "number_of_heads",
        "sizes",
        "This is the number of heads. Each of them brings as many columns as it is wide.",
        lambda num_heads, d_v: num_heads,
    ),
    *named(
        "one_factor_too_many",
        "sizes",
        "That is far too wide: a factor is there that does not belong, such as the width times itself. Each head brings "
        "its columns once.",
        lambda num_heads, d_v: d_v * d_v,
        lambda num_heads, d_v: num_heads * num_heads * d_v,
        lambda num_heads, d_v: num_heads * d_v * d_v,
        lambda num_heads, d_v: 3 * num_heads * d_v,
    ),
    *named(
        "width_divided",
        "sizes",
        "The width of a head is divided by the number of heads. It has been divided already: d_v is what one head has.",
        lambda num_heads, d_v: d_v // num_heads,
        lambda num_heads, d_v: d_v / num_heads,
    ),
    *named(
        "power_for_product",
        "sizes",
        "A power stands where a product belongs.",
        lambda num_heads, d_v: d_v**num_heads,
        lambda num_heads, d_v: num_heads**d_v,
    ),
)

# For `output_projection_shape(d_model, num_heads, d_v, d_out)`.
OUTPUT_SHAPE: tuple[Wrong, ...] = (
    *named(
        "w_o_square",
        "sizes",
        "W_o is taken to be (d_model, d_model). That fits only where the concatenated heads happen to be d_model wide and "
        "the output is, too; where H·d_v differs, the product raises an error.",
        lambda d_model, num_heads, d_v, d_out: (d_model, d_model),
    ),
    *named(
        "w_o_shape_transposed",
        "sizes",
        "Rows and columns have changed places. Weights multiply on the right, so the rows of W_o meet the columns of the "
        "concatenated heads.",
        lambda d_model, num_heads, d_v, d_out: (d_out, num_heads * d_v),
        lambda d_model, num_heads, d_v, d_out: (d_model, num_heads * d_v),
    ),
    *named(
        "w_o_rows_d_model",
        "sizes",
        "W_o is given d_model rows. Its rows meet the columns of the concatenated heads, of which there are d_model only "
        "where the heads share out just that.",
        lambda d_model, num_heads, d_v, d_out: (d_model, d_out),
    ),
    *named(
        "w_o_columns_d_model",
        "sizes",
        "W_o is given d_model columns. Its columns make the output, which is d_out wide.",
        lambda d_model, num_heads, d_v, d_out: (num_heads * d_v, d_model),
    ),
    *named(
        "w_o_columns_concatenated",
        "sizes",
        "W_o is taken to be square, as wide as the concatenated heads. Its columns make the output, which is d_out wide.",
        lambda d_model, num_heads, d_v, d_out: (num_heads * d_v, num_heads * d_v),
    ),
    *named(
        "w_o_of_one_head",
        "sizes",
        "This fits one head's output. W_o meets all heads at once, side by side.",
        lambda d_model, num_heads, d_v, d_out: (d_v, d_out),
        lambda d_model, num_heads, d_v, d_out: (d_v, d_model),
        lambda d_model, num_heads, d_v, d_out: (d_model // num_heads, d_out),
    ),
    *named(
        "w_o_with_head_axis",
        "sizes",
        "The heads have an axis of their own here. W_o is one matrix, and meets the heads after they have been "
        "concatenated.",
        lambda d_model, num_heads, d_v, d_out: (num_heads, d_v, d_out),
        lambda d_model, num_heads, d_v, d_out: (num_heads, d_v, d_model),
    ),
    *named(
        "w_o_rows_multiplied",
        "sizes",
        "The number of heads is multiplied by d_model. The concatenation has one block of d_v columns per head.",
        lambda d_model, num_heads, d_v, d_out: (num_heads * d_model, d_out),
        lambda d_model, num_heads, d_v, d_out: (num_heads * d_model, d_model),
    ),
)


def _projections(d_model: int, num_heads: int, d_k: int, d_v: int) -> int:
    return d_model * num_heads * (2 * d_k + d_v)


# For `layer_parameters(d_model, num_heads, d_k, d_v, d_out)`.
PARAMETERS: tuple[Wrong, ...] = (
    *named(
        "w_o_not_counted",
        "sizes",
        "Only the projections to queries, keys and values are counted; W_o is missing.",
        lambda d_model, num_heads, d_k, d_v, d_out: _projections(d_model, num_heads, d_k, d_v),
    ),
    *named(
        "biases_counted",
        "sizes",
        "One number too many for every column of a matrix: biases are counted. This layer has none.",
        lambda d_model, num_heads, d_k, d_v, d_out: (
            _projections(d_model + 1, num_heads, d_k, d_v) + (num_heads * d_v + 1) * d_out
        ),
    ),
    *named(
        "one_head_counted",
        "sizes",
        "Only one head's projections are counted. Each of the heads has its own.",
        lambda d_model, num_heads, d_k, d_v, d_out: _projections(d_model, 1, d_k, d_v) + num_heads * d_v * d_out,
        lambda d_model, num_heads, d_k, d_v, d_out: _projections(d_model, 1, d_k, d_v) + d_v * d_out,
        lambda d_model, num_heads, d_k, d_v, d_out: _projections(d_model, 1, d_k, d_v) + d_model * d_out,
        lambda d_model, num_heads, d_k, d_v, d_out: _projections(d_model, 1, d_k, d_v),
    ),
    *named(
        "usual_sizes_assumed",
        "sizes",
        "All four matrices are taken to be (d_model, d_model). That is right for the usual sizes only, where H·d_k and "
        "H·d_v are d_model and so is d_out.",
        lambda d_model, num_heads, d_k, d_v, d_out: 4 * d_model * d_model,
    ),
    *named(
        "full_width_per_head",
        "sizes",
        "Every head is counted as if it were d_model wide. The heads share the columns of w_q, w_k and w_v.",
        lambda d_model, num_heads, d_k, d_v, d_out: 4 * num_heads * d_model * d_model,
        lambda d_model, num_heads, d_k, d_v, d_out: (3 * num_heads + 1) * d_model * d_model,
        lambda d_model, num_heads, d_k, d_v, d_out: 3 * num_heads * d_model * d_model,
    ),
    *named(
        "one_matrix_counted",
        "sizes",
        "This is the size of a single matrix. A layer has w_q, w_k, w_v and w_o.",
        lambda d_model, num_heads, d_k, d_v, d_out: d_model * num_heads * d_k,
        lambda d_model, num_heads, d_k, d_v, d_out: d_model * num_heads * d_v,
        lambda d_model, num_heads, d_k, d_v, d_out: d_model * d_model,
    ),
    *named(
        "w_o_counted_square",
        "sizes",
        "W_o is counted as d_model times d_model. Its rows meet the concatenated heads and its columns make the output, "
        "and either may have another size.",
        lambda d_model, num_heads, d_k, d_v, d_out: _projections(d_model, num_heads, d_k, d_v) + d_model * d_model,
    ),
    *named(
        "w_o_counted_from_d_model",
        "sizes",
        "W_o is counted with d_model rows. Its rows meet the columns of the concatenated heads.",
        lambda d_model, num_heads, d_k, d_v, d_out: _projections(d_model, num_heads, d_k, d_v) + d_model * d_out,
    ),
    *named(
        "w_o_counted_to_d_model",
        "sizes",
        "W_o is counted with d_model columns. Its columns make the output, which is d_out wide.",
        lambda d_model, num_heads, d_k, d_v, d_out: (
            _projections(d_model, num_heads, d_k, d_v) + num_heads * d_v * d_model
        ),
    ),
    *named(
        "w_o_counted_for_one_head",
        "sizes",
        "W_o is counted with the rows of one head only. It has a block of rows for each of them.",
        lambda d_model, num_heads, d_k, d_v, d_out: _projections(d_model, num_heads, d_k, d_v) + d_v * d_out,
    ),
    *named(
        "w_o_counted_per_head",
        "sizes",
        "W_o is counted once for every head. There is one W_o, which all heads share by rows.",
        lambda d_model, num_heads, d_k, d_v, d_out: (
            _projections(d_model, num_heads, d_k, d_v) + num_heads * num_heads * d_v * d_out
        ),
    ),
    *named(
        "values_as_wide_as_keys",
        "sizes",
        "w_v is counted with d_k columns per head. Values may have a width of their own, d_v.",
        lambda d_model, num_heads, d_k, d_v, d_out: (
            _projections(d_model, num_heads, d_k, d_k) + num_heads * d_v * d_out
        ),
        lambda d_model, num_heads, d_k, d_v, d_out: (
            _projections(d_model, num_heads, d_k, d_k) + num_heads * d_k * d_out
        ),
    ),
    *named(
        "q_and_k_counted_once",
        "sizes",
        "Queries and keys are counted as one matrix. w_q and w_k are as large as each other, but two.",
        lambda d_model, num_heads, d_k, d_v, d_out: d_model * num_heads * (d_k + d_v) + num_heads * d_v * d_out,
    ),
    *named(
        "sizes_added",
        "sizes",
        "The sides of the matrices are added. A matrix of so many rows and columns holds their product.",
        lambda d_model, num_heads, d_k, d_v, d_out: 3 * d_model + num_heads * (2 * d_k + d_v) + num_heads * d_v + d_out,
    ),
)
