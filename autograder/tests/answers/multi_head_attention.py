"""Unit 8: right layers in other styles, and wrong ones."""

from __future__ import annotations

import numpy as np

from autograder.tests.answers import Right, Wrong, by_hand
from autograder.tests.answers.layer_parts import LOOKING, PADDING, PIECES
from autograder.tests.answers.layers import (
    additive,
    among_heads,
    attend,
    by_einsum,
    concat,
    divided_where,
    float32,
    folded,
    in_loops,
    in_place,
    integer_heads,
    integers,
    joined_in_a_list,
    layer,
    mask_of_the_first,
    masked,
    masked_and,
    minus_infinity,
    nan_to_num,
    normal,
    scaled_by,
    shared,
    sliced,
    softmax,
    softmaxed,
    squeezed,
    state_kept,
    tiled,
    with_d_model,
    with_d_model_per_head,
    zero_rows,
    zeroed_after_mixing,
)

RIGHT = (
    *by_hand.right("multi_head_attention"),
    Right("divided where there is something", {"multi_head_attention": divided_where}),
    Right("in loops", {"multi_head_attention": in_loops}),
    Right("by einsum", {"multi_head_attention": by_einsum}),
    Right("heads folded into the batch", {"multi_head_attention": folded}),
    Right("in float32", {"multi_head_attention": float32}),
    Right("an additive mask of -1e9, zeroed after", layer(attend=additive(-1e9))),
    Right("nan_to_num of the weights", layer(attend=nan_to_num)),
    Right("zeros after mixing", layer(attend=zeroed_after_mixing)),
    Right("heads joined in a list", layer(concat=joined_in_a_list)),
    Right(
        "query scaled before",
        layer(
            attend=lambda q, k, v, m: attend(
                q / q.shape[-1] ** 0.25, k / q.shape[-1] ** 0.25 * q.shape[-1] ** 0.5, v, m
            )
        ),
    ),
    Right(
        "softmax by log-sum-exp",
        {
            "softmax": lambda s: np.exp(
                s - s.max(-1, keepdims=True) - np.log(np.exp(s - s.max(-1, keepdims=True)).sum(-1, keepdims=True))
            )
        },
    ),
    Right(
        "split by np.split", {"split_heads": lambda x, num_heads: np.stack(np.split(x, num_heads, axis=-1), axis=-3)}
    ),
    Right(
        "concat by a list",
        {"concat_heads": lambda heads: np.concatenate([heads[..., h, :, :] for h in range(heads.shape[-3])], axis=-1)},
    ),
    Right(
        "padding by a loop",
        {"padding_mask": lambda lengths, t_k: np.array([[[[j < n for j in range(t_k)]]] for n in lengths])},
    ),
    Right(
        "padding of zeros and ones",
        {"padding_mask": lambda lengths, t_k: 1 * np.greater(np.asarray(lengths).reshape(-1, 1, 1, 1), np.arange(t_k))},
    ),
    Right(
        "heads as numbers of NumPy",
        {"which_head": {"previous token": np.int64(0), "first token": 3.0, "same word": 1, "everything": 2}},
    ),
)


def _wrong(label, names, share, *mistakes):
    return Wrong("multi_head_attention.layer", label, names, share, mistakes)


def _one(label, function, share, *mistakes):
    return _wrong(label, {"multi_head_attention": function}, share, *mistakes)


# Shares earned by what is right: a layer of one head; equal scores; everything without a mask or without a context; all
# but one of the small facets.
ONE_HEAD, FLAT, SMALL, SELF, NO_MASK, BUT_ONE = 0.15, 0.15, 0.05, 0.6, 0.65, 0.95


