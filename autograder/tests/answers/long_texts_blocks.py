"""Unit 10, softmax in blocks: right answers in other styles, and wrong ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.tests.answers import Right, Wrong
from autograder.tests.support import solved


def _masked_afterwards(maximum: Any, total: Any, output: Any, scores: Any, v: Any) -> Any:
    """NaN turned into 0 after the exponentials."""
    new = np.maximum(maximum, scores.max(axis=-1, keepdims=True))
    with np.errstate(invalid="ignore"):
        factor, exps = np.nan_to_num(np.exp(maximum - new)), np.nan_to_num(np.exp(scores - new))
    return new, total * factor + exps.sum(axis=-1, keepdims=True), output * factor + exps @ v


def _own_maximum_first(maximum: Any, total: Any, output: Any, scores: Any, v: Any) -> Any:
    """The block measured from its own maximum, and both sides brought to the larger of the two."""
    own = scores.max(axis=-1, keepdims=True)
    new = np.maximum(maximum, own)
    safe = np.where(own == -np.inf, 0, own)
    exps = np.exp(scores - safe)
    to = np.where(new == -np.inf, 0, new)
    old_factor, own_factor = np.exp(maximum - to), np.exp(own - to)
    return [
        new,
        old_factor * total + own_factor * exps.sum(axis=-1, keepdims=True),
        old_factor * output + own_factor * np.einsum("...ij,...jd->...id", exps, v),
    ]


def _least_finite(maximum: Any, total: Any, output: Any, scores: Any, v: Any) -> Any:
    new = np.maximum(maximum, np.max(scores, axis=-1, keepdims=True))
    shift = np.maximum(new, np.finfo(float).min)
    return new, total * np.exp(maximum - shift) + np.exp(scores - shift).sum(-1, keepdims=True), (
        output * np.exp(maximum - shift) + np.exp(scores - shift) @ v
    )  # fmt: skip


def _attend(
    block: Callable[..., Any] = _least_finite,
    ends: Callable[[int, int], list[tuple[int, int]]] = lambda n, size: [(i, i + size) for i in range(0, n, size)],
    root: Callable[[Any], Any] = lambda q: np.sqrt(q.shape[1]),
    masked: Callable[[Any, Any], Any] = lambda scores, allowed: np.where(allowed, scores, -np.inf),
    divided: Callable[[Any, Any], Any] = lambda output, total: output / np.maximum(total, 1e-30),
) -> dict[str, Any]:
    def attend_in_blocks(q: Any, read: Any, num_keys: int, size: int) -> Any:
        maximum, total, output = np.full((len(q), 1), -np.inf), np.zeros((len(q), 1)), np.zeros((len(q), 1))
        for start, stop in ends(num_keys, size):
            k, v, allowed = read(start, stop)
            maximum, total, output = block(maximum, total, output, masked(q @ k.T / root(q), allowed), v)
        with np.errstate(invalid="ignore"):
            return divided(output, total)

    return {"attend_in_blocks": attend_in_blocks}


def _collected(q: Any, read: Any, num_keys: int, size: int) -> Any:
    """Every key read in blocks, kept, and a plain softmax at the end."""
    k, v, allowed = (
        np.concatenate(parts, axis=axis)
        for parts, axis in zip(
            zip(*(read(i, min(i + size, num_keys)) for i in range(0, num_keys, size)), strict=True),
            (0, 0, 1),
            strict=True,
        )
    )
    scores = np.where(allowed, q @ k.T / np.sqrt(q.shape[1]), -np.inf)
    return _masked_afterwards(np.array([[-np.inf]]), 0, 0, scores, v)[2] / np.maximum(
        _masked_afterwards(np.array([[-np.inf]]), 0, 0, scores, v)[1], 1e-30
    )


RIGHT = (
    Right("a block with NaN set to 0", {"add_block": _masked_afterwards}),
    Right("a block measured from its own maximum, a list", {"add_block": _own_maximum_first}),
    Right("a block, the least finite number", {"add_block": _least_finite}),
    Right("in blocks, ends beyond the last key", _attend()),
    Right("in blocks, from the last one", _attend(ends=lambda n, size: [
        (i, min(i + size, n)) for i in range(0, n, size)
    ][::-1])),
    Right("in blocks, one key at a time", _attend(ends=lambda n, size: [(i, i + 1) for i in range(n)])),
    Right("in blocks, kept", {"attend_in_blocks": _collected}),
)  # fmt: skip


# Wrong ones


def _block(
    newest: Callable[[Any, Any], Any] = lambda m, s: np.maximum(m, s.max(-1, keepdims=True)),
    factor: Callable[[Any, Any], Any] = lambda m, new: np.exp(m - new),
    of_total: Callable[[Any], Any] = lambda f: f,
    of_output: Callable[[Any], Any] = lambda f: f,
    below: Callable[[Any, Any, Any], Any] = lambda m, s, new: new,
    guarded: bool = True,
) -> dict[str, Any]:
    def safe(number: Any) -> Any:
        return np.where(number == -np.inf, 0.0, number) if guarded else number

    def add_block(maximum: Any, total: Any, output: Any, scores: Any, v: Any) -> Any:
        new = newest(maximum, scores)
        with np.errstate(all="ignore"):
            f, exps = factor(maximum, safe(new)), np.exp(scores - safe(below(maximum, scores, new)))
            return new, of_total(f) * total + exps.sum(-1, keepdims=True), of_output(f) * output + exps @ v

    return {"add_block": add_block}


def _softmaxed(maximum: Any, total: Any, output: Any, scores: Any, v: Any) -> Any:
    exps = np.exp(scores - scores.max(-1, keepdims=True))
    return (
        np.maximum(maximum, scores.max(-1, keepdims=True)),
        total + 1,
        output + exps / exps.sum(-1, keepdims=True) @ v,
    )


def _divided(maximum: Any, total: Any, output: Any, scores: Any, v: Any) -> Any:
    m, t, o = _least_finite(maximum, total, output, scores, v)
    return m, t, o / np.where(t == 0, 1, t)


def _in_place(maximum: Any, total: Any, output: Any, scores: Any, v: Any) -> Any:
    m, t, o = _least_finite(maximum, total, output, scores, v)
    total[:] = t
    return m, t, o


BLOCK_WRONG = (
    ("no thought of a masked block", _block(guarded=False), 0.8, ("masked_block_nan",)),
    ("the total as it was", _block(of_total=lambda f: 1), 0.6, ("total_not_rescaled",)),
    ("the output as it was", _block(of_output=lambda f: 1), 0.6, ("output_not_rescaled",)),
    ("both as they were", _block(of_total=lambda f: 1, of_output=lambda f: 1), 0.6, ("nothing_rescaled",)),
    ("the total as it was, and NaN", _block(of_total=lambda f: 1, guarded=False), 0.4,
     ("masked_block_nan", "total_not_rescaled")),
    ("the inverse", _block(factor=lambda m, new: np.exp(new - m)), 0.2, ("rescaled_the_wrong_way",)),
    ("no exponential", _block(factor=lambda m, new: m / new), 0.2, ("rescaled_without_exponential",)),
    ("the maximum of the block", _block(newest=lambda m, s: s.max(-1, keepdims=True)), 0.5, ("maximum_of_block_only",)),
    ("from its own maximum", _block(below=lambda m, s, new: s.max(-1, keepdims=True)), 0.5,
     ("block_measured_from_its_own_maximum",)),
    ("from the old maximum", _block(below=lambda m, s, new: m), 0.2, ("block_measured_from_old_maximum",)),
    ("no maximum", _block(of_total=lambda f: 1, of_output=lambda f: 1, below=lambda m, s, new: 0), 0,
     ("running_maximum_not_used",)),
    ("the output of this block", _block(of_output=lambda f: 0), 0.2, ("earlier_blocks_forgotten",)),
    ("one maximum", _block(newest=lambda m, s: np.maximum(m, s.max())), 0.2, ("one_maximum_for_all_queries",)),
    ("softmax of each block", {"add_block": _softmaxed}, 0, ("each_block_softmaxed",)),
    ("divided each time", {"add_block": _divided}, 0, ("output_divided_too_early",)),
    ("in place", {"add_block": _in_place}, 0.9, ("input_changed",)),
)  # fmt: skip


def _blocks(n: int, size: int) -> list[tuple[int, int]]:
    return [(i, i + size) for i in range(0, n, size)]


def _each_by_itself(q: Any, read: Any, num_keys: int, size: int) -> Any:
    plain = solved("long_texts")["attend_in_blocks"]
    outputs = [
        plain(q, lambda i, j, start=start: read(start + i, start + j), min(size, num_keys - start), size)
        for start in range(0, num_keys, size)
    ]
    return np.mean(outputs, axis=0)


IN_BLOCKS_WRONG = (
    ("a masked block gives NaN", _attend(_block(guarded=False)["add_block"]), 0.8, "masked_block_nan"),
    ("the output not rescaled", _attend(_block(of_output=lambda f: 1)["add_block"]), 0.25, "output_not_rescaled"),
    ("nothing rescaled", _attend(_block(of_total=lambda f: 1, of_output=lambda f: 1)["add_block"]), 0.25,
     "nothing_rescaled"),
    ("not divided", _attend(divided=lambda output, total: output), 0.25, "total_not_divided"),
    ("0/0", _attend(divided=lambda output, total: output / total), 0.8, "unseen_query_nan"),
    ("no scale", _attend(root=lambda q: 1), 0.25, "no_scale"),
    ("divided by d_k", _attend(root=lambda q: q.shape[1]), 0.25, "by_d_k"),
    ("no mask", _attend(masked=lambda scores, allowed: scores), 0.25, "mask_forgotten"),
    ("the mask times the scores", _attend(masked=lambda scores, allowed: scores * allowed), 0.25, "mask_times_zero"),
    ("whole blocks only", _attend(ends=lambda n, size: [(i, i + size) for i in range(0, n - size + 1, size)]), 0.35,
     "last_keys_left_out"),
    ("the first block", _attend(ends=lambda n, size: [(0, size)]), 0, "first_block_only"),
    ("the first block again", _attend(ends=lambda n, size: [(0, size) for _ in _blocks(n, size)]), 0, "first_block_again"),
    ("one key too many", _attend(ends=lambda n, size: [(i, i + size + 1) for i in range(0, n, size)]), 0, "blocks_overlap"),
    ("a start at each key", _attend(ends=lambda n, size: [(i, i + size) for i in range(n)]), 0, "blocks_overlap"),
    ("all at once", _attend(ends=lambda n, size: [(0, n)]), 0.75, "all_keys_at_once"),
    ("the mean of the blocks", {"attend_in_blocks": _each_by_itself}, 0.25, "block_outputs_averaged"),
)  # fmt: skip

WRONG = (
    *(Wrong("long_texts.add_block", label, names, share, mistakes) for label, names, share, mistakes in BLOCK_WRONG),
    *(
        Wrong("long_texts.in_blocks", label, names, share, (mistake,))
        for label, names, share, mistake in IN_BLOCKS_WRONG
    ),
)
