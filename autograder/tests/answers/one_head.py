"""Unit 1: right answers in other styles, and wrong ones."""

from __future__ import annotations

import numpy as np

from autograder.tests.answers import Right, Wrong, by_hand
from autograder.tests.answers import one_head_elsewhere as elsewhere


def _softmax(scores):
    exps = np.exp(scores - np.max(scores, -1, keepdims=True))
    return exps / exps.sum(-1, keepdims=True)


def _scores_by_rows(q, k):
    """One sequence by loops, leading axes by recursion."""
    q, k = np.asarray(q, dtype=float), np.asarray(k, dtype=float)
    if q.ndim > 2:
        return np.stack([_scores_by_rows(a, b) for a, b in zip(q, k, strict=True)])
    return np.array(
        [[sum(a * b for a, b in zip(row, other, strict=True)) / q.shape[1] ** 0.5 for other in k] for row in q]
    )


def _log_sum_exp(scores):
    top = scores.max(-1, keepdims=True)
    return np.exp(scores - (top + np.log(np.exp(scores - top).sum(-1, keepdims=True))))


def _float32_softmax(scores):
    scores = np.asarray(scores, dtype=np.float32)
    exps = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return exps / (exps.sum(axis=-1, keepdims=True) + np.float32(1e-8))


def _head_keys_first(x, w_q, w_k, w_v):
    """K Q^T with softmax over axis -2: rows and columns have changed places, twice."""
    q, k, v = x @ w_q, x @ w_k, x @ w_v
    scores = k @ np.swapaxes(q, -1, -2) / np.sqrt(w_q.shape[1])
    exps = np.exp(scores - scores.max(axis=-2, keepdims=True))
    return np.swapaxes(exps / exps.sum(axis=-2, keepdims=True), -1, -2) @ v


def _head_fourth_root(x, w_q, w_k, w_v):
    root = w_q.shape[-1] ** 0.25
    return _softmax((x @ w_q / root) @ np.swapaxes(x @ w_k / root, -1, -2)) @ (x @ w_v)


def _head_einsum(x, w_q, w_k, w_v):
    q = np.einsum("...td,dk->...tk", x, w_q)
    k = np.einsum("...td,dk->...tk", x, w_k)
    v = np.einsum("...td,dv->...tv", x, w_v)
    weights = _softmax(np.einsum("...ik,...jk->...ij", q, k) * q.shape[-1] ** -0.5)
    return np.einsum("...ij,...jv->...iv", weights, v)


def _head_float32(x, w_q, w_k, w_v):
    x, w_q, w_k, w_v = (np.asarray(a, dtype=np.float32) for a in (x, w_q, w_k, w_v))
    return _float32_softmax((x @ w_q) @ np.swapaxes(x @ w_k, -1, -2) / np.float32(np.sqrt(w_q.shape[1]))) @ (x @ w_v)


def _head_row_by_row(x, w_q, w_k, w_v):
    if x.ndim > 2:
        return np.array([_head_row_by_row(one, w_q, w_k, w_v) for one in x])
    keys, values = x.dot(w_k), x.dot(w_v)
    rows = []
    for token in x:
        scores = keys.dot(token.dot(w_q)) / np.sqrt(w_k.shape[1])
        weights = np.exp(scores - max(scores))
        rows.append(weights.dot(values) / weights.sum())
    return np.array(rows)


RIGHT = (
    *by_hand.right("one_head"),
    Right("projections as a list", {"project": lambda x, w_q, w_k, w_v: [x @ w_q, x @ w_k, x @ w_v]}),
    Right("projections by einsum", {"project": lambda x, *w: tuple(np.einsum("...td,dk->...tk", x, m) for m in w)}),
    Right("projections by dot", {"project": lambda x, a, b, c: (np.dot(x, a), np.dot(x, b), np.dot(x, c))}),
    Right(
        "scores by einsum", {"scaled_scores": lambda q, k: np.einsum("...ic,...jc->...ij", q, k) / np.sqrt(q.shape[-1])}
    ),
    Right("scores by loops", {"scaled_scores": _scores_by_rows}),
    Right("scores with the transpose by name", {"scaled_scores": lambda q, k: q @ k.mT / k.shape[-1] ** 0.5}),
    Right("query scaled first", {"scaled_scores": lambda q, k: (q / np.sqrt(q.shape[-1])) @ k.swapaxes(-2, -1)}),
    Right("softmax by log-sum-exp", {"softmax": _log_sum_exp}),
    Right("softmax in float32 with an epsilon", {"softmax": _float32_softmax}),
    Right(
        "softmax with nan_to_num of a shift", {"softmax": lambda s: _softmax(np.nan_to_num(s - s.max(-1)[..., None]))}
    ),
    Right("mix by einsum", {"mix": lambda weights, v: np.einsum("...ij,...jv->...iv", weights, v)}),
    Right("mix by a sum", {"mix": lambda weights, v: (weights[..., None] * v[..., None, :, :]).sum(axis=-2)}),
    Right("head by einsum", {"attention_head": _head_einsum}),
    Right("head with keys first", {"attention_head": _head_keys_first}),
    Right("head with fourth roots", {"attention_head": _head_fourth_root}),
    Right("head in float32", {"attention_head": _head_float32}),
    Right("head row by row", {"attention_head": _head_row_by_row}),
    *elsewhere.RIGHT,
)


