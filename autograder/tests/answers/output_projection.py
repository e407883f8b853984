"""Unit 5: right answers in other styles, and wrong ones."""

from __future__ import annotations

import numpy as np

from autograder.tests.answers import Right, Wrong, by_hand
from autograder.tests.answers.output_projection_apply import APPLY, parts_by_loop, side_by_side


def _as_sum(heads, w_o):
    """The output as a sum over heads."""
    d_v = heads.shape[-1]
    made = 0
    for h in range(heads.shape[-3]):
        made = made + heads[..., h, :, :] @ w_o[h * d_v : (h + 1) * d_v]
    return made


def _by_loops(heads, w_o):
    num_heads, d_v = heads.shape[-3], heads.shape[-1]
    made = np.zeros((*heads.shape[:-3], heads.shape[-2], w_o.shape[1]))
    for h in range(num_heads):
        for c in range(d_v):
            made += heads[..., h, :, c, None] * w_o[h * d_v + c]
    return made


def _float32(heads, w_o):
    return side_by_side(heads.astype(np.float32)) @ w_o.astype(np.float32)


def _parts_by_zeros(heads, w_o):
    """The output with all other heads set to 0."""
    parts = []
    for h in range(heads.shape[-3]):
        alone = np.zeros(heads.shape)
        alone[..., h, :, :] = heads[..., h, :, :]
        parts.append(side_by_side(alone) @ w_o)
    return np.stack(parts, axis=-3)


def _parameters_of_arrays(d_model, num_heads, d_k, d_v, d_out):
    shapes = [(d_model, num_heads * d_k)] * 2 + [(d_model, num_heads * d_v), (num_heads * d_v, d_out)]
    return sum(np.empty(shape, dtype=bool).size for shape in shapes)


RIGHT = (
    *by_hand.right("output_projection"),
    Right(
        "the shape as a list",
        {"output_projection_shape": lambda d_model, num_heads, d_v, d_out: [num_heads * d_v, d_out]},
    ),
    Right(
        "the shape of an array",
        {"output_projection_shape": lambda d_model, num_heads, d_v, d_out: np.empty((num_heads * d_v, d_out)).shape},
    ),
    Right(
        "the shape as an array", {"output_projection_shape": lambda *sizes: np.array([sizes[1] * sizes[2], sizes[3]])}
    ),
    Right("a computed prediction", {"my_parameters": 29 * 6 * (14 + 14 + 12) + 6 * 12 * 19}),
    Right("a prediction as float", {"my_parameters": 8.328e3}),
    Right("sizes of arrays", {"layer_parameters": _parameters_of_arrays}),
    Right(
        "per head, as float",
        {
            "layer_parameters": lambda d_model, num_heads, d_k, d_v, d_out: float(
                num_heads * (d_model * (2 * d_k + d_v) + d_v * d_out)
            )
        },
    ),
    Right("a list of heads joined", {"apply_w_o": lambda heads, w_o: side_by_side(heads) @ w_o}),
    Right("the output as a sum", {"apply_w_o": _as_sum}),
    Right("the output by loops", {"apply_w_o": _by_loops}),
    Right("the output in float32", {"apply_w_o": _float32}),
    Right(
        "the output by einsum",
        {
            "apply_w_o": lambda heads, w_o: np.einsum(
                "...htv,hvo->...to", heads, w_o.reshape(heads.shape[-3], -1, w_o.shape[1])
            )
        },
    ),
    Right("the output by tensordot", {"apply_w_o": lambda heads, w_o: np.tensordot(side_by_side(heads), w_o, axes=1)}),
    Right("rows by split", {"rows_of_head": lambda w_o, h, num_heads: np.split(w_o, num_heads, axis=0)[h]}),
    Right("rows by reshape", {"rows_of_head": lambda w_o, h, num_heads: w_o.reshape(num_heads, -1, w_o.shape[1])[h]}),
    Right("a change as a float of NumPy", {"my_change": np.float64(2)}),
    Right("parts by a loop", {"contributions": parts_by_loop}),
    Right("parts by zeros", {"contributions": _parts_by_zeros}),
    Right(
        "parts by einsum, in lists",
        {
            "contributions": lambda heads, w_o: np.einsum(
                "...htv,hvo->...hto", heads, w_o.reshape(heads.shape[-3], -1, w_o.shape[1])
            ).tolist()
        },
    ),
)


def _w(question, label, function, share, *mistakes):
    names = {
        "shape": "output_projection_shape",
        "parameters": "layer_parameters",
        "rows": "rows_of_head",
        "sum": "contributions",
    }
    return Wrong(f"output_projection.{question}", label, {names[question]: function}, share, mistakes)


