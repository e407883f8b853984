"""Unit 6: right answers in other styles, and wrong ones. One token and decoding: causal_head_decoding.py."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.tests.answers import Right, Wrong, by_hand
from autograder.tests.answers import causal_head_decoding as decoding
from autograder.tests.answers.causal_head_decoding import head_by_prefixes, softmax


def _lower(t: int) -> Any:
    return np.arange(t)[:, None] >= np.arange(t)


def _where(low: float = -np.inf, allowed: Callable[[int], Any] = _lower) -> Callable[..., Any]:
    def masked(scores: Any) -> Any:
        return np.where(allowed(scores.shape[-1]), scores, low)

    return masked


_causal = _where()


def _head(
    masked: Callable[..., Any] = _causal,
    weigh: Callable[..., Any] = softmax,
    after: Callable[..., Any] = lambda weights: weights,
    root: Callable[..., Any] = lambda x, q: np.sqrt(q.shape[-1]),
    project: Callable[..., Any] = lambda x, a, b, c: (x @ a, x @ b, x @ c),
) -> dict[str, Any]:
    """A causal head with parts of one's own."""

    def causal_head(x: Any, w_q: Any, w_k: Any, w_v: Any) -> Any:
        q, k, v = project(x, w_q, w_k, w_v)
        scores = q @ np.swapaxes(k, -1, -2) / root(x, q)
        return after(weigh(masked(scores))) @ v

    return {"causal_head": causal_head}


# Right masks and heads


def _mask_by_loops(t: int) -> Any:
    mask = np.zeros((t, t), dtype=bool)
    for i in range(t):
        for j in range(i + 1):
            mask[i, j] = True
    return mask


def _head_row_by_row(x: Any, w_q: Any, w_k: Any, w_v: Any) -> Any:
    if x.ndim > 2:
        return np.stack([_head_row_by_row(one, w_q, w_k, w_v) for one in x])
    q, k, v = x @ w_q, x @ w_k, x @ w_v
    out = np.empty((len(x), w_v.shape[1]))
    for i in range(len(x)):
        scores = np.array([q[i] @ k[j] for j in range(i + 1)]) / q.shape[1] ** 0.5
        weights = np.exp(scores - scores.max())
        out[i] = sum(w * v[j] for j, w in enumerate(weights)) / weights.sum()
    return out


def _head_keys_first(x: Any, w_q: Any, w_k: Any, w_v: Any) -> Any:
    """K Q^T with the mask transposed and softmax over axis -2."""
    scores = (x @ w_k) @ np.swapaxes(x @ w_q, -1, -2) / np.sqrt(w_q.shape[1])
    return np.swapaxes(softmax(np.where(_lower(x.shape[-2]).T, scores, -np.inf), -2), -1, -2) @ (x @ w_v)


def _head_einsum(x: Any, w_q: Any, w_k: Any, w_v: Any) -> Any:
    q, k, v = (np.einsum("...td,de->...te", x, w) for w in (w_q, w_k, w_v))
    scores = np.einsum("...ie,...je->...ij", q, k) * w_q.shape[-1] ** -0.5
    scores = scores + np.triu(np.full(scores.shape[-2:], -np.inf), 1)
    return np.einsum("...ij,...je->...ie", softmax(scores), v)


def _head_float32(x: Any, w_q: Any, w_k: Any, w_v: Any) -> Any:
    x, w_q, w_k, w_v = (np.asarray(a, dtype=np.float32) for a in (x, w_q, w_k, w_v))
    scores = (x @ w_q) @ np.swapaxes(x @ w_k, -1, -2) / np.float32(np.sqrt(w_q.shape[1]))
    return softmax(np.where(_lower(x.shape[-2]), scores, np.float32(-1e9))) @ (x @ w_v)


def _head_in_place(x: Any, w_q: Any, w_k: Any, w_v: Any) -> Any:
    scores = np.matmul(x @ w_q, (x @ w_k).mT) / np.sqrt(w_k.shape[-1])
    scores[..., ~np.tri(x.shape[-2]).astype(bool)] = -np.inf
    top = np.max(scores, -1)[..., None]
    log_sum = top + np.log(np.sum(np.exp(scores - top), -1, keepdims=True))
    return np.exp(scores - log_sum) @ (x @ w_v)