def _in_place(q, k):
    q /= np.sqrt(q.shape[-1])
    return q @ np.swapaxes(k, -1, -2)


GENERATOR = np.random.default_rng(0)


def _random_scores(q, k):
    return q @ np.swapaxes(k, -1, -2) / np.sqrt(q.shape[-1]) + GENERATOR.normal(size=1)


def _no_keepdims(scores):
    exps = np.exp(scores - scores.max(-1, keepdims=True))
    return exps / exps.sum(-1)


def _head(softmax=_softmax, root=lambda q, x: np.sqrt(q.shape[-1])):
    def attention_head(x, w_q, w_k, w_v):
        q, k, v = x @ w_q, x @ w_k, x @ w_v
        return softmax(q @ np.swapaxes(k, -1, -2) / root(q, x)) @ v

    return attention_head


def _integer_buffer(x, w_q, w_k, w_v):
    made = np.zeros((*x.shape[:-1], w_v.shape[1]), dtype=x.dtype)
    made[...] = _head()(x, w_q, w_k, w_v)
    return made


WRONG = (
    *by_hand.wrong("one_head"),
    Wrong(
        "one_head.project",
        "shape only",
        {"project": lambda x, *w: tuple(np.ones((*x.shape[:-1], m.shape[1])) for m in w)},
        0,
        (),
    ),
    Wrong(
        "one_head.project",
        "values not projected",
        {"project": lambda x, a, b, c: (x @ a, x @ b, x)},
        0,
        ("values_not_projected",),
    ),
    Wrong(
        "one_head.project", "w_q for keys", {"project": lambda x, a, b, c: (x @ a, x @ a, x @ c)}, 0, ("w_q_for_keys",)
    ),
    Wrong("one_head.project", "only two results", {"project": lambda x, a, b, c: (x @ a, x @ b)}, 0, ()),
    Wrong(
        "one_head.scores", "no scale", {"scaled_scores": lambda q, k: q @ np.swapaxes(k, -1, -2)}, 0.4, ("no_scale",)
    ),
    Wrong(
        "one_head.scores",
        "by d_k",
        {"scaled_scores": lambda q, k: q @ np.swapaxes(k, -1, -2) / q.shape[-1]},
        0.4,
        ("by_d_k",),
    ),
    Wrong(
        "one_head.scores",
        "by sqrt(T)",
        {"scaled_scores": lambda q, k: q @ np.swapaxes(k, -1, -2) / np.sqrt(len(q))},
        0.4,
        (),
    ),
    Wrong(
        "one_head.scores",
        "hard-coded sqrt(3)",
        {"scaled_scores": lambda q, k: q @ np.swapaxes(k, -1, -2) / np.sqrt(3)},
        0.4,
        ("size_of_the_example",),
    ),
    Wrong(
        "one_head.scores",
        ".T",
        {"scaled_scores": lambda q, k: q @ k.T / np.sqrt(q.shape[-1])},
        0.8,
        ("all_axes_reversed",),
    ),
    Wrong(
        "one_head.scores",
        "reshape",
        {"scaled_scores": lambda q, k: q @ k.reshape(*k.shape[:-2], k.shape[-1], k.shape[-2]) / np.sqrt(q.shape[-1])},
        0.4,
        ("k_reshaped",),
    ),
    Wrong(
        "one_head.scores",
        "not transposed",
        {"scaled_scores": lambda q, k: q @ k / np.sqrt(q.shape[-1])},
        0,
        ("k_not_transposed",),
    ),
    Wrong(
        "one_head.scores",
        "the other way round",
        {"scaled_scores": lambda q, k: k @ np.swapaxes(q, -1, -2) / np.sqrt(q.shape[-1])},
        0.4,
        ("keys_by_queries",),
    ),
    Wrong("one_head.scores", "changes q", {"scaled_scores": _in_place}, 0.6, ("input_changed",)),
    Wrong("one_head.scores", "random", {"scaled_scores": _random_scores}, 0, ("keeps_state",)),
    Wrong(
        "one_head.scores",
        "minus distance",
        {"scaled_scores": lambda q, k: -((q[..., :, None, :] - k[..., None, :, :]) ** 2).sum(-1)},
        0,
        (),
    ),
    Wrong(
        "one_head.softmax",
        "overflows",
        {"softmax": lambda s: np.exp(s) / np.exp(s).sum(-1, keepdims=True)},
        0.7,
        ("softmax_overflows",),
    ),
    Wrong(
        "one_head.softmax",
        "over queries",
        {"softmax": lambda s: _softmax(s.swapaxes(-1, -2)).swapaxes(-1, -2)},
        0,
        ("softmax_over_queries",),
    ),
    Wrong(
        "one_head.softmax",
        "over all",
        {"softmax": lambda s: np.exp(s - s.max()) / np.exp(s - s.max()).sum()},
        0,
        ("softmax_over_everything",),
    ),
    Wrong("one_head.softmax", "no keepdims", {"softmax": _no_keepdims}, 0, ("sum_without_keepdims",)),
    Wrong(
        "one_head.softmax",
        "no exponential",
        {"softmax": lambda s: s / s.sum(-1, keepdims=True)},
        0,
        ("no_exponential",),
    ),
    Wrong(
        "one_head.softmax",
        "axis 1",
        {
            "softmax": lambda s: (
                np.exp(s - s.max(1, keepdims=True)) / np.exp(s - s.max(1, keepdims=True)).sum(1, keepdims=True)
            )
        },
        0.8,
        ("softmax_over_axis_1",),
    ),
    Wrong("one_head.softmax", "uniform", {"softmax": lambda s: np.full(s.shape, 1 / s.shape[-1])}, 0, ()),
    Wrong("one_head.softmax", "base 2", {"softmax": lambda s: _softmax(s * np.log(2))}, 0, ()),
    Wrong(
        "one_head.mix",
        "weights transposed",
        {"mix": lambda weights, v: weights.swapaxes(-1, -2) @ v},
        0,
        ("weights_transposed_in_mix",),
    ),
    Wrong("one_head.mix", "no return", {"mix": lambda weights, v: None}, 0, ()),
    Wrong(
        "one_head.head",
        "sqrt(d_model)",
        {"attention_head": _head(root=lambda q, x: np.sqrt(x.shape[-1]))},
        0.2,
        ("sqrt_d_model",),
    ),
    Wrong(
        "one_head.head", "sqrt(T)", {"attention_head": _head(root=lambda q, x: np.sqrt(q.shape[-2]))}, 0.2, ("sqrt_t",)
    ),
    Wrong(
        "one_head.head",
        "over queries",
        {"attention_head": _head(lambda s: _softmax(s.swapaxes(-1, -2)).swapaxes(-1, -2))},
        0.2,
        ("softmax_over_queries",),
    ),
    Wrong(
        "one_head.head",
        "first of the batch",
        {"attention_head": lambda x, *w: _head()(x[0] if x.ndim > 2 else x, *w)},
        0.6,
        ("first_of_batch",),
    ),
    Wrong(
        "one_head.head",
        "squeezed",
        {"attention_head": lambda x, *w: _head()(x, *w).squeeze()},
        0.8,
        ("batch_squeezed",),
    ),
    Wrong("one_head.head", "integer buffer", {"attention_head": _integer_buffer}, 0.9, ("integer_result",)),
    Wrong(
        "one_head.head",
        "two at once",
        {"attention_head": _head(lambda s: _softmax(s.swapaxes(-1, -2)).swapaxes(-1, -2), lambda q, x: 1)},
        0.2,
        ("no_scale", "softmax_over_queries"),
    ),
    Wrong(
        "one_head.head", "zeros", {"attention_head": lambda x, a, b, c: np.zeros((*x.shape[:-1], c.shape[1]))}, 0, ()
    ),
    Wrong("one_head.head", "no attention", {"attention_head": lambda x, a, b, c: x @ c}, 0, ("values_not_mixed",)),
    *elsewhere.WRONG,
)
