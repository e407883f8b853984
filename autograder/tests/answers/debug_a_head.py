"""Unit 7: repairs and tests in other styles, and wrong ones."""

from __future__ import annotations

import numpy as np

from autograder.tests.answers import Right, Wrong

COLOURS = ("red", "green", "blue", "grey", "gold", "pink")


def _softmax(scores, axis=-1):
    exps = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return exps / exps.sum(axis=axis, keepdims=True)


def _head(
    project=lambda x, w_q, w_k, w_v: (x @ w_q, x @ w_k, x @ w_v),
    root=lambda q, x: np.sqrt(q.shape[-1]),
    below=0,
    low=-np.inf,
    softmax=_softmax,
    after=lambda weights, mask: weights,
):
    def head(x, w_q, w_k, w_v):
        q, k, v = project(x, w_q, w_k, w_v)
        mask = np.tri(x.shape[-2], k=below, dtype=bool)
        scores = np.where(mask, q @ np.swapaxes(k, -1, -2) / root(q, x), low)
        return after(softmax(scores), mask) @ v

    return head


def _by_prefixes(x, w_q, w_k, w_v):
    if x.ndim > 2:
        return np.stack([_by_prefixes(one, w_q, w_k, w_v) for one in x])
    rows = []
    for t in range(1, len(x) + 1):
        scores = x[:t] @ w_k @ (x[t - 1] @ w_q) / w_q.shape[1] ** 0.5
        rows.append(_softmax(scores) @ x[:t] @ w_v)
    return np.array(rows)


def _float32(x, w_q, w_k, w_v):
    return _head()(*(np.asarray(a, dtype=np.float32) for a in (x, w_q, w_k, w_v)))


def _inputs(*shape, d_k=4, d_v=5, seed=5):
    random = np.random.default_rng(seed)
    return random.standard_normal(shape), *(random.standard_normal((shape[-1], d)) / 3 for d in (d_k, d_k, d_v))


def _differs(head, x, *weights, directory=1e-3):
    try:
        got, want = np.asarray(head(x, *weights)), _by_prefixes(x, *weights)
    except Exception:
        return True
    return got.shape != want.shape or not np.allclose(got, want, rtol=0, atol=directory)


def _compares(head):
    x, *weights = _inputs(2, 6, 7)
    return (
        _differs(head, x, *weights)
        or _differs(head, x[0], *weights)
        or _differs(head, (4 * x[0]).astype(int), *weights, directory=2e-3)
        or not np.all(np.isfinite(head(60 * x, *weights)))
    )


def _looks_at_weights(head):
    """By properties: the weights seen through one-hot values, a batch beside its sequences, whole numbers, large tokens."""
    try:
        x, w_q, w_k, w_v = _inputs(3, 5, 8, d_v=3)
        own = x[0]
        for factor in (1, 0.1):
            weights = head(factor * own, w_q, w_k, np.linalg.pinv(factor * own))
            if weights.shape != (5, 5) or np.isnan(weights).any() or np.abs(np.triu(weights, 1)).max() > 1e-4:
                return True
            logs = np.log(np.maximum(weights, 1e-30))
            dots = factor**2 * (own @ w_q) @ (own @ w_k).T / 2
            past = np.tri(5, dtype=bool)
            off = ((logs - logs[:, :1]) - (dots - dots[:, :1]))[past]
            if np.abs(off).max() > 1e-2 or np.abs(weights.sum(-1) - 1).max() > 1e-3:
                return True
        together, apart = head(x, w_q, w_k, w_v), np.stack([head(one, w_q, w_k, w_v) for one in x])
        if together.shape != apart.shape or np.abs(together - apart).max() > 1e-3:
            return True
        if np.abs(apart[0, 0] - own[0] @ w_v).max() > 1e-3:
            return True
        whole = np.round(3 * own).astype(int)
        if np.abs(head(whole, w_q, w_k, w_v) - head(whole.astype(float), w_q, w_k, w_v)).max() > 1e-2:
            return True
        return bool(np.isnan(head(60 * x, w_q, w_k, w_v)).any())
    except Exception:
        return True


