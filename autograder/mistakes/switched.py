"""Mistakes in switching a head off: `without_head(w_o, h, num_heads)`, a copy of W_o with the head's rows set to zero."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..marking import Wrong
from .blocks import PARTS, Part
from .choose import named
from .stages import Array, rows_of_head


def without_head(w_o: Array, h: int, num_heads: int) -> Array:
    """The right result."""
    changed = w_o.copy()
    rows_of_head(changed, h, num_heads)[:] = 0
    return changed


def _zero(part: Part) -> Callable[[Array, int, int], Array]:
    def function(w_o: Array, h: int, num_heads: int) -> Array:
        changed = w_o.copy()
        changed[part(h, num_heads, len(w_o))] = 0
        return changed

    return function


def _columns(w_o: Array, h: int, num_heads: int) -> Array:
    return without_head(w_o.T, h, num_heads).T


def _rows_as_wide_as_columns(w_o: Array, h: int, num_heads: int) -> Array:
    d = w_o.shape[1] // num_heads
    changed = w_o.copy()
    changed[h * d : (h + 1) * d] = 0
    return changed


def _others(w_o: Array, h: int, num_heads: int) -> Array:
    return w_o - without_head(w_o, h, num_heads)


def _removed(w_o: Array, h: int, num_heads: int) -> Array:
    d = len(w_o) // num_heads
    return np.delete(w_o, slice(h * d, (h + 1) * d), axis=0)


def _unchanged(w_o: Array, h: int, num_heads: int) -> Array:
    return w_o.copy()


def _to(value: float) -> Callable[[Array, int, int], Array]:
    def function(w_o: Array, h: int, num_heads: int) -> Array:
        changed = w_o.copy()
        rows_of_head(changed, h, num_heads)[:] = value
        return changed

    return function


# Other blocks of rows, with what to say to each; the head's own block is right.
_BLOCKS = {name: part for name, _, part in PARTS}
SWITCHED: tuple[Wrong, ...] = (
    *named(
        "switched_off_columns",
        "output",
        "Columns are set to zero. Every head adds to all columns of the output. A head's numbers are "
        "multiplied by its rows.",
        _columns,
    ),
    *named(
        "switched_off_others",
        "output",
        "All heads but this one are switched off. The head's own rows should be zero, and the others should stay.",
        _others,
    ),
    *named(
        "switched_off_removed",
        "output",
        "The head's rows are removed, so W_o no longer fits the concatenated heads. Keep the rows and set "
        "them to zero.",
        _removed,
    ),
    *named(
        "switched_off_nothing",
        "output",
        "W_o is returned as it was. Where is the copy that was changed?",
        _unchanged,
    ),
    *named(
        "switched_off_with_ones",
        "output",
        "The head's rows hold another number than zero. Only with zeros does a head add nothing.",
        _to(1),
        _to(np.nan),
        _to(-np.inf),
    ),
    *named(
        "switched_off_head_before",
        "output",
        "The rows belong to the head before. Heads are numbered from 0, and head h starts at row h·d_v.",
        _zero(_BLOCKS["counted_from_one"]),
    ),
    *named(
        "switched_off_from_row_h",
        "output",
        "The block starts at row h. The heads before head h have h whole blocks.",
        _zero(_BLOCKS["start_not_multiplied"]),
    ),
    *named(
        "switched_off_one_row",
        "output",
        "A single row is zero. A head has a whole block of d_v rows.",
        _zero(_BLOCKS["one_line_only"]),
    ),
    *named(
        "switched_off_every_hth",
        "output",
        "Every H-th row is zero. A head's rows are next to each other.",
        _zero(_BLOCKS["interleaved"]),
    ),
    *named(
        "switched_off_heads_for_width",
        "output",
        "The number of rows in the block is the number of heads. That number tells you how many blocks "
        "there are, not how high one is.",
        _zero(_BLOCKS["heads_for_width"]),
    ),
    *named(
        "switched_off_first_head",
        "output",
        "The rows of head 0 are zero, whatever h is.",
        _zero(_BLOCKS["first_block_always"]),
    ),
    *named(
        "switched_off_more_heads",
        "output",
        "The rows of other heads are zero as well.",
        _zero(_BLOCKS["all_blocks_before"]),
        _zero(_BLOCKS["all_blocks_after"]),
        _zero(_BLOCKS["whole_matrix"]),
    ),
    *named(
        "switched_off_one_row_off",
        "output",
        "One row too many or too few is zero. The end of a slice is not part of it.",
        _zero(_BLOCKS["one_too_many"]),
        _zero(_BLOCKS["one_too_few"]),
    ),
    *named(
        "switched_off_width_from_columns",
        "output",
        "The height of the block comes from the columns of W_o. It should be the width of a head, which "
        "you can compute from the rows of W_o.",
        _rows_as_wide_as_columns,
    ),
)