def _masked_first(x: Any, w_q: Any, w_k: Any, w_v: Any) -> Any:
    """The mask before the scale, in a batch flattened to one axis."""
    flat = x.reshape(-1, *x.shape[-2:])
    scores = np.where(_lower(x.shape[-2]), flat @ w_q @ (flat @ w_k).transpose(0, 2, 1), -1e30)
    made = softmax(scores / np.sqrt(w_q.shape[1])) @ (flat @ w_v)
    return made.reshape(*x.shape[:-1], w_v.shape[1])


QUERY, KEY, VALUE = "project_q", "project_k", "project_v"


def _order(*steps: str) -> dict[str, Any]:
    return {"causal_steps": list(steps)}


RIGHT = (
    *by_hand.right("causal_head"),
    Right("mask by fromfunction", {"causal_mask": lambda t: np.fromfunction(lambda i, j: j <= i, (t, t))}),
    Right("head with the log of a triangle", _head(lambda s: s + np.log(_lower(s.shape[-1]).astype(float)))),
    Right("mask by comparing", {"causal_mask": _lower}),
    Right("mask by loops", {"causal_mask": _mask_by_loops}),
    Right("mask as not the upper triangle", {"causal_mask": lambda t: ~np.triu(np.ones((t, t), dtype=bool), 1)}),
    Right("mask as a list of lists", {"causal_mask": lambda t: [[j <= i for j in range(t)] for i in range(t)]}),
    Right("mask before the scale", _order(QUERY, KEY, "scores", "mask", "scale", "softmax", VALUE, "mix")),
    Right("v first of all", _order(VALUE, KEY, QUERY, "scores", "scale", "mask", "softmax", "mix")),
    Right("v after the scores", _order(KEY, QUERY, "scores", VALUE, "mask", "scale", "softmax", "mix")),
    Right("head without a mask, by prefixes", {"causal_head": head_by_prefixes}),
    Right("head row by row", {"causal_head": _head_row_by_row}),
    Right("head with keys first", {"causal_head": _head_keys_first}),
    Right("head by einsum, -inf added", {"causal_head": _head_einsum}),
    Right("head in float32 with -1e9", {"causal_head": _head_float32}),
    Right("head with the mask written in place, log-sum-exp", {"causal_head": _head_in_place}),
    Right("head with the mask before the scale", {"causal_head": _masked_first}),
    Right("head as lists", {"causal_head": lambda *args: head_by_prefixes(*args).tolist()}),
    Right("head with -1e4 added", _head(lambda s: s + (1 - _lower(s.shape[-1])) * -1e4)),
    Right("head with the smallest float", _head(_where(np.finfo(float).min))),
    *decoding.RIGHT,
)


# Wrong ones


def _zero_times_infinity(scores: Any) -> Any:
    return scores + (1.0 - np.tri(scores.shape[-1])) * -np.inf


def _kept(weights: Any) -> Any:
    return weights * np.tril(np.ones(weights.shape[-2:]))


def _renormalised(weights: Any) -> Any:
    return _kept(weights) / _kept(weights).sum(axis=-1)[..., None]


def _same(scores: Any) -> Any:
    return scores


def _overflowing(scores: Any) -> Any:
    exps = np.exp(scores)
    return exps / exps.sum(axis=-1, keepdims=True)


def _no_keepdims(scores: Any) -> Any:
    exps = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return exps / exps.sum(axis=-1)


def _scaled_late(x: Any, w_q: Any, w_k: Any, w_v: Any) -> Any:
    scores = np.where(_lower(x.shape[-2]), (x @ w_q) @ np.swapaxes(x @ w_k, -1, -2), -np.inf)
    return (softmax(scores) / np.sqrt(w_q.shape[1])) @ (x @ w_v)


