"""Mistakes with a matrix that holds all heads: in making it, and in taking one head's block out of it.

In w_q, w_k and w_v a head has a block of columns, in w_o a block of rows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from ..marking import Mistake, Wrong
from .choose import named
from .stages import Array

# Which part of `size` rows or columns is head h's, of num_heads. Right: the slice from h·d to (h+1)·d, d = size / H.
Part = Callable[[int, int, int], "slice | int"]


def _width(size: int, num_heads: int) -> int:
    return size // num_heads


def _every_hth(h: int, num_heads: int, size: int) -> slice:
    return slice(h, None, num_heads)


def _from_one(h: int, num_heads: int, size: int) -> slice:
    d = _width(size, num_heads)
    return slice((h - 1) * d, h * d)


def _from_h(h: int, num_heads: int, size: int) -> slice:
    return slice(h, h + _width(size, num_heads))


def _h_wide(h: int, num_heads: int, size: int) -> slice:
    return slice(h * num_heads, (h + 1) * num_heads)


def _first(h: int, num_heads: int, size: int) -> slice:
    return slice(_width(size, num_heads))


def _up_to(h: int, num_heads: int, size: int) -> slice:
    return slice((h + 1) * _width(size, num_heads))


def _to_the_end(h: int, num_heads: int, size: int) -> slice:
    return slice(h * _width(size, num_heads), None)


def _one_more(h: int, num_heads: int, size: int) -> slice:
    d = _width(size, num_heads)
    return slice(h * d, (h + 1) * d + 1)


def _one_less(h: int, num_heads: int, size: int) -> slice:
    d = _width(size, num_heads)
    return slice(h * d, (h + 1) * d - 1)


def _single(h: int, num_heads: int, size: int) -> int:
    return h


def _all(h: int, num_heads: int, size: int) -> slice:
    return slice(None)


# name, sentence with {lines} for "columns" or "rows", the part it takes
PARTS: tuple[tuple[str, str, Part], ...] = (
    (
        "interleaved",
        "Head h gets every H-th of the {lines}. A head's {lines} lie side by side, from h·d to (h+1)·d.",
        _every_hth,
    ),
    ("counted_from_one", "The heads are numbered from 1 here: these are the {lines} of the head before.", _from_one),
    (
        "start_not_multiplied",
        "The block starts at {line} h. The heads before head h have taken h whole blocks by then, not h {lines}.",
        _from_h,
    ),
    (
        "heads_for_width",
        "The width of the block is the number of heads. That number tells you how many blocks there are, "
        "not how wide one is.",
        _h_wide,
    ),
    ("first_block_always", "Every head gets the first block; h plays no part.", _first),
    ("all_blocks_before", "The blocks of the heads before head h are there as well.", _up_to),
    ("all_blocks_after", "The blocks of the heads after head h are there as well.", _to_the_end),
    ("one_too_many", "The block has one {line} too many. The end of a slice is not part of it.", _one_more),
    (
        "one_too_few",
        "The block has one {line} too few. The end of a slice is not part of it, so nothing needs to be subtracted.",
        _one_less,
    ),
    ("one_line_only", "Only a single {line} is returned. A head has a whole block of {lines}.", _single),
    ("whole_matrix", "The whole array is returned: the blocks of all heads.", _all),
)


def _columns(part: Part) -> Callable[[Array, int, int], Array]:
    return lambda array, h, num_heads: array[..., part(h, num_heads, array.shape[-1])]


def _rows(part: Part) -> Callable[[Array, int, int], Array]:
    return lambda w_o, h, num_heads: w_o[part(h, num_heads, w_o.shape[0])]


def _block(array: Array, h: int, num_heads: int, axis: int, width_of: int) -> Array:
    """The block along one axis, as wide as the share of another."""
    d = array.shape[width_of] // num_heads
    return np.moveaxis(np.moveaxis(array, axis, 0)[h * d : (h + 1) * d], 0, axis)


def _of(width: int) -> Part:
    return lambda h, num_heads, size: slice(h * width, (h + 1) * width)


# For `columns_of_head(array, h, num_heads)`, array (..., H·d).
COLUMNS: tuple[Wrong, ...] = (
    *(
        wrong
        for name, says, part in PARTS
        for wrong in named(f"columns_{name}", "split", says.format(line="column", lines="columns"), _columns(part))
    ),
    *named(
        "rows_for_columns",
        "split",
        "The block is taken along the rows. The rows belong to d_model or to the tokens; each head has columns of its own.",
        lambda array, h, num_heads: _block(array, h, num_heads, -2, -2),
        lambda array, h, num_heads: _block(array, h, num_heads, -2, -1),
    ),
    *named(
        "second_axis_for_last",
        "split",
        "The block is taken along the second axis. In a matrix that is the last one, the columns; with an axis in front "
        "it is the tokens.",
        lambda array, h, num_heads: _block(array, h, num_heads, 1, -1),
        lambda array, h, num_heads: _block(array, h, num_heads, 1, 1),
    ),
    *named(
        "columns_of_the_example",
        "split",
        "The block fits only the widths of the notebook's example. Compute the width from the array and "
        "the number of heads.",
        _columns(_of(5)),
        _columns(_of(4)),
    ),
)

# For `rows_of_head(w_o, h, num_heads)`, w_o (H·d_v, d_out).
ROWS: tuple[Mistake, ...] = (
    *(
        Mistake(f"rows_{name}", "output", says.format(line="row", lines="rows"), {"rows_of_head": _rows(part)})
        for name, says, part in PARTS
    ),
    Mistake(
        "columns_for_rows",
        "output",
        "The block is taken along the columns of W_o. The columns belong to d_out, and all heads add to "
        "all of them. The rows multiply the heads' numbers, and each head has rows of its own.",
        {"rows_of_head": lambda w_o, h, num_heads: _block(w_o, h, num_heads, 1, 1)},
    ),
    Mistake(
        "width_of_block_from_d_out",
        "output",
        "The block has as many rows as a head's share of d_out. Its height should be d_v, the width of one "
        "head's output. You can compute it from the number of rows of W_o.",
        {"rows_of_head": lambda w_o, h, num_heads: _block(w_o, h, num_heads, 0, 1)},
    ),
)


def _reshaped(matrices: Sequence[Array]) -> Array:
    return np.stack(matrices).reshape(matrices[0].shape[0], -1)


def _interleaved(matrices: Sequence[Array]) -> Array:
    return np.stack(matrices, axis=-1).reshape(matrices[0].shape[0], -1)


# For `fuse(matrices)` with a list of H matrices (d_model, d).
FUSED: tuple[Wrong, ...] = (
    *named(
        "fused_along_rows",
        "split",
        "The matrices are stacked one below the other: (H·d_model, d). All heads read the same d_model "
        "numbers of a token, so they share the rows and are laid side by side.",
        lambda matrices: np.concatenate(matrices, axis=0),
    ),
    *named(
        "fused_by_reshape",
        "split",
        "The matrices are stacked and then reshaped. The shape is right, but a reshape reads the numbers "
        "in index order, row by row, so a row of the result holds several rows of one head's matrix.",
        _reshaped,
    ),
    *named(
        "fused_interleaved",
        "split",
        "The columns of the heads are interleaved: first column 0 of every head, then column 1. Each "
        "head's columns should stay side by side.",
        _interleaved,
    ),
    *named(
        "stacked_not_fused",
        "split",
        "The matrices are stacked along a new axis. The result should be one matrix, with the heads' "
        "columns side by side.",
        lambda matrices: np.stack(matrices),
        lambda matrices: np.stack(matrices, axis=1),
        lambda matrices: np.stack(matrices, axis=-1),
    ),
    *named(
        "fused_in_reverse",
        "split",
        "The heads are in reverse order. Head 0's columns come first.",
        lambda matrices: np.concatenate(matrices[::-1], axis=1),
    ),
    *named(
        "fused_transposed",
        "split",
        "Rows and columns have changed places: (H·d, d_model). Weights multiply on the right, so the fused matrix keeps "
        "d_model rows.",
        lambda matrices: np.concatenate(matrices, axis=1).T,
    ),
    *named(
        "matrices_added",
        "split",
        "The matrices are added up, so no head can be found again. They are laid side by side.",
        lambda matrices: np.sum(matrices, axis=0),
    ),
    *named(
        "matrices_averaged",
        "split",
        "The matrices are averaged, so no head can be found again. They are laid side by side.",
        lambda matrices: np.mean(matrices, axis=0),
    ),
    *named(
        "two_matrices_only",
        "split",
        "Only two heads' matrices are there, whatever the length of the list.",
        lambda matrices: np.concatenate(matrices[:2], axis=1),
    ),
    *named(
        "first_matrix_repeated",
        "split",
        "Head 0's matrix is used for every head, so all heads would compute the same.",
        lambda matrices: np.concatenate([matrices[0]] * len(matrices), axis=1),
    ),
)
