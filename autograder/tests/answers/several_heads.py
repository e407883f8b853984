"""Unit 3: right answers in other styles, and wrong ones."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from autograder.tests.answers import Right, Wrong, by_hand
from autograder.tests.answers.several_heads_loops import TWO_HEADS, head, softmax


def _by_einsum(x, w_q, w_k, w_v):
    q = np.einsum("...td,hdk->h...tk", x, np.array(w_q))
    k = np.einsum("...td,hdk->h...tk", x, np.array(w_k))
    v = np.einsum("...td,hdv->h...tv", x, np.array(w_v))
    weights = softmax(np.einsum("...ik,...jk->...ij", q, k) / np.sqrt(q.shape[-1]))
    return np.einsum("...ij,...jv->...iv", weights, v)


def _through_fused(x, w_q, w_k, w_v):
    """One product for all heads, then each head's columns."""
    n = len(w_q)
    q, k, v = (np.split(x @ np.hstack(w), n, axis=-1) for w in (w_q, w_k, w_v))
    return [softmax(a @ b.swapaxes(-1, -2) / np.sqrt(a.shape[-1])) @ c for a, b, c in zip(q, k, v, strict=True)]


def _float32(x, w_q, w_k, w_v):
    cast = [[np.asarray(m, dtype=np.float32) for m in w] for w in (w_q, w_k, w_v)]
    return tuple(head(np.float32(x), *of_head) for of_head in zip(*cast, strict=True))


def _row_by_row(x, w_q, w_k, w_v):
    made = []
    for h in range(len(w_v)):
        flat = x.reshape(-1, *x.shape[-2:])
        rows = np.zeros((*flat.shape[:2], w_v[h].shape[1]))
        for b, sequence in enumerate(flat):
            for i, token in enumerate(sequence):
                scores = np.array([token @ w_q[h] @ (w_k[h].T @ other) for other in sequence])
                weights = softmax(scores / np.sqrt(w_k[h].shape[1]))
                rows[b, i] = sum(w * (other @ w_v[h]) for w, other in zip(weights, sequence, strict=True))
        made.append(rows.reshape(*x.shape[:-1], -1))
    return made


def _filled(matrices):
    d_model, d = matrices[0].shape
    fused = np.empty((d_model, d * len(matrices)))
    for h, matrix in enumerate(matrices):
        fused[:, h * d : h * d + d] = matrix
    return fused


def _differences_by_loops(heads):
    table = np.zeros((len(heads), len(heads)))
    for a in range(len(heads)):
        for b in range(a):
            table[a, b] = table[b, a] = max(abs(p - q) for p, q in zip(heads[a].flat, heads[b].flat, strict=True))
    return table