RIGHT = (
    Right("head a written anew", {"head_a": _by_prefixes}),
    Right("head b in float32", {"head_b": _float32}),
    Right("head c with a very large negative number", {"head_c": _head(low=-1e30)}),
    Right(
        "head d projected after mixing",
        {"head_d": lambda x, w_q, w_k, w_v: _head()(x, w_q, w_k, np.eye(len(w_v))) @ w_v},
    ),
    Right("head e masked twice", {"head_e": _head(after=lambda weights, mask: weights * mask)}),
    Right(
        "head f with scaled queries",
        {"head_f": _head(lambda x, a, b, c: (x @ a * a.shape[1] ** -0.5, x @ b, x @ c), lambda q, x: 1)},
    ),
    Right("all heads the same", {f"head_{letter}": _head() for letter in "abcdef"}),
    Right("a test that compares with prefixes", {"shows_bug": _compares}),
    Right("a test of properties", {"shows_bug": _looks_at_weights}),
    Right("a test that answers with NumPy's bool", {"shows_bug": lambda head: np.bool_(_compares(head))}),
    Right(
        "suspects as floats",
        {"suspect": {"red": 8.0, "green": 10, "blue": np.int64(3), "grey": 7, "gold": 6, "pink": 4}},
    ),
)


def _suspects(label, numbers, share, *mistakes):
    return Wrong("debug_a_head.suspects", label, {"suspect": dict(zip(COLOURS, numbers, strict=True))}, share, mistakes)


def _repair(letter, label, head, share, *mistakes):
    return Wrong(f"debug_a_head.repair_{letter}", label, {f"head_{letter}": head}, share, mistakes)


def _test(label, function, share, *mistakes):
    return Wrong("debug_a_head.shows_bug", label, {"shows_bug": function}, share, mistakes)


def _integer_buffer(x, w_q, w_k, w_v):
    made = np.zeros((*x.shape[:-1], w_v.shape[1]), dtype=x.dtype)
    made[...] = _head()(x, w_q, w_k, w_v)
    return made


def _in_place(x, w_q, w_k, w_v):
    w_q /= np.sqrt(w_q.shape[1])
    return _head(root=lambda q, x: 1)(x, w_q, w_k, w_v)


def _transposed(x, w_q, w_k, w_v):
    scores = x @ w_q @ (x @ w_k).T / np.sqrt(w_q.shape[1])
    return _softmax(np.where(np.tri(x.shape[-2], dtype=bool), scores, -np.inf)) @ (x @ w_v)


def _properties_only(head):
    """Shape, NaN, sums and the future; one sequence, nothing large, no whole numbers."""
    try:
        x, w_q, w_k, _ = _inputs(5, 8)
        weights = head(x, w_q, w_k, np.linalg.pinv(x))
        if weights.shape != (5, 5) or np.isnan(weights).any():
            return True
        return np.abs(weights.sum(-1) - 1).max() > 1e-3 or np.abs(np.triu(weights, 1)).max() > 1e-3
    except Exception:
        return True


def _one_sequence(head):
    return _differs(head, *_inputs(6, 7))


def _square_batch(head):
    return _differs(head, *_inputs(4, 4, 4, d_k=4, d_v=4))


def _no_error_caught(head):
    x, *weights = _inputs(2, 6, 7)
    return not np.allclose(head(x, *weights), _by_prefixes(x, *weights), atol=1e-3)


