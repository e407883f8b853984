"""Unit 3: wrong heads in a loop."""

from __future__ import annotations

import numpy as np

from autograder.tests.answers import Wrong


def softmax(scores):
    exps = np.exp(scores - scores.max(-1, keepdims=True))
    return exps / exps.sum(-1, keepdims=True)


def head(x, w_q, w_k, w_v):
    q, k, v = x @ w_q, x @ w_k, x @ w_v
    return softmax(q @ k.swapaxes(-1, -2) * q.shape[-1] ** -0.5) @ v


def _loop(indices):
    """Heads whose matrices are picked by h and H."""

    def several_heads(x, w_q, w_k, w_v):
        heads = []
        for h in range(len(w_q)):
            q, k, v = indices(h, len(w_q))
            heads.append(head(x, w_q[q], w_k[k], w_v[v]))
        return heads

    return several_heads


def _sliced(x, w_q, w_k, w_v):
    d = x.shape[-1] // len(w_q)
    heads = []
    for h in range(len(w_q)):
        q = k = v = x[..., h * d : h * d + d]
        heads.append(softmax(q @ k.swapaxes(-1, -2) / np.sqrt(d)) @ v)
    return heads


def _sliced_to_d_k(x, w_q, w_k, w_v):
    heads = []
    for h in range(len(w_q)):
        d_k, d_v = w_k[h].shape[1], w_v[h].shape[1]
        part = x[..., h * d_k : h * d_k + d_k]
        heads.append(softmax(part @ part.swapaxes(-1, -2) / np.sqrt(d_k)) @ x[..., h * d_v : h * d_v + d_v])
    return heads


def _slices_through_rows(x, w_q, w_k, w_v):
    d = x.shape[-1] // len(w_q)
    return [
        head(x[..., i : i + d], w_q[h][i : i + d], w_k[h][i : i + d], w_v[h][i : i + d])
        for h, i in enumerate(range(0, d * len(w_q), d))
    ]


def _in_a_row(x, w_q, w_k, w_v):
    heads = []
    for h in range(len(w_q)):
        x = head(x, w_q[h], w_k[h], w_v[h])
        heads.append(x)
    return heads


def _returns_early(x, w_q, w_k, w_v):
    heads = []
    for h in range(len(w_q)):
        heads.append(head(x, w_q[h], w_k[h], w_v[h]))
        return heads
    return None


def _overwrites(x, w_q, w_k, w_v):
    for h in range(len(w_q)):
        output = head(x, w_q[h], w_k[h], w_v[h])
    return output


def _scaled_in_place(x, w_q, w_k, w_v):
    heads = [head(x, *of_head) for of_head in zip(w_q, w_k, w_v, strict=True)]
    x *= 0
    return heads


KEPT: list = []


def _global_list(x, w_q, w_k, w_v):
    """The list stands outside of the function and grows with every call."""
    KEPT.extend(head(x, *of_head) for of_head in zip(w_q, w_k, w_v, strict=True))
    del KEPT[:-20]
    return KEPT[:]


def _concatenated(axis):
    return lambda x, *w: np.concatenate([head(x, *of_head) for of_head in zip(*w, strict=True)], axis=axis)


def _w(label, function, share, *mistakes):
    return Wrong("several_heads.two_heads", label, {"several_heads": function}, share, mistakes)


TWO_HEADS = (
    _w("first projections for all", _loop(lambda h, n: (0, 0, 0)), 0, "projections_shared"),
    _w("last projections for all", _loop(lambda h, n: (-1, -1, -1)), 0, "last_projections_shared"),
    _w("second projections for all", _loop(lambda h, n: (n // 2,) * 3), 0),
    _w("w_q shared", _loop(lambda h, n: (0, h, h)), 0, "w_q_shared"),
    _w("w_k shared", _loop(lambda h, n: (h, 0, h)), 0, "w_k_shared"),
    _w("w_v shared", _loop(lambda h, n: (h, h, 0)), 0, "w_v_shared"),
    _w("weights shared", _loop(lambda h, n: (0, 0, h)), 0, "weights_shared"),
    _w("x sliced", _sliced, 0, "x_sliced"),
    _w("x sliced to d_k and d_v", _sliced_to_d_k, 0, "x_sliced"),
    _w("slices projected", _slices_through_rows, 0, "x_sliced_then_projected"),
    _w("one head after the other", _in_a_row, 0, "heads_chained"),
    _w("return in the loop", _returns_early, 0, "first_head_returned"),
    _w("overwritten in the loop", _overwrites, 0, "last_head_returned"),
    _w(
        "two heads only",
        lambda x, *w: _loop(lambda h, n: (h,) * 3)(x, *(m[:2] for m in w)),
        0.5,
        "two_heads_only",
    ),
    _w(
        "range(2)",
        lambda x, *w: [head(x, *(m[h] for m in w)) for h in range(2)],
        0.5,
        "two_heads_only",
    ),
    _w("prepended", lambda x, *w: _loop(lambda h, n: (h,) * 3)(x, *w)[::-1], 0, "heads_in_reverse_list"),
    _w("counted from one", _loop(lambda h, n: ((h + 1) % n,) * 3), 0, "next_heads_matrices"),
    _w("joined", _concatenated(-1), 0, "heads_joined"),
    _w("joined by rows", _concatenated(0), 0, "heads_joined"),
    _w(
        "stacked behind the batch",
        lambda x, *w: np.stack(_loop(lambda h, n: (h,) * 3)(x, *w), -3),
        0.75,
        "heads_behind_the_batch",
    ),
    _w("added", lambda x, *w: sum(_loop(lambda h, n: (h,) * 3)(x, *w)), 0, "several_heads_added"),
    _w("w_q for the keys", lambda x, q, k, v: _loop(lambda h, n: (h,) * 3)(x, q, q, v), 0, "w_q_for_keys"),
    _w(
        "values not projected",
        lambda x, q, k, v: [head(x, a, b, np.eye(x.shape[-1])) for a, b in zip(q, k, strict=True)],
        0,
        "values_not_projected",
    ),
    _w(
        "first of the batch",
        lambda x, *w: _loop(lambda h, n: (h,) * 3)(x[0] if x.ndim > 2 else x, *w),
        0.75,
        "first_of_batch",
    ),
    _w(
        "no scale",
        lambda x, q, k, v: [
            softmax(x @ a @ (x @ b).swapaxes(-1, -2)) @ (x @ c) for a, b, c in zip(q, k, v, strict=True)
        ],
        0,
        "no_scale",
    ),
    _w("changes x", _scaled_in_place, 0.75, "input_changed"),
    _w("list outside the function", _global_list, 0, "keeps_state"),
    _w("zeros", lambda x, q, k, v: [np.zeros((*x.shape[:-1], m.shape[1])) for m in v], 0),
    _w("projected only", lambda x, q, k, v: [x @ m for m in v], 0, "values_not_mixed"),
    _w("nothing", lambda x, q, k, v: None, 0),
)
