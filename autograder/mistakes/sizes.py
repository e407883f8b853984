"""Mistakes in reckoning sizes: the width of a head, of the concatenation, the shape of w_o, the parameters of a layer."""

from __future__ import annotations

from ..marking import Wrong
from .choose import named

# For `head_width(d_model, num_heads)`.
HEAD_WIDTH: tuple[Wrong, ...] = (
    *named(
        "silent_floor",
        "sizes",
        "If the heads do not divide d_model, the width is rounded down without an error. The heads "
        "together are then narrower than d_model, and the columns that are left over belong to no head.",
        lambda d_model, num_heads: d_model // num_heads,
    ),
    *named(
        "silent_rounding",
        "sizes",
        "If the heads do not divide d_model, the width is rounded without an error. Heads of that width do "
        "not add up to d_model.",
        lambda d_model, num_heads: round(d_model / num_heads),
        lambda d_model, num_heads: -(-d_model // num_heads),
    ),
    *named(
        "fraction_of_a_column",
        "sizes",
        "The result is a float: a whole number with a decimal point if the heads divide d_model, and a "
        "fraction of a column if they do not. A width counts columns, so it should be an int. If the heads "
        "do not divide d_model, there is no width to return.",
        lambda d_model, num_heads: d_model / num_heads,
    ),
    *named(
        "nothing_raised",
        "sizes",
        "If the heads do not divide d_model, a special value is returned. The caller would go on "
        "calculating with it. An error stops at the place where the sizes do not fit.",
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
        "This is the number of heads. The width is the number of columns that each of them has.",
        lambda d_model, num_heads: num_heads,
    ),
    *named(
        "width_multiplied",
        "sizes",
        "d_model is multiplied by the number of heads. The heads divide the columns among them, and "
        "together have no more than d_model.",
        lambda d_model, num_heads: d_model * num_heads,
    ),
    *named(
        "width_subtracted",
        "sizes",
        "The number of heads is subtracted from d_model. To share equally, divide.",
        lambda d_model, num_heads: d_model - num_heads,
    ),
    *named(
        "decimal_point_slipped",
        "sizes",
        "The decimal point is in the wrong place. Heads of this width together have a tenth of d_model.",
        lambda d_model, num_heads: d_model / num_heads / 10,
    ),
    *named(
        "shared_among_q_k_v",
        "sizes",
        "d_model is also divided by 3, as if queries, keys and values shared it. Each of the three has the "
        "full width of the head.",
        lambda d_model, num_heads: d_model / num_heads / 3,
        lambda d_model, num_heads: d_model // num_heads // 3,
        lambda d_model, num_heads: d_model // (3 * num_heads),
    ),
    *named(
        "root_of_width",
        "sizes",
        "This is the square root of the width, by which scores are divided. The answer is the width itself.",
        lambda d_model, num_heads: (d_model / num_heads) ** 0.5,
    ),
    *named(
        "divided_the_wrong_way",
        "sizes",
        "The number of heads is divided by d_model. It should be the other way round.",
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
        "That is far too wide. It has a factor that does not belong, such as the width times itself. Each "
        "head brings its columns once.",
        lambda num_heads, d_v: d_v * d_v,
        lambda num_heads, d_v: num_heads * num_heads * d_v,
        lambda num_heads, d_v: num_heads * d_v * d_v,
        lambda num_heads, d_v: 3 * num_heads * d_v,
    ),
    *named(
        "width_divided",
        "sizes",
        "The width of a head is divided by the number of heads. But d_v already is the width of a single head.",
        lambda num_heads, d_v: d_v // num_heads,
        lambda num_heads, d_v: d_v / num_heads,
    ),
    *named(
        "power_for_product",
        "sizes",
        "This is a power instead of a product.",
        lambda num_heads, d_v: d_v**num_heads,
        lambda num_heads, d_v: num_heads**d_v,
    ),
)

# For `output_projection_shape(d_model, num_heads, d_v, d_out)`.
OUTPUT_SHAPE: tuple[Wrong, ...] = (
    *named(
        "w_o_square",
        "sizes",
        "W_o is taken to be (d_model, d_model). That fits only if both the concatenated heads and the "
        "output are d_model wide. If H·d_v differs, the product raises an error.",
        lambda d_model, num_heads, d_v, d_out: (d_model, d_model),
    ),
    *named(
        "w_o_shape_transposed",
        "sizes",
        "Rows and columns are swapped. Weights multiply on the right, so there is a row of W_o for each "
        "column of the concatenated heads.",
        lambda d_model, num_heads, d_v, d_out: (d_out, num_heads * d_v),
        lambda d_model, num_heads, d_v, d_out: (d_model, num_heads * d_v),
    ),
    *named(
        "w_o_rows_d_model",
        "sizes",
        "W_o has d_model rows here. It needs a row for each column of the concatenated heads, and they "
        "have d_model columns only if H·d_v is d_model.",
        lambda d_model, num_heads, d_v, d_out: (d_model, d_out),
    ),
    *named(
        "w_o_columns_d_model",
        "sizes",
        "W_o has d_model columns here. Its columns make the output, which is d_out wide.",
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
        "This fits one head's output. W_o multiplies all heads at once, side by side.",
        lambda d_model, num_heads, d_v, d_out: (d_v, d_out),
        lambda d_model, num_heads, d_v, d_out: (d_v, d_model),
        lambda d_model, num_heads, d_v, d_out: (d_model // num_heads, d_out),
    ),
    *named(
        "w_o_with_head_axis",
        "sizes",
        "The heads have an axis of their own here. W_o is one matrix, which multiplies the heads after "
        "they have been concatenated.",
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
        "Only the projections for queries, keys and values are counted. W_o is missing.",
        lambda d_model, num_heads, d_k, d_v, d_out: _projections(d_model, num_heads, d_k, d_v),
    ),
    *named(
        "biases_counted",
        "sizes",
        "There is one number too many for every column of a matrix, so biases are counted. This layer has none.",
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
        "All four matrices are taken to be (d_model, d_model). That is right only for the usual sizes, "
        "where H·d_k, H·d_v and d_out are all d_model.",
        lambda d_model, num_heads, d_k, d_v, d_out: 4 * d_model * d_model,
    ),
    *named(
        "full_width_per_head",
        "sizes",
        "Every head is counted as if it were d_model wide. The heads divide the columns of w_q, w_k and "
        "w_v among them.",
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
        "W_o is counted as d_model times d_model. It has a row for each column of the concatenated heads "
        "and a column for each number of the output, and either can be another size.",
        lambda d_model, num_heads, d_k, d_v, d_out: _projections(d_model, num_heads, d_k, d_v) + d_model * d_model,
    ),
    *named(
        "w_o_counted_from_d_model",
        "sizes",
        "W_o is counted with d_model rows. It has a row for each column of the concatenated heads.",
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
        "W_o is counted with the rows of one head only. It has a block of rows for each head.",
        lambda d_model, num_heads, d_k, d_v, d_out: _projections(d_model, num_heads, d_k, d_v) + d_v * d_out,
    ),
    *named(
        "w_o_counted_per_head",
        "sizes",
        "W_o is counted once for every head. There is a single W_o, and each head has a block of its rows.",
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
        "Queries and keys are counted as one matrix. w_q and w_k have the same size, but they are two matrices.",
        lambda d_model, num_heads, d_k, d_v, d_out: d_model * num_heads * (d_k + d_v) + num_heads * d_v * d_out,
    ),
    *named(
        "sizes_added",
        "sizes",
        "The sides of the matrices are added. To count the numbers in a matrix, multiply its rows by its columns.",
        lambda d_model, num_heads, d_k, d_v, d_out: 3 * d_model + num_heads * (2 * d_k + d_v) + num_heads * d_v + d_out,
    ),
)
