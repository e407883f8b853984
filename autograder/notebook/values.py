"""Pictures of numbers of either sign: a heat map with labelled rows and columns."""

from __future__ import annotations

import io
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .pictures import NUMBERS_UP_TO, labels
from .show import in_notebook, show

# Brown below 0, violet above, white at 0: told apart with every kind of colour vision.
COLOURS = "PuOr"


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
    from IPython.display import Image

    show(Image(data=png(shown, down, across, title), format="png", alt=describe(shown, down, across, title)))


def describe(values: NDArray[np.generic], rows: Sequence[str], columns: Sequence[str], title: str) -> str:
    """The picture in words: for every row, the column whose number is furthest from 0."""
    furthest = ", ".join(
        f"{label} at {columns[int(np.abs(row).argmax())]} ({row[np.abs(row).argmax()]:.2f})"
        for label, row in zip(rows, values.astype(float), strict=True)
    )
    return f"{title or 'Values'}, {len(rows)} rows by {len(columns)} columns. Furthest from 0: {furthest}."


def _table(values: NDArray[np.generic], rows: Sequence[str], columns: Sequence[str], title: str) -> str:
    first = max(len(label) for label in rows) + 1
    width = max(8, *(len(label) + 1 for label in columns))
    lines = [title] if title else []
    lines.append(" " * first + "".join(f"{label:>{width}}" for label in columns))
    for label, row in zip(rows, values.astype(float), strict=True):
        lines.append(f"{label:<{first}}" + "".join(f"{round(value, 2) + 0.0:{width}.2f}" for value in row))
    return "\n".join(lines)


def png(values: NDArray[np.generic], rows: Sequence[str], columns: Sequence[str], title: str) -> bytes:
    from matplotlib.figure import Figure

    shown = values.astype(float)
    count_rows, count_columns = shown.shape
    figure = Figure(figsize=(0.62 * count_columns + 1.6, 0.42 * count_rows + 1.1), dpi=110, layout="constrained")
    axis = figure.subplots()
    largest = float(np.nanmax(np.abs(shown))) or 1.0
    axis.imshow(shown, cmap=COLOURS, vmin=-largest, vmax=largest, aspect="auto")
    axis.set_xticks(range(count_columns), columns)
    axis.set_yticks(range(count_rows), rows)
    axis.set_title(title, fontsize=10)
    if count_rows <= 2 * NUMBERS_UP_TO and count_columns <= 2 * NUMBERS_UP_TO:
        for (i, j), value in np.ndenumerate(shown):
            colour = "white" if abs(value) > 0.65 * largest else "black"
            axis.text(j, i, f"{round(value, 2) + 0.0:.2f}", ha="center", va="center", fontsize=7, color=colour)
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", facecolor="white")
    return buffer.getvalue()
