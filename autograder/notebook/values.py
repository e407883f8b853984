"""Pictures of numbers of either sign: a heat map with labelled rows and columns."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .drawing import Grid, Picture, Row, largest_of, numbers, picture, written
from .pictures import NARROW, NUMBERS_UP_TO, WIDE, labels
from .show import in_notebook, show


def show_values(
    values: ArrayLike,
    rows: Sequence[str] | None = None,
    columns: Sequence[str] | None = None,
    title: str = "",
) -> None:
    """Show numbers of either sign as a heat map: the further from 0, the stronger the colour.

    values   (R, C)
    rows     labels of the rows; their numbers by default
    columns  labels of the columns; their numbers by default
    In a plain terminal the numbers are printed instead. What cannot be shown is said in a sentence.
    """
    shown = np.asarray(values)
    if shown.ndim != 2 or shown.size == 0 or shown.dtype.kind not in "biuf":
        print(f"show_values needs a table of numbers, (R, C); it was given {np.shape(values)}.")
        return
    down, across = labels(rows, shown.shape[0]), labels(columns, shown.shape[1])
    if not in_notebook():
        print(_table(shown, down, across, title))
        return
    show(draw(shown, down, across, title))


def describe(values: NDArray[np.generic], rows: Sequence[str], columns: Sequence[str], title: str) -> str:
    """The picture in words: for every row, the column whose number is furthest from 0."""
    furthest = ", ".join(
        f"{label} at {columns[int(np.abs(row).argmax())]} ({written(row[np.abs(row).argmax()], 2)})"
        for label, row in zip(rows, values.astype(float), strict=True)
    )
    return f"{title or 'Values'}, {len(rows)} rows by {len(columns)} columns. Furthest from 0: {furthest}."


def _table(values: NDArray[np.generic], rows: Sequence[str], columns: Sequence[str], title: str) -> str:
    first = max(len(label) for label in rows) + 1
    width = max(8, *(len(label) + 1 for label in columns))
    lines = [title] if title else []
    lines.append(" " * first + "".join(f"{label:>{width}}" for label in columns))
    for label, row in zip(rows, values.astype(float), strict=True):
        lines.append(f"{label:<{first}}" + "".join(f"{written(value, 2):>{width}}" for value in row))
    return "\n".join(lines)


def draw(values: NDArray[np.generic], rows: Sequence[str], columns: Sequence[str], title: str) -> Picture:
    """The picture itself. values (R, C)."""
    shown = values.astype(float)
    numbered = max(shown.shape) <= 2 * NUMBERS_UP_TO
    largest = largest_of(shown)
    width = WIDE if numbered else NARROW
    grid = Grid(
        numbers(shown, largest, 2 if numbered else None, "NaN" if numbered else ""),
        rows=rows,
        columns=columns,
        title=title,
        width=width,
        height=round(0.75 * width),
    )
    return picture([Row([grid])], describe(values, rows, columns, title))
