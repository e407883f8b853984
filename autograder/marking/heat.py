"""Weights as a small heat map in HTML: a row per query with its sum beside it, what should be shut out outlined.

A table and not a drawing: a screen reader reads its numbers, and it needs nothing but HTML. Blue is above 0, orange below.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

ROWS, COLUMNS = 8, 8
_ABOVE, _BELOW = (8, 69, 148), (166, 84, 0)
_CELL = "text-align:center;padding:.15em .35em"


@dataclass(frozen=True)
class HeatMap:
    """Weights of one head, (T_q, T_k), and where a right answer has none."""

    weights: NDArray[Any]
    hidden: NDArray[np.bool_]

    @property
    def leaks(self) -> NDArray[np.bool_]:
        """The cells with weight where there should be none."""
        return np.asarray(self.hidden & (np.nan_to_num(np.abs(self.weights)) > 1e-6))

    def words(self) -> list[str]:
        """What there is to see, a line each."""
        sums = ", ".join(_number(total) for total in self.weights.sum(axis=-1)[:ROWS])
        lines = [f"The rows of your weights sum to {sums}."]
        if count := int(self.leaks.sum()):
            places = ", ".join(f"query {i} on key {j}" for i, j in np.argwhere(self.leaks)[:4])
            more = " and more" if count > 4 else ""
            lines.append(f"Weight where there should be none: {places}{more}.")
        return lines

    def html(self) -> str:
        """The map with its words as a caption."""
        shown = self.weights[:ROWS, :COLUMNS]
        head = "".join(f'<th style="{_CELL};font-weight:400">key {j}</th>' for j in range(shown.shape[1]))
        rows = []
        for i, row in enumerate(shown):
            cells = "".join(_cell(float(value), bool(self.leaks[i, j])) for j, value in enumerate(row))
            total = _number(self.weights[i].sum())
            rows.append(
                f'<tr><th style="text-align:left;font-weight:400">query {i}</th>{cells}'
                f'<td style="{_CELL}"><b>{total}</b></td></tr>'
            )
        return (
            '<table style="margin:.3em 0;font-size:.85em">'
            f'<thead><tr><td></td>{head}<th style="{_CELL}">sum</th></tr></thead>'
            f"<tbody>{''.join(rows)}</tbody></table>"
        )


def _number(value: float) -> str:
    return "NaN" if np.isnan(value) else f"{value + 0.0:.2f}"


def _cell(value: float, leak: bool) -> str:
    edge = f"border:2px {'dashed #d1242f' if leak else 'solid transparent'}"
    word = f"<b>{_number(value)}</b>" if leak else _number(value)
    return f'<td style="{_CELL};{_colours(value)};{edge}">{word}</td>'


def _colours(value: float) -> str:
    if not np.isfinite(value):
        return "background-color:#c4c4c4;color:#000"
    share = min(abs(value), 1.0)
    channels = [round(255 + (channel - 255) * share) for channel in (_ABOVE if value >= 0 else _BELOW)]
    ink = "#000" if sum(channels) > 380 else "#fff"
    return f"background-color:#{''.join(f'{channel:02x}' for channel in channels)};color:{ink}"
