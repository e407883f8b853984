"""Mistakes in softmax over one block of keys after another: `add_block`, and `attend_in_blocks`, which calls it.

`add_block(maximum, total, output, scores, v)` returns the first three, a block later. What can be wrong in one step is
written as a step of its own below, from the old maximum (..., T_q, 1), the scores (..., T_q, N) and whether the writer
has thought of a block whose scores are all -inf.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np

from ..marking import Mistake, Wrong
from . import mask, scale
from .choose import named, singles, together
from .stages import Array, Read, Stages, in_blocks, softmax

Three = tuple[Array, Array, Array]
Step = Callable[[Array, Array, Array, Array, Array, Callable[[Array], Array]], Three]


def _safe(highest: Array) -> Array:
    return np.where(np.isneginf(highest), 0, highest)


def _as_it_is(highest: Array) -> Array:
    return highest


def _top(scores: Array) -> Array:
    return scores.max(axis=-1, keepdims=True)  # (..., T_q, 1)


def _sum(exps: Array) -> Array:
    return exps.sum(axis=-1, keepdims=True)  # (..., T_q, 1)


def _step(
    rescale_total: Callable[[Array], Array] = lambda factor: factor,
    rescale_output: Callable[[Array], Array] = lambda factor: factor,
    highest: Callable[[Array, Array], Array] = lambda before, scores: np.maximum(before, _top(scores)),
    measured_from: Callable[[Array, Array, Array], Array] = lambda before, scores, highest: highest,
    factor: Callable[[Array, Array], Array] = lambda before, highest: np.exp(before - highest),
    give: Callable[[Array, Array, Array], Three] = lambda maximum, total, output: (maximum, total, output),
) -> Step:
    """A step with pieces of its own.

    rescale_total, rescale_output  what the old total and the old output are multiplied by, from the right factor
    highest                        the new maximum, from the old one and the scores
    measured_from                  what is subtracted from the scores
    factor                         what brings the old sums to the new maximum
    give                           the result
    """

    def step(before: Array, total: Array, output: Array, scores: Array, v: Array, safe: Any) -> Three:
        new = highest(before, scores)
        down = factor(before, safe(new))
        exps = np.exp(scores - safe(measured_from(before, scores, new)))  # (..., T_q, N)
        return give(new, rescale_total(down) * total + _sum(exps), rescale_output(down) * output + exps @ v)

    return step


def _softmaxed(before: Array, total: Array, output: Array, scores: Array, v: Array, safe: Any) -> Three:
    """Each block's own softmax, mixed and added."""
    exps = np.exp(scores - safe(_top(scores)))
    return np.maximum(before, _top(scores)), total + 1, output + exps / _sum(exps) @ v


def _softmaxed_and_rescaled(before: Array, total: Array, output: Array, scores: Array, v: Array, safe: Any) -> Three:
    new = np.maximum(before, _top(scores))
    down, exps = np.exp(before - safe(new)), np.exp(scores - safe(new))
    return new, down * total + _sum(exps), down * output + exps / _sum(exps) @ v


def _one(factor: Array) -> Array:
    return np.ones_like(factor)


def _none(factor: Array) -> Array:
    return np.zeros_like(factor)


def _divided(maximum: Array, total: Array, output: Array) -> Three:
    return maximum, total, output / np.where(total == 0, 1, total)


def _one_maximum(before: Array, scores: Array) -> Array:
    return np.maximum(before, scores.max())


_BLOCK_NAN = Mistake(
    "masked_block_nan",
    "add_block",
    "All keys of a block may be masked for a query that has seen no key before. Then its largest score "
    "is minus infinity, and minus infinity minus minus infinity is NaN, which stays in every later "
    "block.",
)


def _without_guard(step: Step) -> Callable[..., Three]:
    return lambda maximum, total, output, scores, v: step(maximum, total, output, scores, v, _as_it_is)


def _with_guard(step: Step) -> Callable[..., Three]:
    return lambda maximum, total, output, scores, v: step(maximum, total, output, scores, v, _safe)


BLOCK_NAN = replace(_BLOCK_NAN, replaces={"add_block": _without_guard(_step())})

