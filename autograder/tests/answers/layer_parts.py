"""Unit 8: wrong pieces, padding masks and readings of pictures."""

from __future__ import annotations

import numpy as np

from autograder.tests.answers import Wrong
from autograder.tests.answers.layers import softmax


def _sum_without_keepdims(scores):
    exps = np.exp(scores - scores.max(-1, keepdims=True))
    return exps / exps.sum(-1)


def _keys_reshaped(q, k):
    return q @ k.reshape(*k.shape[:-2], k.shape[-1], k.shape[-2]) / np.sqrt(q.shape[-1])


def _concat(heads):
    return np.concatenate(list(np.moveaxis(heads, -3, 0)), axis=-1)


def _piece(label, name, function, *mistakes):
    share = 0.7 if name in ("softmax", "scaled_scores") else 0.8
    return Wrong("multi_head_attention.pieces", label, {name: function}, share, mistakes)


PIECES = (
    _piece("sum without keepdims", "softmax", _sum_without_keepdims, "sum_without_keepdims"),
    _piece("no exponential", "softmax", lambda s: s / s.sum(-1, keepdims=True), "no_exponential"),
    _piece("divided by d_k", "scaled_scores", lambda q, k: q @ np.swapaxes(k, -1, -2) / k.shape[-1], "by_d_k"),
    _piece("keys not transposed", "scaled_scores", lambda q, k: q @ k / np.sqrt(q.shape[-1]), "k_not_transposed"),
    _piece("keys reshaped", "scaled_scores", _keys_reshaped, "k_reshaped"),
    _piece(
        "keys by queries",
        "scaled_scores",
        lambda q, k: k @ np.swapaxes(q, -1, -2) / np.sqrt(q.shape[-1]),
        "keys_by_queries",
    ),
    _piece("head axis first", "split_heads", lambda x, h: np.stack(np.split(x, h, -1)), "heads_before_batch"),
    _piece("heads in reverse", "concat_heads", lambda y: _concat(y[..., ::-1, :, :]), "heads_in_reverse"),
    _piece("softmax over the queries", "softmax", lambda s: softmax(s, -2), "softmax_over_queries"),
    _piece("softmax overflows", "softmax", lambda s: np.exp(s) / np.exp(s).sum(-1, keepdims=True), "softmax_overflows"),
    _piece("scores without a scale", "scaled_scores", lambda q, k: q @ k.swapaxes(-1, -2), "no_scale"),
    _piece("scores by .T", "scaled_scores", lambda q, k: q @ k.T / np.sqrt(q.shape[-1]), "all_axes_reversed"),
    _piece(
        "split by a reshape",
        "split_heads",
        lambda x, h: x.reshape(*x.shape[:-2], h, x.shape[-2], -1),
        "split_by_reshape",
    ),
    _piece("split, not moved", "split_heads", lambda x, h: x.reshape(*x.shape[:-1], h, -1), "head_axis_not_moved"),
    _piece(
        "concat by a reshape", "concat_heads", lambda y: y.reshape(*y.shape[:-3], y.shape[-2], -1), "concat_by_reshape"
    ),
    _piece(
        "concat on the tokens",
        "concat_heads",
        lambda y: np.concatenate(list(np.moveaxis(y, -3, 0)), axis=-2),
        "concat_on_tokens",
    ),
    _piece(
        "concat on the batch",
        "concat_heads",
        lambda y: np.concatenate(list(np.moveaxis(y, -3, 0)), axis=0),
        "concat_on_batch",
    ),
    _piece("heads added", "concat_heads", lambda y: y.sum(-3), "heads_added"),
    _piece("heads shifted by a constant", "concat_heads", lambda y: _concat(y) + 1),
    Wrong(
        "multi_head_attention.pieces",
        "two pieces",
        {
            "softmax": lambda s: softmax(s, None),
            "split_heads": lambda x, h: np.ones((*x.shape[:-2], h, x.shape[-2], 1)),
        },
        0.5,
        ("softmax_over_everything",),
    ),
)


def _padding(label, function, *mistakes):
    return Wrong("multi_head_attention.padding_mask", label, {"padding_mask": function}, 0, mistakes)


PADDING = (
    _padding("(B, T_k) as it is", lambda n, t: np.arange(t) < n[:, None], "padding_mask_broadcast"),
    _padding("(B, 1, T_k)", lambda n, t: np.arange(t) < n[:, None, None], "padding_for_heads"),
    _padding("on the queries", lambda n, t: np.arange(t)[:, None] < n[:, None, None, None], "padding_on_queries"),
    _padding("inverted", lambda n, t: np.arange(t) >= n[:, None, None, None], "padding_inverted"),
    _padding("one more", lambda n, t: np.arange(t) <= n[:, None, None, None], "padding_one_more"),
    _padding("one less", lambda n, t: np.arange(1, t + 1) < n[:, None, None, None], "padding_one_less"),
    _padding("padding in front", lambda n, t: np.arange(t) >= t - n[:, None, None, None], "padding_in_front"),
    _padding("all True", lambda n, t: np.ones((len(n), 1, 1, t), dtype=bool)),
    _padding("minus infinity at the padding", lambda n, t: np.where(np.arange(t) < n[:, None, None, None], 0, -np.inf)),
)


def _looking(label, heads, share, *mistakes):
    names = ("previous token", "first token", "same word", "everything")
    return Wrong(
        "multi_head_attention.which_head", label, {"which_head": dict(zip(names, heads, strict=True))}, share, mistakes
    )


LOOKING = (  # right for the number of the solution: 0, 3, 1, 2
    _looking("two swapped", (3, 0, 1, 2), 0.5),
    _looking("all the same", (0, 0, 0, 0), 0),
    _looking("one twice", (0, 0, 1, 2), 0.5),
    _looking("one left out", (0, 3, 1, ...), 0.5),
    _looking("counted from 1", (1, 4, 2, 3), 0),
    Wrong("multi_head_attention.which_head", "a list", {"which_head": {"previous token": [2]}}, 0, ()),
)