RIGHT = (
    *by_hand.right("several_heads"),
    Right("fused by np.block", {"fuse": lambda matrices: np.block([list(matrices)])}),
    Right("fused by c_", {"fuse": lambda matrices: np.c_[tuple(matrices)]}),
    Right("heads by einsum", {"several_heads": _by_einsum}),
    Right("heads through fused matrices", {"several_heads": _through_fused}),
    Right("heads in float32, as a tuple", {"several_heads": _float32}),
    Right("heads row by row", {"several_heads": _row_by_row}),
    Right("heads by map", {"several_heads": lambda x, *w: list(map(lambda a, b, c: head(x, a, b, c), *w))}),
    Right("hstack", {"fuse": np.hstack}),
    Right("a matrix filled block by block", {"fuse": _filled}),
    Right("stack, then reshape", {"fuse": lambda m: np.stack(m, axis=1).reshape(len(m[0]), -1)}),
    Right("transpose twice", {"fuse": lambda m: np.concatenate([one.T for one in m]).T}),
    Right("columns by split", {"columns_of_head": lambda a, h, num_heads: np.split(a, num_heads, -1)[h]}),
    Right(
        "columns by reshape",
        {"columns_of_head": lambda array, h, num_heads: array.reshape(*array.shape[:-1], num_heads, -1)[..., h, :]},
    ),
    Right(
        "columns by take",
        {"columns_of_head": lambda a, h, n: np.take(a, h * (a.shape[-1] // n) + np.arange(a.shape[-1] // n), axis=-1)},
    ),
    Right("differences by loops", {"largest_differences": _differences_by_loops}),
    Right(
        "differences by broadcasting",
        {
            "largest_differences": lambda heads: np.abs(
                np.array(heads).reshape(len(heads), 1, -1) - np.array(heads).reshape(1, len(heads), -1)
            ).max(-1)
        },
    ),
    Right("differences as lists", {"largest_differences": lambda h: [[abs(a - b).max() for b in h] for a in h]}),
    Right(
        "predictions as floats and sets",
        {
            "zero_differences": 8.0,
            "different_weights": 4.0,
            "different_outputs": np.int64(5),
            "notice_when_sliced": {1},
            "notice_when_projected": (2, 3, 0),
            "consequence": ["b", "D", "f", "E"],
        },
    ),
    Right("one head as a number", {"notice_when_sliced": 1, "notice_when_projected": np.array([0, 2, 3])}),
)


def _w(question, label, function, share, *mistakes):
    names = {
        "fused": "fuse",
        "columns": "columns_of_head",
        "differences": "largest_differences",
    }
    return Wrong(f"several_heads.{question}", label, {names[question]: function}, share, mistakes)


WRONG = (
    *by_hand.wrong("several_heads"),
    *TWO_HEADS,
    _w("fused", "one below the other", lambda m: np.concatenate(m), 0, "fused_along_rows"),
    _w("fused", "vstack", np.vstack, 0, "fused_along_rows"),
    _w("fused", "reshape", lambda m: np.array(m).reshape(m[0].shape[0], -1), 0, "fused_by_reshape"),
    _w("fused", "interleaved", lambda m: np.dstack(m).reshape(len(m[0]), -1), 0, "fused_interleaved"),
    _w("fused", "an array of matrices", np.array, 0, "stacked_not_fused"),
    _w("fused", "in reverse", lambda m: np.hstack(m[::-1]), 0, "fused_in_reverse"),
    _w("fused", "transposed", lambda m: np.hstack(m).T, 0, "fused_transposed"),
    _w("fused", "added", lambda m: sum(m), 0, "matrices_added"),
    _w("fused", "two only", lambda m: np.hstack([m[0], m[1]]), 0.5),
    _w("fused", "the first two", lambda m: np.hstack(m[:2]), 0.5, "two_matrices_only"),
    _w("fused", "the first repeated", lambda m: np.tile(m[0], len(m)), 0, "first_matrix_repeated"),
    _w("fused", "multiplied", lambda m: m[0] * m[-1], 0),
    _w("fused", "zeros", lambda m: np.zeros((len(m[0]), len(m) * m[0].shape[1])), 0),
    _w("columns", "every H-th", lambda a, h, n: a[..., h::n], 0, "columns_interleaved"),
    _w(
        "columns",
        "from one",
        lambda a, h, n: a[..., (h - 1) * (a.shape[-1] // n) : h * (a.shape[-1] // n)],
        0,
        "columns_counted_from_one",
    ),
    _w("columns", "as wide as heads", lambda a, h, n: a[..., h * n : h * n + n], 0, "columns_heads_for_width"),
    _w(
        "columns",
        "start not multiplied",
        lambda a, h, n: a[..., h : h + a.shape[-1] // n],
        0,
        "columns_start_not_multiplied",
    ),
    _w("columns", "first block", lambda a, h, n: a[..., : a.shape[-1] // n], 0, "columns_first_block_always"),
    _w(
        "columns",
        "up to the end of the block",
        lambda a, h, n: a[..., : (h + 1) * (a.shape[-1] // n)],
        0,
        "columns_all_blocks_before",
    ),
    _w(
        "columns",
        "one too many",
        lambda a, h, n: a[..., h * (a.shape[-1] // n) : (h + 1) * (a.shape[-1] // n) + 1],
        0,
        "columns_one_too_many",
    ),
    _w(
        "columns",
        "one too few",
        lambda a, h, n: a[..., h * (a.shape[-1] // n) : (h + 1) * (a.shape[-1] // n) - 1],
        0,
        "columns_one_too_few",
    ),
    _w("columns", "one column", lambda a, h, n: a[..., h], 0, "columns_one_line_only"),
    _w("columns", "everything", lambda a, h, n: a, 0, "columns_whole_matrix"),
    _w(
        "columns",
        "rows",
        lambda a, h, n: a[..., h * (a.shape[-2] // n) : (h + 1) * (a.shape[-2] // n), :],
        0,
        "rows_for_columns",
    ),
    _w(
        "columns",
        "second axis",
        lambda a, h, n: a[:, h * (a.shape[-1] // n) : (h + 1) * (a.shape[-1] // n)],
        0.6,
        "second_axis_for_last",
    ),
    _w(
        "columns",
        "second axis and its width",
        lambda a, h, n: a[:, h * (a.shape[1] // n) : (h + 1) * (a.shape[1] // n)],
        0.6,
        "second_axis_for_last",
    ),
    _w("columns", "d_k of the example", lambda a, h, n: a[..., h * 5 : (h + 1) * 5], 0, "columns_of_the_example"),
    _w("columns", "the wrong way round", lambda a, h, n: np.split(a, n, axis=-1)[-1 - h], 0),
    _w("columns", "sum of the heads", lambda a, h, n: sum(np.split(a, n, axis=-1)), 0),
    _w(
        "differences",
        "with sign",
        lambda heads: [[(a - b).max() for b in heads] for a in heads],
        0,
        "difference_with_sign",
    ),
    _w(
        "differences",
        "mean",
        lambda heads: [[np.mean(np.abs(a - b)) for b in heads] for a in heads],
        0,
        "mean_difference",
    ),
    _w(
        "differences",
        "sum",
        lambda heads: [[np.abs(a - b).sum() for b in heads] for a in heads],
        0,
        "summed_difference",
    ),
    _w(
        "differences",
        "norm",
        lambda heads: [[np.sqrt(((a - b) ** 2).sum()) for b in heads] for a in heads],
        0,
        "norm_of_difference",
    ),
    _w(
        "differences",
        "squared",
        lambda heads: [[((a - b) ** 2).max() for b in heads] for a in heads],
        0,
        "squared_difference",
    ),
    _w(
        "differences",
        "with the next",
        lambda heads: [np.abs(a - b).max() for a, b in pairwise(heads)],
        0,
        "neighbours_only",
    ),
    _w(
        "differences",
        "with head 0",
        lambda heads: [np.abs(heads[0] - b).max() for b in heads],
        0,
        "first_head_only_compared",
    ),
    _w("differences", "by rows", lambda heads: [[np.abs(a - b).max(axis=-1) for b in heads] for a in heads], 0),
    _w("differences", "zeros", lambda heads: np.zeros((len(heads), len(heads))), 0),
    *(
        Wrong("several_heads.shared", label, names, share, ())
        for label, names, share in (
            ("w_v in the weights", {"different_weights": 5}, 0.5),
            ("w_q alone", {"different_weights": 2}, 0.5),
            ("every row counted", {"different_weights": 6, "different_values": 6, "different_outputs": 6}, 0),
            ("either is enough", {"different_outputs": 4}, 0.5),
            ("the diagonal only", {"zero_differences": 6}, 0.5),
            ("one direction only", {"zero_differences": 7}, 0.5),
            ("two right", {"zero_differences": 2, "different_values": 2}, 0),
            ("words", {"different_weights": "four"}, 0.5),
            ("one left open", {"different_weights": ...}, 0.5),
        )
    ),
    *(
        Wrong("several_heads.slicing", label, names, 0, ())
        for label, names in (
            ("all notice", {"notice_when_sliced": [0, 1, 2, 3]}),
            ("counted from one", {"notice_when_sliced": [2]}),
            ("the same for both", {"notice_when_projected": [1]}),
            ("zeros overlooked", {"notice_when_projected": [0, 1, 2, 3]}),
            ("one zero is enough", {"notice_when_projected": [0, 3]}),
            ("nobody", {"notice_when_sliced": [], "notice_when_projected": []}),
            ("a head that is not there", {"notice_when_sliced": [4]}),
        )
    ),
    *(
        Wrong("several_heads.consequence", label, {"consequence": answer}, 0, ())
        for label, answer in (
            ("one too few", "BDE"),
            ("one too many", "ABDEF"),
            ("all", "ABCDEF"),
            ("the others", "AC"),
            ("a letter that is not there", "BDEFG"),
            ("a number", 4),
        )
    ),
)