# A mistake may be made with or without a thought of masked blocks. Its forms, where it has several.
_STEPS: tuple[tuple[str, str, tuple[Step, ...]], ...] = (
    (
        "total_not_rescaled",
        "When a larger maximum comes, the total of the earlier blocks stays as it was. Its exponentials "
        "were measured from the old maximum and do not fit the new ones, so the weights do not sum to 1.",
        (_step(rescale_total=_one),),
    ),
    (
        "output_not_rescaled",
        "When a larger maximum comes, the output of the earlier blocks stays as it was. The values of "
        "those blocks then count too much.",
        (_step(rescale_output=_one),),
    ),
    (
        "nothing_rescaled",
        "When a larger maximum comes, total and output of the earlier blocks stay as they were. Both were "
        "measured from the old maximum, while the new block is measured from the new one.",
        (_step(rescale_total=_one, rescale_output=_one),),
    ),
    (
        "rescaled_the_wrong_way",
        "The earlier blocks are multiplied by the inverse of the right factor, so they grow when a larger "
        "maximum comes. Measured from a larger maximum, exponentials become smaller.",
        (_step(factor=lambda before, highest: np.exp(highest - before)),),
    ),
    (
        "rescaled_without_exponential",
        "The earlier blocks are multiplied by something other than an exponential. To measure an "
        "exponential from another maximum, multiply it by the exponential of a difference.",
        (
            _step(factor=lambda before, highest: before - highest),
            _step(factor=lambda before, highest: before / highest),
        ),
    ),
    (
        "maximum_of_block_only",
        "The maximum of this block replaces the largest score so far. After a block of small scores the "
        "earlier sums become very large, and for large scores they overflow.",
        (_step(highest=lambda before, scores: _top(scores)),),
    ),
    (
        "block_measured_from_its_own_maximum",
        "The block's exponentials are measured from the block's own maximum, and those of the earlier "
        "blocks from the running one. If an earlier score was larger, the two do not fit together.",
        (_step(measured_from=lambda before, scores, highest: _top(scores)),),
    ),
    (
        "block_measured_from_old_maximum",
        "The block's exponentials are measured from the maximum before this block. For the first block "
        "there is none, and later a larger score makes them overflow.",
        (_step(measured_from=lambda before, scores, highest: before),),
    ),
    (
        "running_maximum_not_used",
        "The maximum is kept, but never subtracted from the scores. The sums are right until the scores "
        "become large. Then the exponentials overflow.",
        (
            _step(
                rescale_total=_one,
                rescale_output=_one,
                measured_from=lambda before, scores, highest: np.zeros_like(highest),
            ),
        ),
    ),
    (
        "earlier_blocks_forgotten",
        "The sums of the earlier blocks are lost, at least in part. The result should include them.",
        (
            _step(rescale_total=_none),
            _step(rescale_output=_none),
            _step(rescale_total=_none, rescale_output=_none),
        ),
    ),
    (
        "each_block_softmaxed",
        "Each block gets a softmax of its own before it is added, so every block counts the same, however "
        "small its scores. Add up the exponentials instead, and divide once, after the last block.",
        (_softmaxed, _softmaxed_and_rescaled),
    ),
    (
        "output_divided_too_early",
        "The output is divided by the total in every block. So the next block is added to something that "
        "has already been divided.",
        (_step(give=_divided),),
    ),
    (
        "one_maximum_for_all_queries",
        "One maximum is used for all queries. If all scores of a query are far below it, their "
        "exponentials become 0. Each query needs a maximum of its own.",
        (_step(highest=_one_maximum),),
    ),
)

ADD_BLOCK = tuple(
    Mistake(name, "add_block", says, {"add_block": _with_guard(step)}) for name, says, steps in _STEPS for step in steps
)


def blocks_added() -> Iterator[Wrong]:
    """For `add_block`: each mistake by itself, then beside a masked block that gives NaN."""
    yield Wrong((BLOCK_NAN,), BLOCK_NAN.replaces["add_block"])
    for mistake in ADD_BLOCK:
        yield Wrong((mistake,), mistake.replaces["add_block"])
    for name, says, steps in _STEPS:
        for step in steps:
            function = _without_guard(step)
            mistake = Mistake(name, "add_block", says, {"add_block": function})
            yield Wrong((mistake, replace(_BLOCK_NAN, replaces={"add_block": function})), function)


