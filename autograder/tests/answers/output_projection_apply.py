"""Unit 5: wrong outputs, from the heads and W_o."""

from __future__ import annotations

import numpy as np

from autograder.tests.answers import Wrong


def side_by_side(heads):
    return np.concatenate([heads[..., h, :, :] for h in range(heads.shape[-3])], axis=-1)


def parts_by_loop(heads, w_o):
    d_v = heads.shape[-1]
    return np.stack([heads[..., h, :, :] @ w_o[h * d_v :][:d_v] for h in range(heads.shape[-3])], axis=-3)


def _norm(a):
    return (a - a.mean(-1, keepdims=True)) / np.sqrt(a.var(-1, keepdims=True) + 1e-5)


def _four_axes_only(heads, w_o):
    b, h, t, d = heads.shape
    return heads.transpose(0, 2, 1, 3).reshape(b, t, h * d) @ w_o


def _in_place(heads, w_o):
    output = side_by_side(heads) @ w_o
    heads[...] = 0
    return output


def _w(label, function, share, *mistakes):
    return Wrong("output_projection.apply", label, {"apply_w_o": function}, share, mistakes)


APPLY = (
    _w("no W_o", lambda heads, w_o: side_by_side(heads), 0.3, "no_output_projection"),
    _w("W_o transposed", lambda heads, w_o: side_by_side(heads) @ w_o.T, 0.3, "w_o_transposed"),
    _w("W_o twice", lambda heads, w_o: side_by_side(heads) @ w_o @ w_o, 0.3, "w_o_twice"),
    _w(
        "reshape alone",
        lambda heads, w_o: heads.reshape(*heads.shape[:-3], heads.shape[-2], -1) @ w_o,
        0,
        "concat_by_reshape",
    ),
    _w(
        "interleaved",
        lambda heads, w_o: np.moveaxis(heads, -3, -1).reshape(*heads.shape[:-3], heads.shape[-2], -1) @ w_o,
        0,
        "concat_interleaved",
    ),
    _w("reversed", lambda heads, w_o: side_by_side(heads[..., ::-1, :, :]) @ w_o, 0, "heads_in_reverse"),
    _w(
        "each head, then joined",
        lambda heads, w_o: side_by_side(parts_by_loop(heads, w_o)),
        0,
        "projected_then_concatenated",
    ),
    _w("added", lambda heads, w_o: heads.sum(axis=-3), 0, "heads_added", "no_output_projection"),
    _w("averaged", lambda heads, w_o: heads.mean(axis=-3), 0, "heads_averaged", "no_output_projection"),
    _w(
        "joined by tokens, no W_o",
        lambda heads, w_o: heads.reshape(*heads.shape[:-3], -1, heads.shape[-1]),
        0,
        "concat_on_tokens",
        "no_output_projection",
    ),
    _w(
        "normalised in between",
        lambda heads, w_o: _norm(side_by_side(heads)) @ w_o,
        0,
        "normalised_before_w_o",
    ),
    _w(
        "softmax in between",
        lambda heads, w_o: np.exp(side_by_side(heads)) / np.exp(side_by_side(heads)).sum(-1, keepdims=True) @ w_o,
        0,
    ),
    _w(
        "normalised at the end",
        lambda heads, w_o: _norm(side_by_side(heads) @ w_o),
        0,
        "normalised_after_w_o",
    ),
    _w(
        "each head normalised",
        lambda heads, w_o: side_by_side(_norm(heads)) @ w_o,
        0,
        "normalised_before_w_o",
    ),
    _w(
        "rows of length 1",
        lambda heads, w_o: side_by_side(heads) / np.linalg.norm(side_by_side(heads), axis=-1, keepdims=True) @ w_o,
        0,
        "normalised_before_w_o",
    ),
    _w("added, then W_o", lambda heads, w_o: heads.sum(-3) @ w_o[: heads.shape[-1]], 0, "heads_added"),
    _w("averaged, then W_o", lambda heads, w_o: heads.mean(-3) @ w_o[: heads.shape[-1]], 0, "heads_averaged"),
    _w(
        "each head by the same rows, then joined",
        lambda heads, w_o: side_by_side(heads @ w_o[: heads.shape[-1]]),
        0,
        "projected_then_concatenated",
    ),
    _w("batch only", _four_axes_only, 0.7),
    _w("changes the heads", _in_place, 0.7, "input_changed"),
    _w("mean of the parts", lambda heads, w_o: parts_by_loop(heads, w_o).mean(axis=-3), 0),
    _w("zeros", lambda heads, w_o: np.zeros((*heads.shape[:-3], heads.shape[-2], w_o.shape[1])), 0),
    _w(
        "by reshape, no W_o",
        lambda heads, w_o: heads.reshape(*heads.shape[:-3], heads.shape[-2], -1),
        0,
        "concat_by_reshape",
        "no_output_projection",
    ),
)
