"""Pictures of attention weights: heat maps with labelled tokens."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .drawing import GAP, Grid, Picture, Row, largest_of, numbers, picture
from .show import in_notebook, show

NUMBERS_UP_TO = 8
WIDTH = 1000  # pixels: about what a notebook shows without shrinking the numbers beyond reading
WIDE, NARROW = 44, 24  # pixels: a cell with a number in it, and one without


def show_weights(
    weights: ArrayLike,
    queries: Sequence[str] | None = None,
    keys: Sequence[str] | None = None,
    title: str = "",
    heads: Sequence[str] | None = None,
) -> None:
    """Show attention weights as a heat map: a row per query, a column per key; darker is more.

    weights  (T_q, T_k), or (H, T_q, T_k) for one picture per head, side by side
    queries  labels of the rows; the position numbers by default
    keys     labels of the columns; the queries' labels by default
    heads    titles of the pictures where there are several; "head 0", "head 1", ... by default
    In a plain terminal the numbers are printed instead. What cannot be shown is said in a sentence.
    """
    shown = np.asarray(weights)
    if shown.ndim == 2:
        shown = shown[None]
    if shown.ndim != 3 or shown.size == 0 or shown.dtype.kind not in "biuf":
        print(f"show_weights needs numbers of shape (T_q, T_k) or (H, T_q, T_k); it was given {np.shape(weights)}.")
        return
    rows = labels(queries, shown.shape[1])
    columns = labels(keys if keys is not None else queries, shown.shape[2])
    if not in_notebook():
        print(_table(shown, rows, columns, title, heads))
        return
    show(draw(shown, rows, columns, title, heads))


def describe(
    weights: NDArray[np.generic],
    queries: Sequence[str],
    keys: Sequence[str],
    title: str,
    heads: Sequence[str] | None = None,
) -> str:
    """The picture in words: for every head and query, the key it attends to most. weights (H, T_q, T_k)."""
    parts = [f"{title or 'Attention weights'}, {len(queries)} queries by {len(keys)} keys."]
    for name, head in zip(_titles(heads, len(weights)), weights.astype(float), strict=True):
        most = ", ".join(_most(query, row, keys) for query, row in zip(queries, head, strict=True))
        parts.append(
            f"{name.capitalize()}: most weight from {most}." if len(weights) > 1 else f"Most weight from {most}."
        )
    return " ".join(parts)


def _most(query: str, row: NDArray[np.generic], keys: Sequence[str]) -> str:
    if np.isnan(row).any():
        return f"{query} to nothing (NaN)"
    return f"{query} to {keys[int(row.argmax())]} ({row.max():.2f})"


def labels(given: Sequence[str] | None, size: int) -> list[str]:
    """The labels given, where there are as many as needed; the numbers from 0 otherwise."""
    return (
        [str(label) for label in given] if given is not None and len(given) == size else [str(i) for i in range(size)]
    )


def _number(value: float) -> str:
    return f"{round(float(value), 2) + 0.0:.2f}"  # + 0.0, so that -0.00 is 0.00


def _titles(given: Sequence[str] | None, count: int) -> list[str]:
    return labels(given if given is not None else [f"head {h}" for h in range(count)], count)


def _table(
    weights: NDArray[np.generic], queries: Sequence[str], keys: Sequence[str], title: str, heads: Sequence[str] | None
) -> str:
    width = max(6, *(len(label) + 1 for label in (*queries, *keys)))
    lines = [title] if title else []
    for name, head in zip(_titles(heads, len(weights)), weights.astype(float), strict=True):
        lines += [name] if len(weights) > 1 else []
        lines.append(" " * width + "".join(f"{key:>{width}}" for key in keys))
        lines += [
            f"{query:<{width}}" + "".join(f"{_number(value):>{width}}" for value in row)
            for query, row in zip(queries, head, strict=True)
        ]
    return "\n".join(lines)


def draw(
    weights: NDArray[np.generic],
    queries: Sequence[str],
    keys: Sequence[str],
    title: str,
    heads: Sequence[str] | None = None,
) -> Picture:
    """The picture itself: one map per head, in as many rows of maps as keep them readable. weights (H, T_q, T_k)."""
    count, t_q, t_k = weights.shape
    numbered = t_q <= NUMBERS_UP_TO and t_k <= NUMBERS_UP_TO
    largest = largest_of(weights, 1.0)
    width = WIDE if numbered else NARROW
    grids = [
        Grid(
            numbers(head, largest, 2 if numbered else None),
            rows=queries,
            columns=keys,
            title=name if count > 1 else title,
            down="query",
            across="key",
            width=width,
            height=round(0.75 * width),
        )
        for name, head in zip(_titles(heads, count), weights.astype(float), strict=True)
    ]
    in_a_row = max(1, int(WIDTH // (grids[0].size[0] + GAP)))
    in_a_row = math.ceil(count / math.ceil(count / in_a_row))
    rows = [Row(grids[start : start + in_a_row]) for start in range(0, count, in_a_row)]
    words = describe(weights, queries, keys, title, heads)
    return picture(rows, words, title if count > 1 else "")
