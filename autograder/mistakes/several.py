"""Mistakes in running several heads side by side, each with its own projections, and in comparing their outputs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np

from ..marking import Wrong
from .choose import named
from .project import NONE_PROJECTED
from .split import SHARED
from .stages import Array, Sizes, Stages, attend, attention_head

Matrices = Sequence[Array]
Indices = Callable[[int, int], tuple[int, int, int]]
_head = attention_head(Stages())


def _with(indices: Indices) -> Callable[..., Array]:
    """Several heads, of which head h of H uses the matrices with these three indices."""

    def function(x: Array, w_q: Matrices, w_k: Matrices, w_v: Matrices) -> Array:
        chosen = [indices(h, len(w_q)) for h in range(len(w_q))]
        return np.stack([_head(x, w_q[q], w_k[k], w_v[v]) for q, k, v in chosen])

    return function


def _two(x: Array, w_q: Matrices, w_k: Matrices, w_v: Matrices) -> Array:
    """A loop over range(2): it raises where there is one head only."""
    return np.stack([_head(x, w_q[h], w_k[h], w_v[h]) for h in range(2)])


def _then(finish: Callable[[list[Array]], Array]) -> Callable[..., Array]:
    """The right heads, given back in another form."""

    def function(x: Array, w_q: Matrices, w_k: Matrices, w_v: Matrices) -> Array:
        return finish([_head(x, *of_head) for of_head in zip(w_q, w_k, w_v, strict=True)])

    return function


def _attending(q: Array, k: Array, v: Array) -> Array:
    return attend(Stages(), q, k, v, None, Sizes(q.shape[-1]))


def _slice(x: Array, h: int, width: int) -> Array:
    return x[..., h * width : (h + 1) * width]


def _sliced_evenly(x: Array, w_q: Matrices, w_k: Matrices, w_v: Matrices) -> Array:
    """Head h attends with its d_model / H columns of x as queries, keys and values."""
    width = x.shape[-1] // len(w_q)
    return np.stack([_attending(part, part, part) for part in (_slice(x, h, width) for h in range(len(w_q)))])


def _sliced_to_widths(x: Array, w_q: Matrices, w_k: Matrices, w_v: Matrices) -> Array | list[Array]:
    """Columns h·d_k to (h+1)·d_k of x as queries and keys, h·d_v to (h+1)·d_v as values, as far as x has them."""
    d_k, d_v = w_q[0].shape[1], w_v[0].shape[1]
    heads = [_attending(_slice(x, h, d_k), _slice(x, h, d_k), _slice(x, h, d_v)) for h in range(len(w_q))]
    return np.stack(heads) if len({head.shape for head in heads}) == 1 else heads


def _slices_projected(own_rows: bool) -> Callable[..., Array]:
    """Head h multiplies its slice of x by as many rows of its matrices: its own rows of them, or the first."""

    def function(x: Array, w_q: Matrices, w_k: Matrices, w_v: Matrices) -> Array:
        width = x.shape[-1] // len(w_q)

        def head(h: int) -> Array:
            start = h * width if own_rows else 0
            rows = slice(start, start + width)
            return _head(_slice(x, h, width), w_q[h][rows], w_k[h][rows], w_v[h][rows])

        return np.stack([head(h) for h in range(len(w_q))])

    return function


def _chained(x: Array, w_q: Matrices, w_k: Matrices, w_v: Matrices) -> Array:
    heads = []
    for of_head in zip(w_q, w_k, w_v, strict=True):
        x = _head(x, *of_head)
        heads.append(x)
    return np.stack(heads)


# For `several_heads(x, w_q, w_k, w_v)` with lists of matrices, one per head.
SEVERAL_HEADS: tuple[Wrong, ...] = (
    Wrong((SHARED,), _with(lambda h, n: (0, 0, 0))),
    *named(
        "last_projections_shared",
        "project",
        "All heads use the last head's projections, so they all compute the same. Each head has its own w_q, w_k and w_v.",
        _with(lambda h, n: (-1, -1, -1)),
    ),
    *named(
        "w_q_shared",
        "project",
        "All heads use the first head's w_q. So they all look for the same thing, whatever their keys are.",
        _with(lambda h, n: (0, h, h)),
    ),
    *named(
        "w_k_shared",
        "project",
        "All heads use the first head's w_k. So a token can be found by the same thing in every head.",
        _with(lambda h, n: (h, 0, h)),
    ),
    *named(
        "w_v_shared",
        "project",
        "All heads use the first head's w_v. They may look at different tokens, but they take the same from each.",
        _with(lambda h, n: (h, h, 0)),
    ),
    *named(
        "weights_shared",
        "project",
        "All heads use the first head's w_q and w_k. So their attention weights are the same, and only "
        "what they take differs.",
        _with(lambda h, n: (0, 0, h)),
    ),
    Wrong((NONE_PROJECTED,), _sliced_evenly),
    Wrong((NONE_PROJECTED,), _sliced_to_widths),
    *named(
        "x_sliced_then_projected",
        "project",
        "Each head reads only a slice of x's columns, and only that many rows of its matrices. Every head "
        "should project the whole of x.",
        _slices_projected(own_rows=True),
        _slices_projected(own_rows=False),
    ),
    *named(
        "heads_chained",
        "heads",
        "Each head works on the output of the head before. All heads should read the same x.",
        _chained,
    ),
    *named(
        "heads_in_reverse_list",
        "heads",
        "The heads are all there, but in reverse order. Head 0 comes first.",
        _then(lambda heads: np.stack(heads[::-1])),
    ),
    *named(
        "next_heads_matrices",
        "heads",
        "Head h uses the matrices of head h + 1, and the last head those of head 0. Heads and lists are "
        "numbered from 0.",
        _with(lambda h, n: ((h + 1) % n,) * 3),
    ),
    *named(
        "first_head_returned",
        "heads",
        "Only head 0 is returned, as happens if `return` is inside the loop.",
        _then(lambda heads: np.stack(heads[:1])),
        _then(lambda heads: heads[0]),
    ),
    *named(
        "last_head_returned",
        "heads",
        "Only the last head is returned, as happens if each round of the loop overwrites the one before.",
        _then(lambda heads: np.stack(heads[-1:])),
        _then(lambda heads: heads[-1]),
    ),
    *named(
        "two_heads_only",
        "heads",
        "Only two heads are returned, whatever their number. The number of matrices in a list is the number of heads.",
        _then(lambda heads: np.stack(heads[:2])),
        _two,
    ),
    *named(
        "several_heads_added",
        "heads",
        "The heads are added up into one array. They are different results, and each should be kept.",
        _then(lambda heads: np.sum(heads, axis=0)),
    ),
    *named(
        "several_heads_averaged",
        "heads",
        "The heads are averaged into one array. They are different results, and each should be kept.",
        _then(lambda heads: np.mean(heads, axis=0)),
    ),
    *named(
        "heads_joined",
        "heads",
        "The heads are joined in one array. Here the result should be a list with one array for each head. "
        "You join them in the next unit.",
        _then(lambda heads: np.concatenate(heads, axis=-1)),
        _then(lambda heads: np.concatenate(heads, axis=0)),
        _then(lambda heads: np.concatenate(heads, axis=-2)),
    ),
    *named(
        "heads_behind_the_batch",
        "heads",
        "The heads are stacked behind the leading axes. The result should be a list whose item h is head "
        "h's whole output, with its leading axes.",
        _then(lambda heads: np.stack(heads, axis=-3)),
    ),
)


def _pairs(measure: Callable[[Array], object]) -> Callable[[Sequence[Array]], Array]:
    return lambda heads: np.array([[measure(np.asarray(a) - np.asarray(b)) for b in heads] for a in heads])


# For `largest_differences(heads)`: (H, H), entry (a, b) the largest absolute difference between heads a and b.
DIFFERENCES: tuple[Wrong, ...] = (
    *named(
        "difference_with_sign",
        "heads",
        "The sign of the differences matters here, so a head that is far below the other counts as no "
        "difference. The distance between two numbers has no sign.",
        _pairs(lambda gap: gap.max()),
        _pairs(lambda gap: abs(gap.max())),
    ),
    *named(
        "mean_difference",
        "heads",
        "This is the average difference. If a single value differs, two heads are different, so the result "
        "should be the largest difference.",
        _pairs(lambda gap: np.abs(gap).mean()),
        _pairs(lambda gap: gap.mean()),
        _pairs(lambda gap: abs(gap.mean())),
    ),
    *named(
        "summed_difference",
        "heads",
        "This is the sum of the differences, which grows with the number of values. The result should be "
        "the largest single one.",
        _pairs(lambda gap: np.abs(gap).sum()),
        _pairs(lambda gap: gap.sum()),
    ),
    *named(
        "squared_difference",
        "heads",
        "The differences are squared. The result should be the largest difference itself.",
        _pairs(lambda gap: (gap**2).max()),
        _pairs(lambda gap: (gap**2).mean()),
        _pairs(lambda gap: (gap**2).sum()),
    ),
    *named(
        "norm_of_difference",
        "heads",
        "This is the length of the difference, which adds up over all values. The result should be the "
        "largest single one.",
        _pairs(lambda gap: np.sqrt((gap**2).sum())),
        _pairs(lambda gap: np.sqrt((gap**2).mean())),
    ),
    *named(
        "neighbours_only",
        "heads",
        "Each head is compared only with the next one. Comparing every head with every other gives (H, H).",
        lambda heads: np.array([np.abs(np.subtract(a, b)).max() for a, b in pairwise(heads)]),
    ),
    *named(
        "first_head_only_compared",
        "heads",
        "Every head is compared only with head 0. Comparing every head with every other gives (H, H).",
        lambda heads: np.array([np.abs(np.subtract(heads[0], b)).max() for b in heads]),
    ),
)