WRONG = (
    _suspects("two confused", (8, 7, 3, 10, 6, 4), 0.5),
    _suspects("distractors", (9, 1, 5, 2, 6, 4), 0),
    _suspects("always the same", (10,) * 6, 0),
    _suspects("two alike", (8, 8, 3, 7, 6, 4), 0.5),
    _suspects("not finished", (8, 10, ..., ..., ..., 4), 0.5),
    _suspects("no such suspect", (0, 11, "6", [2], None, -3), 0),
    _repair("a", "forbidden scores set to 0", _head(low=0), 0, "mask_times_zero"),
    _repair(
        "a",
        "mask forgotten",
        _head(below=9),
        0,
        "mask_forgotten",
    ),
    _repair("a", "integers", _integer_buffer, 0.8, "integer_result"),
    _repair("b", "w_k twice", _head(lambda x, w_q, w_k, w_v: (x @ w_k, x @ w_k, x @ w_v)), 0, "w_k_for_queries"),
    _repair("b", "w_v for the keys", _head(lambda x, w_q, w_k, w_v: (x @ w_q, x @ w_v, x @ w_v)), 0),
    _repair("c", "one too far", _head(below=1), 0, "one_token_ahead"),
    _repair("c", "NaN turned to 0", lambda *a: np.nan_to_num(_head(below=-1)(*a)), 0, "diagonal_excluded"),
    _repair("c", "-1e9 with the diagonal still forbidden", _head(below=-1, low=-1e9), 0, "diagonal_excluded"),
    _repair("c", "changes its input", _in_place, 0.8, "input_changed"),
    _repair(
        "d", "w_k for the values", _head(lambda x, w_q, w_k, w_v: (x @ w_q, x @ w_k, x @ w_k)), 0, "w_k_for_values"
    ),
    _repair("d", "cut to width", lambda x, a, b, w_v: _head()(x, a, b, np.eye(len(w_v)))[..., : w_v.shape[1]], 0),
    _repair("d", "one sequence only", _transposed, 0.6, "all_axes_reversed"),
    _repair("e", "minus a hundred", _head(low=-100), 0.8, "masked_with_small_number"),
    _repair(
        "a",
        "renormalised",
        _head(below=9, after=lambda weights, mask: np.tril(weights) / np.tril(weights).sum(-1, keepdims=True)),
        0.8,
        "mask_after_softmax_renormalised",
    ),
    _repair("e", "minus one", _head(low=-1), 0, "masked_with_minus_one"),
    _repair("e", "the other triangle", lambda x, *w: _head()(x[..., ::-1, :], *w)[..., ::-1, :], 0, "upper_triangle"),
    _repair("f", "by d_k", _head(root=lambda q, x: q.shape[-1]), 0, "by_d_k"),
    _repair("f", "sqrt(d_model)", _head(root=lambda q, x: np.sqrt(x.shape[-1])), 0, "sqrt_d_model"),
    _repair("f", "after softmax", _head(root=lambda q, x: 1, after=lambda weights, mask: weights / 2), 0),
    _repair(
        "f",
        "still not scaled, and over the queries",
        _head(root=lambda q, x: 1, softmax=lambda s: _softmax(s, -2)),
        0,
        "no_scale",
        "softmax_over_queries",
    ),
    _repair("f", "zeros", lambda x, a, b, w_v: np.zeros((*x.shape[:-1], w_v.shape[1])), 0),
    _test("always True", lambda head: True, 0, "accuses_every_head"),
    _test("always False", lambda head: False, 0, "accuses_no_head"),
    _test("swapped", lambda head: not _compares(head), 0, "answers_swapped"),
    _test("no return", lambda head: None, 0),
    _test(
        "too exact",
        lambda head: _compares(head) or _differs(head, *_inputs(6, 7), directory=1e-12),
        0.8,
        "comparison_too_exact",
    ),
    _test(
        "one sequence", _one_sequence, 0.8, "batch_not_tested", "large_tokens_not_tested", "whole_numbers_not_tested"
    ),
    _test(
        "properties only",
        _properties_only,
        0.4,
        "scores_not_tested",
        "batch_not_tested",
        "large_tokens_not_tested",
        "whole_numbers_not_tested",
    ),
    _test("a square batch", _square_batch, 0.6),
    _test("errors not caught", _no_error_caught, 0.4),
    _test("shape only", lambda head: head(*_inputs(6, 7)).shape != (6, 5), 0),
)
