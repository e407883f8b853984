"""Pictures of attention weights: heat maps with labelled tokens."""

from __future__ import annotations

import io
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .show import in_notebook, show

# Even in brightness from white to dark blue, so it reads the same with every kind of colour vision and in grey.
COLOURS = "Blues"
NUMBERS_UP_TO = 8


def show_weights(
    weights: ArrayLike,
    queries: Sequence[str] | None = None,
    keys: Sequence[str] | None = None,
    title: str = "",
) -> None:
    """Show attention weights as a heat map: a row per query, a column per key; darker is more.

    weights  (T_q, T_k), or (H, T_q, T_k) for one picture per head, side by side
    queries  labels of the rows; the position numbers by default
    keys     labels of the columns; the queries' labels by default
    In a plain terminal the numbers are printed instead. What cannot be shown is said in a sentence.
    """
    shown = np.asarray(weights)
    if shown.ndim == 2:
        shown = shown[None]
    if shown.ndim != 3 or shown.dtype.kind not in "biuf":
        print(f"show_weights needs numbers of shape (T_q, T_k) or (H, T_q, T_k); it was given {np.shape(weights)}.")
        return
    rows = _labels(queries, shown.shape[1])
    columns = _labels(keys if keys is not None else queries, shown.shape[2])
    if not in_notebook():
        print(_table(shown, rows, columns, title))
        return
    from IPython.display import Image

    show(Image(data=png(shown, rows, columns, title), format="png", alt=describe(shown, rows, columns, title)))


def describe(weights: NDArray[np.generic], queries: Sequence[str], keys: Sequence[str], title: str) -> str:
    """The picture in words: for every head and query, the key it attends to most. weights (H, T_q, T_k)."""
    several = weights.shape[0] > 1
    parts = [f"{title or 'Attention weights'}, {len(queries)} queries by {len(keys)} keys."]
    for h, head in enumerate(weights.astype(float)):
        most = ", ".join(
            f"{query} to {keys[int(row.argmax())]} ({row.max():.2f})" for query, row in zip(queries, head, strict=True)
        )
        parts.append(f"{f'Head {h}: m' if several else 'M'}ost weight from {most}.")
    return " ".join(parts)


def _labels(given: Sequence[str] | None, size: int) -> list[str]:
    return (
        [str(label) for label in given] if given is not None and len(given) == size else [str(i) for i in range(size)]
    )


def _table(weights: NDArray[np.generic], queries: Sequence[str], keys: Sequence[str], title: str) -> str:
    width = max(6, *(len(label) + 1 for label in (*queries, *keys)))
    lines = [title] if title else []
    for h, head in enumerate(weights.astype(float)):
        lines += [f"head {h}"] if weights.shape[0] > 1 else []
        lines.append(" " * width + "".join(f"{key:>{width}}" for key in keys))
        lines += [
            f"{query:<{width}}" + "".join(f"{value:z{width}.2f}" for value in row)
            for query, row in zip(queries, head, strict=True)
        ]
    return "\n".join(lines)


def png(weights: NDArray[np.generic], queries: Sequence[str], keys: Sequence[str], title: str) -> bytes:
    from matplotlib.figure import Figure

    count, t_q, t_k = weights.shape
    figure = Figure(figsize=(count * (0.55 * t_k + 1.2), 0.5 * t_q + 1.3), dpi=110, layout="constrained")
    axes = figure.subplots(1, count, squeeze=False)[0]
    largest = max(1.0, float(np.nanmax(weights.astype(float))))
    for h, (axis, head) in enumerate(zip(axes, weights.astype(float), strict=True)):
        axis.imshow(head, cmap=COLOURS, vmin=0, vmax=largest)
        axis.set_xticks(range(t_k), keys, rotation=45, ha="right", rotation_mode="anchor")
        axis.set_yticks(range(t_q), queries if h == 0 else [""] * t_q)
        axis.set_xlabel("key")
        if h == 0:
            axis.set_ylabel("query")
        axis.set_title(f"head {h}" if count > 1 else title, fontsize=10)
        if t_q <= NUMBERS_UP_TO and t_k <= NUMBERS_UP_TO:
            for i, row in enumerate(head):
                for j, value in enumerate(row):
                    colour = "white" if value > 0.55 * largest else "black"
                    axis.text(j, i, f"{value:z.2f}", ha="center", va="center", fontsize=7, color=colour)
    if count > 1 and title:
        figure.suptitle(title, fontsize=10)
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", facecolor="white")
    return buffer.getvalue()