NOT_DIVIDED = Mistake(
    "total_not_divided",
    "divide",
    "After the last block the output is not divided by the total, so it is not a weighted mean of the values.",
    {"divide": lambda output, total: output},
)
UNSEEN_NAN = Mistake(
    "unseen_query_nan",
    "divide",
    "A query that may attend to no key has a total of 0, and 0/0 is NaN. Its output should be zeros.",
    {"divide": lambda output, total: output / total},
)
# In a query whose block gave NaN, a total that is compared with 0 may come out either way.
STYLES: tuple[Mapping[str, Any], ...] = (
    {},
    {"divide": lambda output, total: np.where(total > 0, output / total, 0)},
)

# Mistakes of a single block that are made as well where no block is a function of its own.
_NOT_RESCALED = tuple(
    m for m in ADD_BLOCK if m.name in ("total_not_rescaled", "output_not_rescaled", "nothing_rescaled")
)
_OF_SCORES = (
    scale.NO_SCALE,
    scale.BY_D_K,
    scale.SQRT_T,
    scale.TIMES_SQRT_D_K,
    mask.NO_MASK,
    mask.INVERTED,
    mask.TIMES_ZERO,
)


def _only(blocks: Callable[[int, int], list[tuple[int, int]]]) -> Callable[..., Array]:
    """Attention over some of the keys, read in these pieces."""

    def function(q: Array, read: Read, num_keys: int, size: int) -> Array:
        pieces = iter(blocks(num_keys, size))

        def some(start: int, stop: int) -> tuple[Array, Array, Array]:
            return read(*next(pieces))

        return in_blocks(Stages())(q, some, len(blocks(num_keys, size)), 1)

    return function


def _whole_blocks(num_keys: int, size: int) -> list[tuple[int, int]]:
    return [(start, start + size) for start in range(0, num_keys - size + 1, size)]


def _block_softmaxes(weigh: Callable[[int], float]) -> Callable[..., Array]:
    """Each block's own attention, added with these weights, from the number of blocks."""

    def function(q: Array, read: Read, num_keys: int, size: int) -> Array:
        starts = range(0, num_keys, size)
        outputs = []
        for start in starts:
            k, v, allowed = read(start, min(start + size, num_keys))
            weights = softmax(np.where(allowed, q @ k.T / np.sqrt(q.shape[-1]), -np.inf))
            outputs.append(np.where(allowed.any(axis=-1, keepdims=True), weights, 0) @ v)
        return np.asarray(sum(outputs) * weigh(len(starts)))

    return function


IN_BLOCKS: tuple[Wrong, ...] = (
    *named(
        "last_keys_left_out",
        "blocks",
        "The last keys are left out if they do not fill a whole block. The last block may be smaller than the others.",
        _only(_whole_blocks),
    ),
    *named(
        "first_block_only",
        "blocks",
        "Only the first block is read. The loop ends too early, or starts at the same keys each time.",
        _only(lambda num_keys, size: [(0, size)]),
    ),
    *named(
        "first_block_again",
        "blocks",
        "The same block is read each time. The next block starts where the last one ended.",
        _only(lambda num_keys, size: [(0, size)] * len(range(0, num_keys, size))),
    ),
    *named(
        "blocks_overlap",
        "blocks",
        "The blocks overlap, so some keys count twice. The end of a block is not part of it, and the next "
        "block starts there.",
        _only(lambda num_keys, size: [(start, start + size + 1) for start in range(0, num_keys, size)]),
        _only(lambda num_keys, size: [(start, start + size) for start in range(num_keys)]),
    ),
    *named(
        "all_keys_at_once",
        "blocks",
        "The output is right, but all keys were read at once. At most `size` of them fit, so read one "
        "block after another.",
        _only(lambda num_keys, size: [(0, num_keys)]),
    ),
    *named(
        "block_outputs_averaged",
        "blocks",
        "The attention of each block is computed separately, and these outputs are averaged or added. A block with large "
        "scores should count more than one with small scores.",
        _block_softmaxes(lambda blocks: 1 / blocks),
        _block_softmaxes(lambda blocks: 1),
    ),
)


def in_blocks_wrong() -> Iterator[Wrong]:
    """For `attend_in_blocks(q, read, num_keys, size)`."""
    own = (NOT_DIVIDED, UNSEEN_NAN)
    yield from singles(in_blocks, own)
    yield from singles(in_blocks, (BLOCK_NAN, *_NOT_RESCALED), STYLES)
    yield from IN_BLOCKS
    yield from singles(in_blocks, _OF_SCORES, STYLES)
    yield from together(in_blocks, combinations((*own, *_OF_SCORES), 2))
