"""Unit 9: right answers in other styles, and wrong ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.tests.answers import Right, Wrong, trained_heads_generation
from autograder.tests.support import solved


def softmax(scores: Any, axis: int = -1) -> Any:
    exps = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return exps / exps.sum(axis=axis, keepdims=True)


def unfuse(c_attn: Any, num_heads: int) -> Any:
    return tuple(np.array(np.split(w, num_heads, axis=1)) for w in np.split(c_attn, 3, axis=1))


def _by_slices(c_attn: Any, num_heads: int) -> Any:
    d_model = len(c_attn)
    d = d_model // num_heads
    return [
        np.stack([c_attn[:, i * d_model + h * d : i * d_model + (h + 1) * d] for h in range(num_heads)])
        for i in range(3)
    ]


def _one_array(c_attn: Any, num_heads: int) -> Any:
    return np.einsum("mihd->ihmd", c_attn.reshape(c_attn.shape[0], 3, num_heads, -1))


def _weights_by_loop(x: Any, c_attn: Any, num_heads: int) -> Any:
    w_q, w_k, _ = unfuse(c_attn, num_heads)
    heads = []
    for h in range(num_heads):
        scores = np.einsum("...ie,...je->...ij", x @ w_q[h], x @ w_k[h]) * w_q.shape[-1] ** -0.5
        heads.append(softmax(scores + np.triu(np.full(scores.shape[-2:], -1e9), 1)))
    return np.stack(heads, axis=-3)


def _weights_by_split(x: Any, c_attn: Any, num_heads: int) -> Any:
    """The whole third multiplied first, and split into heads afterwards."""
    q, k, _ = np.split(x @ c_attn, 3, axis=-1)
    *leading, t, d_model = x.shape
    q, k = (a.reshape(*leading, t, num_heads, -1).swapaxes(-2, -3) for a in (q, k))
    scores = q @ k.mT / np.sqrt(d_model / num_heads)
    return softmax(np.where(np.arange(t)[:, None] >= np.arange(t), scores, -np.inf))


def _layer_by_sum(x: Any, c_attn: Any, w_o: Any, num_heads: int) -> Any:
    """The sum over heads, each with its rows of W_o."""
    weights, (_, _, w_v) = _weights_by_split(x, c_attn, num_heads), unfuse(c_attn, num_heads)
    rows = np.split(w_o, num_heads)
    return sum(weights[..., h, :, :] @ (x @ w_v[h]) @ rows[h] for h in range(num_heads))


def _layer_einsum(x: Any, c_attn: Any, w_o: Any, num_heads: int) -> Any:
    weights, (_, _, w_v) = _weights_by_loop(x, c_attn, num_heads), unfuse(c_attn, num_heads)
    v = np.einsum("...tm,hmd->...htd", x, w_v)
    return np.einsum("...hij,...hjd,hdo->...io", weights, v, np.array(np.split(w_o, num_heads)))


RIGHT = (
    Right("unfuse by slices, a list", {"unfuse": _by_slices}),
    Right("unfuse as one array", {"unfuse": _one_array}),
    Right("weights in a loop, an additive mask", {"attention_weights": _weights_by_loop}),
    Right("weights from the whole product", {"attention_weights": _weights_by_split}),
    Right("layer as a sum over heads", {"fused_layer": _layer_by_sum}),
    Right("layer by einsum", {"fused_layer": _layer_einsum}),
    Right("previous token by np.diagonal", {
        "previous_token_score": lambda weights: np.diagonal(weights, -1, axis1=1, axis2=2).mean(axis=1),
    }),
    Right("previous token by loops, a list", {
        "previous_token_score": lambda weights: [
            sum(w[t, t - 1] for t in range(1, len(w))) / (len(w) - 1) for w in weights
        ],
    }),
    Right("induction by np.diagonal", {
        "induction_score": lambda weights, period: np.diagonal(
            weights[:, -period:], weights.shape[-1] - 2 * period + 1, axis1=1, axis2=2
        ).mean(axis=1),
    }),
    Right("induction by trace", {
        "induction_score": lambda weights, period: np.trace(
            weights, 1 - period, axis1=1, axis2=2
        ) / period if weights.shape[-1] == 2 * period - 1 else np.array([
            np.mean([w[t, t - period + 1] for t in range(len(w) - period, len(w))]) for w in weights
        ]),
    }),
    Right("a head switched off by a mask", {
        "without_head": lambda w_o, h, num_heads: w_o * (np.arange(len(w_o)) // (len(w_o) // num_heads) != h)[:, None],
    }),
    Right("a head switched off in blocks", {
        "without_head": lambda w_o, h, num_heads: np.concatenate(
            [rows * (i != h) for i, rows in enumerate(np.split(w_o, num_heads))]
        ),
    }),
    *trained_heads_generation.RIGHT,
)  # fmt: skip


# Wrong ones


def _unfused(cut: Callable[[Any, int], Any]) -> dict[str, Any]:
    return {"unfuse": cut}


def _transposed_axes(shape: Callable[[Any, int], tuple[int, ...]], axes: tuple[int, ...]) -> dict[str, Any]:
    return _unfused(lambda c, h: tuple(c.reshape(shape(c, h)).transpose(axes)))


UNFUSE_WRONG = (
    ("values before keys", _unfused(lambda c, h: tuple(unfuse(c, h)[i] for i in (0, 2, 1))), 0, "thirds_in_another_order"),
    ("keys first", _unfused(lambda c, h: tuple(unfuse(c, h)[i] for i in (1, 0, 2))), 0, "thirds_in_another_order"),
    ("head by head", _transposed_axes(lambda c, h: (len(c), h, 3, len(c) // h), (2, 1, 0, 3)), 0.3, "thirds_within_heads"),
    ("every third column", _unfused(lambda c, h: unfuse(np.concatenate([c[:, i::3] for i in range(3)], 1), h)), 0,
     "every_third_column"),
    ("every H-th column", _unfused(
        lambda c, h: tuple(np.stack([w[:, i::h] for i in range(h)]) for w in np.split(c, 3, axis=1))
    ), 0.3, "heads_take_every_hth_column"),
    ("one reshape", _unfused(lambda c, h: tuple(c.reshape(3, h, len(c), -1))), 0, "fused_matrix_reshaped"),
    ("thirds reshaped", _unfused(
        lambda c, h: tuple(w.reshape(h, len(c), -1) for w in np.split(c, 3, axis=1))
    ), 0.3, "thirds_reshaped"),
    ("transposed", _unfused(lambda c, h: tuple(w.mT for w in unfuse(c, h))), 0, "matrices_of_heads_transposed"),
    ("heads behind rows", _unfused(
        lambda c, h: tuple(w.reshape(len(c), h, -1) for w in np.split(c, 3, axis=1))
    ), 0, "heads_behind_rows"),
    ("thirds only", _unfused(lambda c, h: tuple(np.split(c, 3, axis=1))), 0, "thirds_not_split"),
    ("rows shared out", _unfused(
        lambda c, h: tuple(np.array(np.split(w, h)) for w in np.split(c, 3, axis=1))
    ), 0.3, "rows_shared_out"),
    ("head 0 for all", _unfused(
        lambda c, h: tuple(np.repeat(w[:1], h, axis=0) for w in unfuse(c, h))
    ), 0.3, "first_head_for_all"),
    ("in reverse", _unfused(lambda c, h: tuple(w[::-1] for w in unfuse(c, h))), 0.3, "heads_in_reverse"),
)  # fmt: skip


def _weights(
    root: Callable[..., Any] = lambda q, x, h: np.sqrt(q.shape[-1]),
    masked: Callable[[Any], Any] = lambda s: np.where(np.tri(s.shape[-1], dtype=bool), s, -np.inf),
    to_weights: Callable[[Any], Any] = softmax,
    project: Callable[..., Any] = lambda x, w_q, w_k: (x @ w_q, x @ w_k),
    score: Callable[..., Any] = lambda q, k: q @ k.mT,
) -> dict[str, Any]:
    def attention_weights(x: Any, c_attn: Any, num_heads: int) -> Any:
        w_q, w_k, _ = unfuse(c_attn, num_heads)
        q, k = project(x[..., None, :, :], w_q, w_k)
        return to_weights(masked(score(q, k) / root(q, x, num_heads)))

    return {"attention_weights": attention_weights}


def _naive(scores: Any) -> Any:
    exps = np.exp(scores)
    return exps / exps.sum(axis=-1, keepdims=True)


def _masked_after(scores: Any) -> Any:
    return softmax(scores) * np.tri(scores.shape[-1])


WEIGHTS_WRONG = (
    ("no scale", _weights(root=lambda q, x, h: 1), 0, "no_scale"),
    ("the root of d_model", _weights(root=lambda q, x, h: np.sqrt(x.shape[-1])), 0, "sqrt_d_model"),
    ("divided by d", _weights(root=lambda q, x, h: q.shape[-1]), 0, "by_d_k"),
    ("no mask", _weights(masked=lambda s: s), 0, "mask_forgotten"),
    ("the upper triangle", _weights(
        masked=lambda s: np.where(np.triu(np.ones(s.shape[-2:], dtype=bool)), s, -np.inf)
    ), 0, "upper_triangle"),
    ("masked after softmax", _weights(masked=lambda s: s, to_weights=_masked_after), 0, "mask_after_softmax"),
    ("times zero", _weights(masked=lambda s: s * np.tri(s.shape[-1])), 0, "mask_times_zero"),
    ("softmax over the queries", _weights(to_weights=lambda s: softmax(s, axis=-2)), 0, "softmax_over_queries"),
    ("no maximum", _weights(to_weights=_naive), 0.9, "softmax_overflows"),
    ("w_q for keys", _weights(project=lambda x, w_q, w_k: (x @ w_q, x @ w_q)), 0, "w_q_for_keys"),
    ("keys by queries", _weights(score=lambda q, k: k @ q.mT), 0, "w_q_and_w_k_swapped"),
)  # fmt: skip


def _layer(
    merge: Callable[[Any], Any] = lambda heads: heads.swapaxes(-3, -2).reshape(*heads.shape[:-3], heads.shape[-2], -1),
    project: Callable[..., Any] = lambda joined, w_o: joined @ w_o,
    mix: Callable[..., Any] = lambda weights, v: weights @ v,
    which: int = 2,
) -> dict[str, Any]:
    def fused_layer(x: Any, c_attn: Any, w_o: Any, num_heads: int) -> Any:
        w_v = unfuse(c_attn, num_heads)[which]
        heads = mix(_weights_by_split(x, c_attn, num_heads), x[..., None, :, :] @ w_v)
        return project(merge(heads), w_o)

    return {"fused_layer": fused_layer}


LAYER_WRONG = (
    ("merged by reshape", _layer(merge=lambda h: h.reshape(*h.shape[:-3], h.shape[-2], -1)), 0, "concat_by_reshape"),
    ("no W_o", _layer(project=lambda joined, w_o: joined), 0, "no_output_projection"),
    ("W_o transposed", _layer(project=lambda joined, w_o: joined @ w_o.T), 0, "w_o_transposed"),
    ("weights transposed", _layer(mix=lambda weights, v: weights.mT @ v), 0, "weights_transposed_in_mix"),
    ("keys for values", _layer(which=1), 0, "w_k_for_values"),
)  # fmt: skip


def _diagonal(offset: int) -> dict[str, Any]:
    return {"previous_token_score": lambda weights: np.diagonal(weights, offset, axis1=1, axis2=2).mean(axis=1)}


def _before(weights: Any) -> Any:
    return solved("trained_heads")["previous_token_score"](weights)


PREVIOUS_WRONG = (
    ("the next token", _diagonal(1), 0, "next_token_read"),
    ("the token itself", _diagonal(0), 0, "own_token_read"),
    ("two back", _diagonal(-2), 0, "two_tokens_back"),
    ("wrapped around", {
        "previous_token_score": lambda w: w[:, np.arange(w.shape[-1]), np.arange(w.shape[-1]) - 1].mean(axis=1)
    }, 0, "first_query_counted"),
    ("the first column", {"previous_token_score": lambda w: w[:, 1:, 0].mean(axis=1)}, 0, "first_token_read"),
    ("added up", {"previous_token_score": lambda w: np.trace(w, -1, 1, 2)}, 0, "summed_not_averaged"),
    ("one number", {"previous_token_score": lambda w: np.diagonal(w, -1, 1, 2).mean()}, 0, "averaged_over_heads"),
    ("one head", {"previous_token_score": lambda w: np.diagonal(w[0], -1).mean()}, 0, "first_head_measured"),
    ("not averaged", {"previous_token_score": lambda w: np.diagonal(w, -1, 1, 2)}, 0, "weights_not_averaged"),
    ("how often", {
        "previous_token_score": lambda w: (w[:, 1:].argmax(-1) == np.arange(w.shape[-1] - 1)).mean(axis=1)
    }, 0, "how_often_largest"),
    ("weights changed", {
        "previous_token_score": lambda w: (w.__setitem__((slice(None), 0), 0), np.diagonal(w, -1, 1, 2).mean(axis=1))[1]
    }, 0.8, "input_changed"),
)  # fmt: skip


def _repeat(
    columns: Callable[[Any, int], Any], rows: Callable[..., Any] = lambda t, p: np.arange(t - p, t)
) -> dict[str, Any]:
    def induction_score(weights: Any, period: int) -> Any:
        queries = rows(weights.shape[-1], period)
        return weights[:, queries, columns(queries, period)].mean(axis=1)

    return {"induction_score": induction_score}


INDUCTION_WRONG = (
    ("the same token", _repeat(lambda t, p: t - p), 0, "same_token_read"),
    ("one before", _repeat(lambda t, p: t - p - 1), 0, "token_before_match_read"),
    ("one too far", _repeat(lambda t, p: t - p + 2), 0, "two_after_match_read"),
    ("from the half", _repeat(lambda t, p: t - p + 1, lambda t, p: np.arange(t // 2, t)), 0.4, "counted_from_half"),
    ("from the period", _repeat(lambda t, p: t - p + 1, lambda t, p: np.arange(p, t)), 0.4, "counted_from_period"),
    ("not the first of the repeat", _repeat(lambda t, p: t - p + 1, lambda t, p: np.arange(t - p + 1, t)), 0,
     "query_of_repeat_left_out"),
    ("the previous token", _repeat(lambda t, p: t - 1), 0, "previous_token_measured"),
    ("added up", {
        "induction_score": lambda w, p: np.array([sum(m[t, t - p + 1] for t in range(len(m) - p, len(m))) for m in w])
    }, 0, "induction_summed"),
    ("one number", {
        "induction_score": lambda w, p: np.mean(solved("trained_heads")["induction_score"](w, p))
    }, 0, "averaged_over_heads"),
)  # fmt: skip


def _zeroed(rows: Callable[[Any, int, int], Any]) -> dict[str, Any]:
    def without_head(w_o: Any, h: int, num_heads: int) -> Any:
        changed = w_o.copy()
        changed[rows(w_o, h, num_heads)] = 0
        return changed

    return {"without_head": without_head}


def _in_place(w_o: Any, h: int, num_heads: int) -> Any:
    d = len(w_o) // num_heads
    w_o[h * d : (h + 1) * d] = 0
    return w_o


def _d(w_o: Any, num_heads: int) -> int:
    return len(w_o) // num_heads


WITHOUT_WRONG = (
    ("in place", {"without_head": _in_place}, 0.8, "input_changed"),
    ("from row h", _zeroed(lambda w, h, n: slice(h, h + _d(w, n))), 0, "switched_off_from_row_h"),
    ("a single row", _zeroed(lambda w, h, n: h), 0, "switched_off_one_row"),
    ("the head before", _zeroed(lambda w, h, n: slice((h - 1) * _d(w, n), h * _d(w, n))), 0, "switched_off_head_before"),
    ("every H-th row", _zeroed(lambda w, h, n: slice(h, None, n)), 0, "switched_off_every_hth"),
    ("columns", _zeroed(
        lambda w, h, n: (slice(None), slice(h * (w.shape[1] // n), (h + 1) * (w.shape[1] // n)))
    ), 0, "switched_off_columns"),
    ("the others", {
        "without_head": lambda w, h, n: w * (np.arange(len(w)) // _d(w, n) == h)[:, None]
    }, 0, "switched_off_others"),
    ("removed", {
        "without_head": lambda w, h, n: np.delete(w, np.s_[h * _d(w, n) : (h + 1) * _d(w, n)], axis=0)
    }, 0, "switched_off_removed"),
    ("unchanged", {"without_head": lambda w, h, n: w.copy()}, 0, "switched_off_nothing"),
    ("one row too few", _zeroed(lambda w, h, n: slice(h * _d(w, n), (h + 1) * _d(w, n) - 1)), 0, "switched_off_one_row_off"),
)  # fmt: skip


def _wrong(question: str, *answers: tuple[str, dict[str, Any], float, str]) -> tuple[Wrong, ...]:
    return tuple(
        Wrong(f"trained_heads.{question}", label, names, share, (mistake,)) for label, names, share, mistake in answers
    )


WRONG = (
    *_wrong("unfuse", *UNFUSE_WRONG),
    *_wrong("weights", *WEIGHTS_WRONG),
    *_wrong("layer", *LAYER_WRONG),
    *_wrong("previous_token", *PREVIOUS_WRONG),
    *_wrong("induction", *INDUCTION_WRONG),
    *_wrong("without_head", *WITHOUT_WRONG),
    *trained_heads_generation.WRONG,
)