def _count(rows_q=None, w_o=None):
    """Parameters where w_o, or the projections, are counted in another way."""

    def layer_parameters(d_model, num_heads, d_k, d_v, d_out):
        sizes = {"d": d_model, "h": num_heads, "k": d_k, "v": d_v, "o": d_out}
        projections = d_model * num_heads * (d_k + d_k + d_v) if rows_q is None else rows_q(**sizes)
        return projections + (num_heads * d_v * d_out if w_o is None else w_o(**sizes))

    return layer_parameters


WRONG = (
    *by_hand.wrong("output_projection"),
    _w("shape", "square", lambda d_model, num_heads, d_v, d_out: (d_model, d_model), 0.25, "w_o_square"),
    _w("shape", "d_model rows", lambda d_model, num_heads, d_v, d_out: (d_model, d_out), 0.6, "w_o_rows_d_model"),
    _w(
        "shape",
        "d_model columns",
        lambda d_model, num_heads, d_v, d_out: (num_heads * d_v, d_model),
        0.65,
        "w_o_columns_d_model",
    ),
    _w(
        "shape",
        "transposed",
        lambda d_model, num_heads, d_v, d_out: (d_out, d_v * num_heads),
        0.25,
        "w_o_shape_transposed",
    ),
    _w("shape", "one head", lambda d_model, num_heads, d_v, d_out: (d_v, d_out), 0, "w_o_of_one_head"),
    _w(
        "shape",
        "with a head axis",
        lambda d_model, num_heads, d_v, d_out: (num_heads, d_v, d_out),
        0,
        "w_o_with_head_axis",
    ),
    _w(
        "shape",
        "as wide as the heads",
        lambda d_model, num_heads, d_v, d_out: (num_heads * d_v,) * 2,
        0.25,
        "w_o_columns_concatenated",
    ),
    _w("shape", "added", lambda d_model, num_heads, d_v, d_out: (num_heads + d_v, d_out), 0),
    _w("shape", "a number", lambda d_model, num_heads, d_v, d_out: num_heads * d_v * d_out, 0),
    _w("shape", "768 always", lambda d_model, num_heads, d_v, d_out: (768, 768), 0),
    # The solution's number draws d_model = 29, num_heads = 6, d_k = 14, d_v = 12, d_out = 19.
    *(
        Wrong("output_projection.parameters_768", str(value), {"my_parameters": value}, 0, mistakes)
        for value, mistakes in {
            29 * 6 * 40: ("w_o_not_counted",),
            29 * 40 + 6 * 12 * 19: ("one_head_counted",),
            4 * 29 * 29: ("usual_sizes_assumed",),
            30 * 6 * 40 + 73 * 19: ("biases_counted",),
            29 * 6 * 26 + 6 * 12 * 19: ("q_and_k_counted_once",),
            29 * 6 * 40 + 29 * 29: ("w_o_counted_square",),
            8329: (),
            "8328": (),
        }.items()
    ),
    _w("parameters", "no w_o", _count(w_o=lambda **s: 0), 0, "w_o_not_counted"),
    _w(
        "parameters",
        "4 d_model²",
        lambda d_model, num_heads, d_k, d_v, d_out: 4 * d_model**2,
        0.3,
        "usual_sizes_assumed",
    ),
    _w(
        "parameters",
        "biases",
        lambda d_model, num_heads, d_k, d_v, d_out: (
            (d_model + 1) * num_heads * (2 * d_k + d_v) + (num_heads * d_v + 1) * d_out
        ),
        0,
        "biases_counted",
    ),
    _w("parameters", "square w_o", _count(w_o=lambda d, **s: d * d), 0.3, "w_o_counted_square"),
    _w("parameters", "w_o from d_model", _count(w_o=lambda d, o, **s: d * o), 0.6, "w_o_counted_from_d_model"),
    _w("parameters", "w_o to d_model", _count(w_o=lambda h, v, d, **s: h * v * d), 0.7, "w_o_counted_to_d_model"),
    _w("parameters", "w_o of one head", _count(w_o=lambda v, o, **s: v * o), 0, "w_o_counted_for_one_head"),
    _w("parameters", "one head", _count(rows_q=lambda d, k, v, **s: d * (2 * k + v)), 0, "one_head_counted"),
    _w("parameters", "d_v = d_k", _count(rows_q=lambda d, h, k, **s: 3 * d * h * k), 0.6, "values_as_wide_as_keys"),
    _w("parameters", "q and k once", _count(rows_q=lambda d, h, k, v, **s: d * h * (k + v)), 0, "q_and_k_counted_once"),
    _w("parameters", "one too many", _count(w_o=lambda h, v, o, **s: h * v * o + 1), 0),
    _w("parameters", "in thousands", lambda *sizes: _parameters_of_arrays(*sizes) / 1000, 0, "constant_factor"),
    _w("parameters", "times tokens", lambda *sizes: 5 * _parameters_of_arrays(*sizes), 0, "constant_factor"),
    *APPLY,
    _w(
        "rows",
        "columns",
        lambda w_o, h, n: w_o[:, h * (w_o.shape[1] // n) : (h + 1) * (w_o.shape[1] // n)],
        0,
        "columns_for_rows",
    ),
    _w("rows", "every H-th", lambda w_o, h, n: w_o[h::n], 0, "rows_interleaved"),
    _w(
        "rows",
        "from one",
        lambda w_o, h, n: w_o[(h - 1) * (len(w_o) // n) : h * (len(w_o) // n)],
        0,
        "rows_counted_from_one",
    ),
    _w(
        "rows",
        "share of d_out",
        lambda w_o, h, n: w_o[h * (w_o.shape[1] // n) : (h + 1) * (w_o.shape[1] // n)],
        0.4,
        "width_of_block_from_d_out",
    ),
    _w("rows", "as high as heads", lambda w_o, h, n: w_o[h * n : (h + 1) * n], 0, "rows_heads_for_width"),
    _w("rows", "one row", lambda w_o, h, n: w_o[h], 0, "rows_one_line_only"),
    _w("rows", "first block", lambda w_o, h, n: w_o[: len(w_o) // n], 0, "rows_first_block_always"),
    _w("rows", "everything", lambda w_o, h, n: w_o, 0, "rows_whole_matrix"),
    _w("rows", "transposed", lambda w_o, h, n: np.split(w_o, n)[h].T, 0, "axes_in_another_order"),
    # And row = (1, 0, 0, -1), h = 1, c = 2, with -0.5, 0.5, -1, 2 in that column of w_o.
    *(
        Wrong("output_projection.block", str(value), {"my_change": value}, 0, mistakes)
        for value, mistakes in {
            -2: ("own_sign_of_change",),
            0.5: ("own_another_heads_rows",),
            2.5: ("own_whole_output_gone",),
            0: ("own_nothing_changes",),
            1: (),
            "D": (),
        }.items()
    ),
    _w("sum", "added up", lambda heads, w_o: _as_sum(heads, w_o), 0, "parts_already_added"),
    _w(
        "sum",
        "the output for each",
        lambda heads, w_o: np.stack([_as_sum(heads, w_o)] * heads.shape[-3], -3),
        0,
        "output_for_every_head",
    ),
    _w(
        "sum",
        "shared evenly",
        lambda heads, w_o: np.stack([_as_sum(heads, w_o) / heads.shape[-3]] * heads.shape[-3], -3),
        0,
        "output_shared_evenly",
    ),
    _w("sum", "side by side", lambda heads, w_o: side_by_side(parts_by_loop(heads, w_o)), 0, "parts_side_by_side"),
    _w(
        "sum",
        "behind the tokens",
        lambda heads, w_o: np.stack(
            [heads[..., h, :, :] @ np.split(w_o, heads.shape[-3])[h] for h in range(heads.shape[-3])], axis=-2
        ),
        0,
        "parts_behind_tokens",
    ),
    _w(
        "sum",
        "a list",
        lambda heads, w_o: [heads[..., h, :, :] @ block for h, block in enumerate(np.split(w_o, heads.shape[-3]))],
        0,
        "parts_before_batch",
    ),
    _w("sum", "first block for all", lambda heads, w_o: heads @ w_o[: heads.shape[-1]], 0, "rows_first_block_always"),
    _w(
        "sum",
        "interleaved rows",
        lambda heads, w_o: np.stack(
            [heads[..., h, :, :] @ w_o[h :: heads.shape[-3]] for h in range(heads.shape[-3])], -3
        ),
        0,
        "rows_interleaved",
    ),
    _w(
        "sum",
        "blocks by another reshape",
        lambda heads, w_o: heads @ w_o.reshape(heads.shape[-1], heads.shape[-3], -1).swapaxes(0, 1),
        0,
        "rows_interleaved",
    ),
    _w("sum", "blocks in reverse", lambda heads, w_o: heads @ np.stack(np.split(w_o, heads.shape[-3])[::-1]), 0),
    _w(
        "sum",
        "heads of the batch",
        lambda heads, w_o: np.stack(
            [head @ block for head, block in zip(heads, np.split(w_o, len(heads)), strict=True)]
        ),
        0,
        "first_axis_for_heads",
    ),
    _w("sum", "zeros", lambda heads, w_o: np.zeros((*heads.shape[:-1], w_o.shape[1])), 0),
    _w("sum", "the heads", lambda heads, w_o: heads, 0),
)
