"""Unit 1: answers as they stand in public code and in courses, right ones and wrong ones."""

from __future__ import annotations

import numpy as np

from autograder.tests.answers import Right, Wrong

P, S, SOFTMAX, MIX, HEAD = (f"one_head.{name}" for name in ("project", "scores", "softmax", "mix", "head"))


def _one_key_at_a_time(scores):
    """Softmax in one pass over the keys, as FlashAttention takes it."""
    top, total = np.full(scores.shape[:-1], -np.inf), np.zeros(scores.shape[:-1])
    for j in range(scores.shape[-1]):
        higher = np.maximum(top, scores[..., j])
        total = total * np.exp(top - higher) + np.exp(scores[..., j] - higher)
        top = higher
    return np.exp(scores - top[..., None]) / total[..., None]


def _row_by_row(scores):
    return np.apply_along_axis(lambda row: np.exp(row - row.max()) / np.exp(row - row.max()).sum(), -1, scores)


class _MergedHead:
    """An object that can be called; w_q and w_k merged, and the values projected last."""

    def __call__(self, x, w_q, w_k, w_v):
        scores = x @ (w_q @ w_k.T) @ np.swapaxes(x, -1, -2) / np.sqrt(w_q.shape[-1])
        return _one_key_at_a_time(scores) @ x @ w_v


RIGHT = (
    Right("softmax one key at a time", {"softmax": _one_key_at_a_time}),
    Right("softmax row by row", {"softmax": _row_by_row}),
    Right("softmax by logaddexp", {"softmax": lambda s: np.exp(s - np.logaddexp.reduce(s, axis=-1, keepdims=True))}),
    Right(
        "softmax of differences",
        {"softmax": lambda s: 1 / np.exp(np.asarray(s)[..., None, :] - np.asarray(s)[..., :, None]).sum(-1)},
    ),
    Right(
        "scores by axes of matmul",
        {"scaled_scores": lambda q, k: np.matmul(q, k, axes=[(-2, -1), (-1, -2), (-2, -1)]) / q.shape[-1] ** 0.5},
    ),
    Right(
        "scores by products and a sum",
        {"scaled_scores": lambda q, k: (q[..., :, None, :] * k[..., None, :, :]).sum(-1) / np.sqrt(q.shape[-1])},
    ),
    Right(
        "one fused projection, split",
        {
            "project": lambda x, a, b, c: np.split(
                x @ np.hstack([a, b, c]), [a.shape[1], a.shape[1] + b.shape[1]], axis=-1
            )
        },
    ),
    Right("an object for a head", {"attention_head": _MergedHead()}),
)


def _scaled(root, product=lambda q, k: q @ np.swapaxes(k, -1, -2)):
    return {"scaled_scores": lambda q, k: product(q, k) / root(q, k)}


def _shares(axis, keepdims=True):
    """Shares of exponentials, with no thought of overflow."""
    return lambda s: np.exp(s) / np.exp(s).sum(axis=axis, keepdims=keepdims)


def _head(scores=lambda s: s, softmax=_one_key_at_a_time):
    def attention_head(x, w_q, w_k, w_v):
        q, k = x @ w_q, x @ w_k
        return softmax(scores(q @ np.swapaxes(k, -1, -2) / np.sqrt(q.shape[-1]))) @ (x @ w_v)

    return {"attention_head": attention_head}


WRONG = (
    Wrong(P, "values before keys", {"project": lambda x, a, b, c: (x @ a, x @ c, x @ b)}, 0, ("projections_in_another_order",)),
    Wrong(P, "values first", {"project": lambda x, a, b, c: (x @ c, x @ b, x @ a)}, 0, ("projections_in_another_order",)),
    Wrong(P, "queries scaled already", {"project": lambda x, a, b, c: (x @ a / a.shape[1] ** 0.5, x @ b, x @ c)}, 0, ()),
    Wrong(S, "root of the number of keys", _scaled(lambda q, k: np.sqrt(k.shape[-2])), 0.4, ("sqrt_t_k",)),
    Wrong(S, "axis 1 of q", _scaled(lambda q, k: np.sqrt(q.shape[1])), 0.8, ("d_k_from_axis_1",)),
    Wrong(S, "axis 1 of k", _scaled(lambda q, k: np.sqrt(k.shape[1])), 0.8, ("d_k_from_axis_1",)),
    Wrong(S, "** 1 / 2", {"scaled_scores": lambda q, k: q @ np.swapaxes(k, -1, -2) / q.shape[-1] ** 1 / 2}, 0.4, ("half_for_root",)),
    Wrong(S, "** (1 / 2) lost", _scaled(lambda q, k: q.shape[-1] ** 1 / 2), 0.4, ("half_for_root",)),
    Wrong(
        S,
        "np.dot",
        _scaled(lambda q, k: np.sqrt(q.shape[-1]), lambda q, k: np.dot(q, np.swapaxes(k, -1, -2))),
        0.8,
        ("scores_across_batch",),
    ),
    Wrong(S, "distances", _scaled(lambda q, k: 1, lambda q, k: -((q[..., :, None, :] - k[..., None, :, :]) ** 2).sum(-1)), 0, ()),
    Wrong(SOFTMAX, "over the first axis, no shift", {"softmax": _shares(0)}, 0, ("softmax_over_first_axis", "softmax_overflows")),
    Wrong(SOFTMAX, "over everything, no shift", {"softmax": _shares(None)}, 0, ("softmax_over_everything", "softmax_overflows")),
    Wrong(SOFTMAX, "over axis 1, no shift", {"softmax": _shares(1)}, 0.5, ("softmax_over_axis_1", "softmax_overflows")),
    Wrong(SOFTMAX, "no keepdims, no shift", {"softmax": _shares(-1, keepdims=False)}, 0, ("sum_without_keepdims", "softmax_overflows")),
    Wrong(SOFTMAX, "sigmoid", {"softmax": lambda s: 1 / (1 + np.exp(-s))}, 0, ()),
    Wrong(SOFTMAX, "one more in the sum", {"softmax": lambda s: np.exp(s) / (1 + np.exp(s).sum(-1, keepdims=True))}, 0, ("one_in_the_sum",)),
    Wrong(MIX, "np.dot", {"mix": lambda w, v: np.dot(w, v)}, 0.5, ("values_across_batch",)),
    Wrong(HEAD, "causal out of habit", _head(lambda s: np.where(np.tri(s.shape[-1]) > 0, s, -np.inf)), 0, ("causal_without_a_mask",)),
    Wrong(HEAD, "over the first axis, no shift", _head(softmax=_shares(0)), 0.2, ("softmax_over_first_axis", "softmax_overflows")),
)  # fmt: skip
