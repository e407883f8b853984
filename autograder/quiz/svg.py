"""Drawing matrices as SVG: small enough to stand in the text, with the numbers in words for those who cannot see them.

One colour: white is 0, and the larger a number, the darker the blue, as in the pictures of the lessons.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

_CELL, _LABEL, _GAP, _EDGE = 34, 44, 26, 10
_DARKEST = (8, 69, 148)


@dataclass(frozen=True, slots=True)
class Panel:
    """One matrix, its entries between 0 and 1, with a label for each row and each column."""

    title: str
    cells: Sequence[Sequence[float]]
    rows: Sequence[str]
    columns: Sequence[str]


def draw(title: str, words: str, panels: Sequence[Panel], *, numbers: bool = False) -> str:
    """The panels side by side, at most two in a row.

    title    a name for the picture
    words    what rows, columns and darkness stand for; the entries of each panel are added to it
    numbers  write each entry into its cell
    """
    across = 2 if len(panels) > 1 else 1
    width = max(_LABEL + _CELL * len(panel.columns) for panel in panels)
    height = max(40 + _CELL * len(panel.rows) for panel in panels)
    down = -(-len(panels) // across)
    full_width = 2 * _EDGE + across * width + (across - 1) * _GAP
    full_height = 2 * _EDGE + down * height + (down - 1) * _GAP
    parts = []
    for place, panel in enumerate(panels):
        left = _EDGE + place % across * (width + _GAP)
        top = _EDGE + place // across * (height + _GAP)
        parts.append(f'<g transform="translate({left} {top})">{_panel(panel, numbers)}</g>')
    said = " ".join([words, *(_in_words(panel) for panel in panels)])
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {full_width} {full_height}" width="{full_width}" '
        f'height="{full_height}" role="img" font-family="system-ui, sans-serif" font-size="12" fill="#1c2430">'
        f"<title>{escape(title)}</title><desc>{escape(said)}</desc>"
        f'<rect width="{full_width}" height="{full_height}" rx="8" fill="#ffffff"/>{"".join(parts)}</svg>\n'
    )


def _panel(panel: Panel, numbers: bool) -> str:
    labels, cells, entries = [], [], []
    top = 40
    for column, label in enumerate(panel.columns):
        labels.append(_text(_LABEL + _CELL * column + _CELL // 2, top - 6, label))
    for row, label in enumerate(panel.rows):
        y = top + _CELL * row
        labels.append(_text(_LABEL - 6, y + 21, label, ' text-anchor="end"'))
        for column, value in enumerate(panel.cells[row]):
            x = _LABEL + _CELL * column
            cells.append(f'<rect x="{x}" y="{y}" width="{_CELL}" height="{_CELL}" fill="{_colour(value)}"/>')
            if numbers:
                ink = ' fill="#ffffff"' if value > 0.55 else ""
                entries.append(_text(x + _CELL // 2, y + 21, _shown(value), ink))
    title = f'<text x="{_LABEL}" y="12" font-weight="600">{escape(panel.title)}</text>' if panel.title else ""
    small = f'<g font-size="11" text-anchor="middle">{"".join([*labels, *entries])}</g>'
    return f'{title}<g stroke="#9aa5b5">{"".join(cells)}</g>{small}'


def _text(x: int, y: int, words: str, extra: str = "") -> str:
    return f'<text x="{x}" y="{y}"{extra}>{escape(words)}</text>'


def _shown(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _colour(value: float) -> str:
    share = min(max(float(value), 0.0), 1.0)
    return "#" + "".join(f"{round(255 + (dark - 255) * share):02x}" for dark in _DARKEST)


def _in_words(panel: Panel) -> str:
    """Each row's entries that are not 0."""
    said = []
    for label, row in zip(panel.rows, panel.cells, strict=True):
        entries = [
            f"{column} {_shown(value)}" for column, value in zip(panel.columns, row, strict=True) if abs(value) >= 0.005
        ]
        said.append(f"row {label}: {', '.join(entries) or 'empty'}")
    return f"{panel.title + ': ' if panel.title else ''}{'; '.join(said)}."