def _mask_of_first_axis(x: Any, w_q: Any, w_k: Any, w_v: Any) -> Any:
    scores = (x @ w_q) @ np.swapaxes(x @ w_k, -1, -2) / np.sqrt(w_q.shape[1])
    return softmax(np.where(_lower(len(x)), scores, -np.inf)) @ (x @ w_v)


def _masked_exponentials(scores: Any) -> Any:
    exps = _kept(np.exp(scores - scores.max(-1, keepdims=True)))
    return exps / exps.sum(-1, keepdims=True)


def _masked_overflow(scores: Any) -> Any:
    exps = _kept(np.exp(scores))
    return exps / exps.sum(-1, keepdims=True)


def _changes_x(x: Any, w_q: Any, w_k: Any, w_v: Any) -> Any:
    x -= 0.5
    return head_by_prefixes(x + 0.5, w_q, w_k, w_v)


def _of_the_example(x: Any, w_q: Any, w_k: Any, w_v: Any) -> Any:
    scores = (x @ w_q) @ np.swapaxes(x @ w_k, -1, -2) / np.sqrt(3)
    return softmax(np.where(_lower(x.shape[-2]), scores, -np.inf)) @ (x @ w_v)


MASK, ORDER, HEAD = "causal_head.mask", "causal_head.order", "causal_head.head"
P = (QUERY, KEY, VALUE)
WRONG = (
    *by_hand.wrong("causal_head"),
    Wrong(MASK, "shape only", {"causal_mask": lambda t: np.zeros((t, t), dtype=bool)}, 0, ()),
    Wrong(MASK, "the other triangle", {"causal_mask": lambda t: _lower(t).T}, 0, ("upper_triangle",)),
    Wrong(MASK, "True is forbidden", {"causal_mask": lambda t: ~_lower(t)}, 0, ("mask_marks_forbidden",)),
    Wrong(MASK, "no diagonal", {"causal_mask": lambda t: np.tril(np.ones((t, t)), -1) > 0}, 0, ("diagonal_excluded",)),
    Wrong(MASK, "one ahead", {"causal_mask": lambda t: np.tri(t, k=1, dtype=bool)}, 0, ("one_token_ahead",)),
    Wrong(MASK, "all allowed", {"causal_mask": lambda t: np.ones((t, t), dtype=bool)}, 0, ("mask_allows_all",)),
    Wrong(MASK, "numbers", {"causal_mask": lambda t: np.tri(t)}, 0.7, ("numbers_for_booleans",)),
    Wrong(
        MASK,
        "whole numbers",
        {"causal_mask": lambda t: np.tril(np.ones((t, t), dtype=int))},
        0.7,
        ("numbers_for_booleans",),
    ),
    Wrong(
        MASK, "to add", {"causal_mask": lambda t: np.triu(np.full((t, t), -np.inf), 1)}, 0, ("mask_of_numbers_to_add",)
    ),
    Wrong(MASK, "the diagonal only", {"causal_mask": lambda t: np.eye(t, dtype=bool)}, 0, ()),
    Wrong(MASK, "four tokens", {"causal_mask": lambda t: np.tri(4, dtype=bool)}, 0, ()),
    Wrong(
        ORDER,
        "mask after softmax",
        _order(*P, "scores", "scale", "softmax", "mask", "mix"),
        0.4,
        ("minus_infinity_in_weights",),
    ),
    Wrong(ORDER, "mask at the end", _order(*P, "scores", "scale", "softmax", "mix", "mask"), 0.7, ("mask_forgotten",)),
    Wrong(ORDER, "mask before the scores", _order(*P, "mask", "scores", "scale", "softmax", "mix"), 0, ()),
    Wrong(
        ORDER,
        "scale after softmax",
        _order(*P, "scores", "mask", "softmax", "scale", "mix"),
        0.4,
        ("scale_after_softmax",),
    ),
    Wrong(ORDER, "no mask", _order(*P, "scores", "scale", "softmax", "mix"), 0.3, ("mask_forgotten",)),
    Wrong(
        HEAD, "plus infinity", _head(lambda s: np.where(_lower(s.shape[-1]), s, np.inf)), 0, ("forbidden_made_largest",)
    ),
    Wrong(HEAD, "plus 1e9", _head(lambda s: np.where(_lower(s.shape[-1]), s, 1e9)), 0, ("forbidden_made_largest",)),
    Wrong(HEAD, "minus 1e-9", _head(lambda s: np.where(_lower(s.shape[-1]), s, -1e-9)), 0, ("mask_times_zero",)),
    Wrong(HEAD, "mask forgotten", _head(_same), 0, ("mask_forgotten",)),
    Wrong(HEAD, "after softmax", _head(_same, after=_kept), 0, ("mask_after_softmax",)),
    Wrong(
        HEAD,
        "after softmax, renormalised",
        _head(_same, after=_renormalised),
        0.9,
        ("mask_after_softmax_renormalised",),
    ),
    Wrong(HEAD, "-inf after softmax", _head(_same, after=_causal), 0, ("minus_infinity_in_weights",)),
    Wrong(HEAD, "times zero", _head(lambda s: s * np.tri(s.shape[-1])), 0, ("mask_times_zero",)),
    Wrong(HEAD, "zero times infinity", _head(_zero_times_infinity), 0, ("zero_times_infinity",)),
    Wrong(HEAD, "minus one", _head(_where(-1)), 0, ("masked_with_minus_one",)),
    Wrong(HEAD, "minus a hundred", _head(_where(-100)), 0.9, ("masked_with_small_number",)),
    Wrong(
        HEAD,
        "minus a thousand, added",
        _head(lambda s: s + (1 - np.tri(s.shape[-1])) * -1000),
        0.9,
        ("mask_bias_too_small",),
    ),
    Wrong(HEAD, "minus a thousand", _head(_where(-1000)), 0.9, ("masked_with_small_number",)),
    Wrong(HEAD, "the mask itself added", _head(lambda s: s + _lower(s.shape[-1])), 0, ("mask_added",)),
    Wrong(HEAD, "inverted", _head(_where(allowed=lambda t: ~_lower(t))), 0, ("mask_inverted",)),
    Wrong(HEAD, "inverted, -1e9", _head(_where(-1e9, lambda t: ~_lower(t))), 0, ("mask_marks_forbidden",)),
    Wrong(
        HEAD, "upper triangle", _head(_where(allowed=lambda t: np.triu(np.ones((t, t))) > 0)), 0, ("upper_triangle",)
    ),
    Wrong(HEAD, "no diagonal", _head(_where(allowed=lambda t: np.tri(t, k=-1) > 0)), 0, ("diagonal_excluded",)),
    Wrong(HEAD, "no diagonal, -1e9", _head(_where(-1e9, lambda t: np.tri(t, k=-1) > 0)), 0, ("diagonal_excluded",)),
    Wrong(HEAD, "one ahead", _head(_where(allowed=lambda t: np.tri(t, k=1) > 0)), 0, ("one_token_ahead",)),
    Wrong(HEAD, "no scale", _head(root=lambda x, q: 1), 0.4, ("no_scale",)),
    Wrong(HEAD, "sqrt(T)", _head(root=lambda x, q: np.sqrt(q.shape[-2])), 0.4, ("sqrt_t",)),
    Wrong(HEAD, "sqrt(d_model)", _head(root=lambda x, q: np.sqrt(x.shape[-1])), 0.4, ("sqrt_d_model",)),
    Wrong(HEAD, "d_k", _head(root=lambda x, q: q.shape[-1]), 0.4, ("by_d_k",)),
    Wrong(HEAD, "sqrt(3)", {"causal_head": _of_the_example}, 0.4, ("size_of_the_example",)),
    Wrong(HEAD, "half the weights", _head(root=lambda x, q: 1, after=lambda w: w / 2), 0, ()),
    Wrong(HEAD, "scale after softmax", {"causal_head": _scaled_late}, 0, ("scale_after_softmax",)),
    Wrong(HEAD, "mask of len(x)", {"causal_head": _mask_of_first_axis}, 0.75, ("mask_from_first_axis",)),
    Wrong(HEAD, "exponentials masked", _head(_same, _masked_exponentials), 0.9, ("mask_after_softmax_renormalised",)),
    Wrong(HEAD, "exponentials masked, overflow", _head(_same, _masked_overflow), 0.9, ("softmax_overflows",)),
    Wrong(
        HEAD,
        "only the last two tokens",
        _head(_where(allowed=lambda t: _lower(t) & ~np.tri(t, k=-2, dtype=bool))),
        0.15,
        (),
    ),
    Wrong(
        HEAD,
        "over everything",
        _head(weigh=lambda s: np.exp(s - s.max()) / np.exp(s - s.max()).sum()),
        0,
        ("softmax_over_everything",),
    ),
    Wrong(
        HEAD, "keys by queries", _head(project=lambda x, a, b, c: (x @ b, x @ a, x @ c)), 0.4, ("w_q_and_w_k_swapped",)
    ),
    Wrong(
        HEAD,
        "queries not projected",
        _head(project=lambda x, a, b, c: (x, x @ b, x @ c)),
        0,
        ("queries_not_projected",),
    ),
    Wrong(HEAD, "weights transposed", _head(after=lambda w: np.swapaxes(w, -1, -2)), 0, ("weights_transposed_in_mix",)),
    Wrong(
        HEAD,
        "first of the batch",
        {"causal_head": lambda x, *w: head_by_prefixes(x[0] if x.ndim > 2 else x, *w)},
        0.75,
        ("first_of_batch",),
    ),
    Wrong(HEAD, "squeezed", {"causal_head": lambda x, *w: head_by_prefixes(x, *w).squeeze()}, 0.7, ("batch_squeezed",)),
    Wrong(
        HEAD,
        "integer buffer",
        {"causal_head": lambda x, *w: head_by_prefixes(x, *w).astype(x.dtype)},
        0.9,
        ("integer_result",),
    ),
    Wrong(
        HEAD,
        "NaN",
        {"causal_head": lambda x, a, b, c: np.full((*x.shape[:-1], c.shape[1]), np.nan)},
        0,
        ("zero_times_infinity",),
    ),
    Wrong(HEAD, "softmax over queries", _head(weigh=lambda s: softmax(s, -2)), 0, ("softmax_over_queries",)),
    Wrong(HEAD, "no keepdims", _head(weigh=_no_keepdims), 0.15, ("sum_without_keepdims",)),
    Wrong(HEAD, "overflow", _head(weigh=_overflowing), 0.9, ("softmax_overflows",)),
    Wrong(HEAD, "one maximum", _head(weigh=lambda s: _overflowing(s - s.max())), 0.9, ("one_maximum_for_all",)),
    Wrong(
        HEAD, "values not projected", _head(project=lambda x, a, b, c: (x @ a, x @ b, x)), 0, ("values_not_projected",)
    ),
    Wrong(HEAD, "w_q for keys", _head(project=lambda x, a, b, c: (x @ a, x @ a, x @ c)), 0.4, ("w_q_for_keys",)),
    Wrong(HEAD, "w_k for values", _head(project=lambda x, a, b, c: (x @ a, x @ b, x @ b)), 0, ("w_k_for_values",)),
    Wrong(
        HEAD,
        "average of the past",
        _head(weigh=lambda s: np.isfinite(s) / np.isfinite(s).sum(-1, keepdims=True)),
        0.4,
        (),
    ),
    Wrong(HEAD, "itself only", {"causal_head": lambda x, a, b, c: x @ c}, 0.15, ("values_not_mixed",)),
    Wrong(HEAD, "changes x", {"causal_head": _changes_x}, 0.9, ("input_changed",)),
    Wrong(
        HEAD,
        "no scale and over queries",
        _head(weigh=lambda s: softmax(s, -2), root=lambda x, q: 1),
        0,
        ("no_scale", "softmax_over_queries"),
    ),
    Wrong(HEAD, "no return", {"causal_head": lambda x, a, b, c: None}, 0, ()),
    *decoding.WRONG,
)