WRONG = (
    *by_hand.wrong("multi_head_attention"),
    _wrong(
        "split by a reshape",
        layer(split=lambda x, h: x.reshape(len(x), h, x.shape[1], -1)),
        ONE_HEAD,
        "split_by_reshape",
    ),
    _wrong(
        "split and merged by a reshape",
        layer(
            split=lambda x, h: x.reshape(len(x), h, x.shape[1], -1),
            concat=lambda heads: heads.reshape(len(heads), heads.shape[2], -1),
        ),
        ONE_HEAD,
        "split_by_reshape",
        "concat_by_reshape",
    ),
    _wrong(
        "merged by a reshape",
        layer(concat=lambda heads: heads.reshape(len(heads), heads.shape[2], -1)),
        ONE_HEAD,
        "concat_by_reshape",
    ),
    _wrong("heads in reverse", layer(concat=lambda heads: concat(heads[:, ::-1])), ONE_HEAD, "heads_in_reverse"),
    _wrong(
        "heads interleaved",
        layer(concat=lambda heads: heads.transpose(0, 2, 3, 1).reshape(len(heads), heads.shape[2], -1)),
        ONE_HEAD,
        "concat_interleaved",
    ),
    _wrong(
        "every H-th column",
        layer(split=lambda x, h: np.stack([x[..., i::h] for i in range(h)], axis=1)),
        ONE_HEAD,
        "split_interleaved",
    ),
    _wrong(
        "heads on the token axis",
        layer(concat=lambda heads: np.concatenate(list(heads.swapaxes(0, 1)), axis=1)),
        ONE_HEAD,
    ),
    _wrong("heads added", layer(concat=lambda heads: heads.sum(axis=1)), ONE_HEAD),
    _one("attention among the heads", among_heads, 0, "attention_among_heads"),
    _one("projections shared", shared, ONE_HEAD, "projections_shared"),
    _one("x sliced, then projected", sliced, ONE_HEAD, "x_sliced_then_projected"),
    _wrong("x sliced and not projected", layer(project=lambda x, c, *w: (x, c, c)), 0, "x_sliced"),
    _wrong(
        "values not projected",
        layer(project=lambda x, c, w_q, w_k, w_v: (x @ w_q, c @ w_k, c)),
        0,
        "values_not_projected",
    ),
    _wrong(
        "w_q for the keys",
        layer(project=lambda x, c, w_q, w_k, w_v: (x @ w_q, c @ w_q, c @ w_v)),
        ONE_HEAD,
        "w_q_for_keys",
    ),
    _wrong(
        "w_k for the values",
        layer(project=lambda x, c, w_q, w_k, w_v: (x @ w_q, c @ w_k, c @ w_k)),
        0,
        "w_k_for_values",
    ),
    _wrong(
        "the context asks",
        layer(project=lambda x, c, w_q, w_k, w_v: (c @ w_q, x @ w_k, x @ w_v)),
        SELF,
        "context_for_queries",
    ),
    _wrong(
        "context ignored",
        layer(project=lambda x, c, w_q, w_k, w_v: (x @ w_q, x @ w_k, x @ w_v)),
        SELF,
        "context_ignored",
    ),
    _wrong(
        "values from x", layer(project=lambda x, c, w_q, w_k, w_v: (x @ w_q, c @ w_k, x @ w_v)), SELF, "values_from_x"
    ),
    _wrong("no W_o", layer(output=lambda joined, w_o: joined), 0, "no_output_projection"),
    _wrong(
        "each head projected, then concatenated",
        layer(
            concat=lambda heads: heads,
            output=lambda heads, w_o: concat(heads @ w_o.reshape(heads.shape[1], heads.shape[-1], -1)),
        ),
        ONE_HEAD,
        "projected_then_concatenated",
    ),
    _wrong(
        "heads added, then W_o",
        layer(concat=lambda heads: heads.sum(1), output=lambda joined, w_o: joined @ w_o[: joined.shape[-1]]),
        ONE_HEAD,
        "heads_added",
    ),
    _wrong("normalised in between", layer(output=lambda joined, w_o: normal(joined) @ w_o), 0, "normalised_before_w_o"),
    _wrong("each head normalised", layer(concat=lambda heads: concat(normal(heads))), 0, "normalised_before_w_o"),
    _wrong("normalised at the end", layer(output=lambda joined, w_o: normal(joined @ w_o)), 0, "normalised_after_w_o"),
    _wrong("W_o transposed", layer(output=lambda joined, w_o: joined @ w_o.T), 0, "w_o_transposed"),
    _wrong(
        "residual",
        {"multi_head_attention": lambda x, *a, **k: x + layer()["multi_head_attention"](x, *a, **k)},
        0,
        "residual_added",
    ),
    _wrong("no scale", layer(attend=scaled_by(lambda q, k, v: 1)), ONE_HEAD, "no_scale"),
    _wrong("by d_k", layer(attend=scaled_by(lambda q, k, v: q.shape[-1])), ONE_HEAD, "by_d_k"),
    _wrong("sqrt(d_v)", layer(attend=scaled_by(lambda q, k, v: np.sqrt(v.shape[-1]))), ONE_HEAD, "sqrt_d_v"),
    _wrong("sqrt(T_q)", layer(attend=scaled_by(lambda q, k, v: np.sqrt(q.shape[-2]))), ONE_HEAD, "sqrt_t"),
    _wrong("sqrt(T_k)", layer(attend=scaled_by(lambda q, k, v: np.sqrt(k.shape[-2]))), ONE_HEAD, "sqrt_t_k"),
    _wrong("sqrt(H)", layer(attend=scaled_by(lambda q, k, v: np.sqrt(q.shape[1]))), ONE_HEAD, "sqrt_num_heads"),
    _wrong(
        "sqrt(H·d_k)",
        layer(attend=scaled_by(lambda q, k, v: np.sqrt(q.shape[1] * q.shape[-1]))),
        ONE_HEAD + FLAT,
        "sqrt_all_heads",
    ),
    _one("sqrt(d_model)", with_d_model, ONE_HEAD, "sqrt_d_model"),
    _one("sqrt(d_model / H)", with_d_model_per_head, ONE_HEAD + FLAT, "sqrt_d_model_per_head"),
    _wrong(
        "scale after softmax", layer(attend=masked_and(lambda w, q: w / np.sqrt(q.shape[-1]))), 0, "scale_after_softmax"
    ),
    _wrong("a scale of sqrt(2)", layer(attend=scaled_by(lambda q, k, v: np.sqrt(2))), ONE_HEAD, "scale_by_a_constant"),
    _wrong("softmax over the heads", layer(attend=softmaxed(lambda s: softmax(s, 1))), 0, "softmax_over_heads"),
    _wrong(
        "softmax over the queries",
        layer(attend=softmaxed(lambda s: softmax(s, -2))),
        ONE_HEAD,
        "softmax_over_queries",
    ),
    _wrong(
        "softmax over the queries, -1e9",
        layer(attend=softmaxed(lambda s: softmax(s, 2), -1e9)),
        ONE_HEAD,
        "softmax_over_queries",
    ),
    _wrong("softmax over the batch", layer(attend=softmaxed(lambda s: softmax(s, 0))), 0, "softmax_over_first_axis"),
    _wrong(
        "softmax over everything", layer(attend=softmaxed(lambda s: softmax(s, None))), 0, "softmax_over_everything"
    ),
    _wrong(
        "softmax overflows",
        layer(attend=softmaxed(lambda s: np.exp(s) / np.exp(s).sum(-1, keepdims=True))),
        BUT_ONE,
        "softmax_overflows",
    ),
    _wrong(
        "one maximum for all",
        layer(attend=softmaxed(lambda s: np.exp(s - s.max()) / np.exp(s - s.max()).sum(-1, keepdims=True))),
        BUT_ONE,
        "one_maximum_for_all",
    ),
    _wrong("no exponential", layer(attend=softmaxed(lambda s: s / s.sum(-1, keepdims=True))), 0, "no_exponential"),
    _wrong("softmax twice", layer(attend=softmaxed(lambda s: softmax(softmax(s)))), 0.15, "softmax_twice"),
    _wrong("no softmax", layer(attend=softmaxed(lambda s: s, 0)), 0, "no_softmax"),
    _wrong("mask forgotten", layer(attend=lambda q, k, v, mask: attend(q, k, v, None)), NO_MASK, "mask_forgotten"),
    _wrong(
        "mask inverted", layer(attend=masked(lambda s, m: np.where(m, -np.inf, s), zero_rows)), NO_MASK, "mask_inverted"
    ),
    _wrong(
        "mask inverted, -1e9, rows left alone",
        layer(attend=masked(lambda s, m: np.where(m, -1e9, s))),
        NO_MASK,
        "mask_inverted",
    ),
    _wrong(
        "mask after softmax", layer(attend=masked(lambda s, m: s, lambda w, m: w * m)), NO_MASK, "mask_after_softmax"
    ),
    _wrong("mask times scores", layer(attend=masked(lambda s, m: s * m)), NO_MASK, "mask_times_zero"),
    _wrong("0 times -inf", layer(attend=masked(lambda s, m: s + (1 - m) * -np.inf)), NO_MASK, "zero_times_infinity"),
    _wrong("boolean mask added", layer(attend=masked(lambda s, m: s + m)), NO_MASK, "mask_added"),
    _wrong(
        "mask on the queries",
        layer(
            attend=masked(lambda s, m: np.where(np.broadcast_to(m, s.shape).swapaxes(-1, -2), s, -np.inf), zero_rows)
        ),
        NO_MASK,
        "mask_on_queries",
    ),
    _wrong(
        "forbidden scores of 1e9",
        layer(attend=masked(lambda s, m: np.where(m, s, 1e9), zero_rows)),
        NO_MASK,
        "forbidden_made_largest",
    ),
    _wrong(
        "forbidden scores of 1e9, rows left alone",
        layer(attend=masked(lambda s, m: np.where(m, s, 1e9))),
        NO_MASK,
        "forbidden_made_largest",
    ),
    _wrong(
        "mask after softmax, renormalised",
        layer(attend=masked(lambda s, m: s, lambda w, m: w * m / np.maximum((w * m).sum(-1, keepdims=True), 1e-300))),
        BUT_ONE,
    ),
    _wrong(
        "mask after softmax, renormalised as it comes",
        layer(attend=masked(lambda s, m: s, lambda w, m: w * m / (w * m).sum(-1, keepdims=True))),
        0.9,
        "mask_after_softmax_renormalised",
    ),
    _wrong(
        "forbidden scores of -100",
        layer(attend=masked(lambda s, m: np.where(m, s, -100), zero_rows)),
        BUT_ONE,
    ),
    _wrong(
        "forbidden scores of -100, rows left alone",
        layer(attend=masked(lambda s, m: np.where(m, s, -100))),
        0.9,
        "masked_with_small_number",
    ),
    _wrong(
        "causal without a mask",
        layer(
            attend=lambda q, k, v, m: attend(q, k, v, np.tri(q.shape[-2], k.shape[-2], dtype=bool) if m is None else m)
        ),
        0.25,
        "causal_without_a_mask",
    ),
    _one("masks tiled", tiled, NO_MASK + 2 * SMALL, "mask_tiled"),
    _wrong("the first sequence's mask", layer(attend=mask_of_the_first), NO_MASK + 2 * SMALL, "first_mask_for_all"),
    _wrong("empty rows NaN", layer(attend=masked(minus_infinity)), BUT_ONE, "empty_row_nan"),
    _wrong("empty rows uniform", layer(attend=masked(lambda s, m: np.where(m, s, -1e9))), BUT_ONE, "empty_row_uniform"),
    _wrong(
        "no scale, empty rows NaN",
        layer(attend=lambda q, k, v, m: masked(minus_infinity)(q * q.shape[-1] ** 0.5, k, v, m)),
        ONE_HEAD,
        "no_scale",
        "empty_row_nan",
    ),
    _wrong(
        "sqrt(d_k) of H and no W_o",
        layer(attend=scaled_by(lambda q, k, v: 1), output=lambda joined, w_o: joined),
        0,
        "no_scale",
        "no_output_projection",
    ),
    _one("integer buffer", integers, BUT_ONE, "integer_result"),
    _one("integer buffer for the heads", integer_heads, BUT_ONE, "integer_result"),
    _one("inputs changed", in_place, BUT_ONE, "input_changed"),
    _one("state kept", state_kept, 0, "keeps_state"),
    _one("batch squeezed", squeezed, BUT_ONE, "batch_squeezed"),
    _one("first of the batch", lambda x, *w, **more: layer()["multi_head_attention"](x[:1], *w, **more), 0),
    _one("zeros", lambda x, w_q, w_k, w_v, w_o, h, context=None, mask=None: np.zeros((*x.shape[:2], w_o.shape[1])), 0),
    _one("no return", lambda *a, **k: None, 0),
    _one(
        "the mean of all",
        lambda x, w_q, w_k, w_v, w_o, h, context=None, mask=None: np.broadcast_to(
            ((x if context is None else context) @ w_v @ w_o).mean(1, keepdims=True), (*x.shape[:2], w_o.shape[1])
        ),
        0.15,
        "values_averaged",
    ),
    *PIECES,
    *PADDING,
    *LOOKING,
)
