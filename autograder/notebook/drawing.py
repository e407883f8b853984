"""Drawing grids of numbers as SVG: what notebooks and lessons show of scores, weights and matrices.

Written here because it also runs where no drawing library does, in a browser. One colour convention everywhere: blue is
above 0, orange below, white 0; told apart with every kind of colour vision, and the numbers stand there as well.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import escape

import numpy as np
from numpy.typing import NDArray

ABOVE, BELOW = (8, 69, 148), (166, 84, 0)  # of a number as large as they get
HATCHED = "url(#hatched)"
TEXT, SMALL, LINE = 13, 11, 17  # pixels: letters of labels and of numbers, height of a line
GAP = 18
# What a letter is wide on average, as a share of its height; labels are given this room.
LETTER = 0.58
HATCH = (
    '<pattern id="hatched" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect width="6" height="6" fill="#eee"/><rect width="2" height="6" fill="#c4c4c4"/></pattern>'
)


@dataclass(frozen=True)
class Cell:
    fill: str = "#fff"
    text: str = ""
    ink: str = "#111"


@dataclass(frozen=True)
class Grid:
    """Cells in rows and columns, with what stands around them.

    cells     (R, C), as lists of rows
    rows      labels at the left, one for each row; none where empty
    columns   labels below, one for each column; turned where they are wider than a cell
    title     above
    down      the name of the rows' axis
    across    the name of the columns' axis
    notes     to the right of the rows, one for each
    outlined  frames: row, column, number of rows, number of columns
    width     of a cell, in pixels
    height    of a cell, in pixels
    """

    cells: Sequence[Sequence[Cell]]
    rows: Sequence[str] = ()
    columns: Sequence[str] = ()
    title: str = ""
    down: str = ""
    across: str = ""
    notes: Sequence[str] = ()
    outlined: Sequence[tuple[int, int, int, int]] = ()
    width: int = 44
    height: int = 32

    @property
    def left(self) -> float:
        return _widest(self.rows) + (6 if self.rows else 0) + (LINE if self.down else 0)

    @property
    def top(self) -> float:
        return LINE + 4 if self.title else 0

    @property
    def inner(self) -> tuple[float, float]:
        return len(self.cells[0]) * self.width, len(self.cells) * self.height

    @property
    def turned(self) -> bool:
        return _widest(self.columns) > self.width - 2

    @property
    def below(self) -> float:
        labels = 0.75 * _widest(self.columns) + LINE if self.turned else LINE + 2
        return (labels if any(self.columns) else 0) + (LINE if self.across else 0)

    @property
    def size(self) -> tuple[float, float]:
        """Width and height with everything around."""
        across, down = self.inner
        right = _widest(self.notes) + (8 if self.notes else 0)
        return max(self.left + across + right, self.left + _length(self.title)), self.top + down + self.below


@dataclass(frozen=True)
class Row:
    """Grids side by side, under a common title."""

    grids: Sequence[Grid]
    title: str = ""

    @property
    def size(self) -> tuple[float, float]:
        sizes = [grid.size for grid in self.grids]
        head = LINE + 6 if self.title else 0
        return sum(w for w, _ in sizes) + GAP * (len(sizes) - 1), head + max(h for _, h in sizes)


@dataclass(frozen=True)
class Picture:
    """A finished picture. Jupyter shows it; where pictures cannot be shown, its words are."""

    svg: str
    words: str = field(repr=False)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        # As an image in HTML, because Jupyter's own way with SVG has no place for the words.
        source = base64.b64encode(self.svg.encode()).decode()
        shown = f'<img alt="{escape(self.words)}" src="data:image/svg+xml;base64,{source}" style="max-width:100%">'
        return {"text/html": shown, "text/plain": self.words}


def numbers(
    values: NDArray[np.generic], largest: float = 1.0, decimals: int | None = 2, empty: str = ""
) -> list[list[Cell]]:
    """Cells for numbers (R, C): the further from 0, the stronger the colour, full at `largest`.

    decimals  how many stand in a cell; None for colours alone
    empty     what stands in the cells of NaN, which are hatched
    """
    return [[_number(float(value), largest, decimals, empty) for value in row] for row in values]


def _number(value: float, largest: float, decimals: int | None, empty: str) -> Cell:
    if np.isnan(value):
        return Cell(HATCHED, empty, "#333")
    text = "" if decimals is None else written(value, decimals)
    fill = colour(value, largest)
    return Cell(fill, text, ink_on(fill))


def written(value: float, decimals: int) -> str:
    """A number as it fits into a cell: with a power of ten where it has more than five digits before the point."""
    if abs(value) >= 1e5:
        return f"{value:.0e}"
    return f"{round(value, decimals) + 0.0:.{decimals}f}"  # + 0.0, so that -0.00 is 0.00


def colour(value: float, largest: float = 1.0) -> str:
    """The colour of a number, white at 0 and full at `largest`."""
    share = min(abs(value) / largest, 1.0)
    end = ABOVE if value > 0 else BELOW
    return "#" + "".join(f"{round(255 + (channel - 255) * share):02x}" for channel in end)


def ink_on(fill: str) -> str:
    """Black or white, whichever stands out more on a colour such as ``#084594``."""
    channels = [int(fill[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return "#fff" if 0.2126 * red + 0.7152 * green + 0.0722 * blue < 0.179 else "#000"


def largest_of(values: NDArray[np.generic], at_least: float = 0.0) -> float:
    """The size of the largest finite number, and 1 where there is none but 0."""
    sizes = np.abs(values.astype(float))
    return float(max(sizes[np.isfinite(sizes)].max(initial=0.0), at_least)) or 1.0


def picture(rows: Sequence[Row], words: str, title: str = "") -> Picture:
    """Rows of grids, one below the other. `words` say what is to be seen."""
    width = max([_length(title), *(row.size[0] for row in rows)]) + 2 * GAP
    height = sum(row.size[1] + GAP for row in rows) + GAP + (LINE + 4 if title else 0)
    drawn = []
    y: float = GAP
    if title:
        drawn.append(svg_text(width / 2, y + TEXT, title, "middle", weight=600))
        y += LINE + 4
    for row in rows:
        drawn += _row(row, GAP, y)
        y += row.size[1] + GAP
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="mha-picture" role="img" width="{width:.0f}" '
        f'height="{height:.0f}" viewBox="0 0 {width:.0f} {height:.0f}" style="max-width:100%;height:auto;color:#222" '
        f'font-family="system-ui, sans-serif" font-size="{TEXT}">'
    )
    hatch = [f"<defs>{HATCH}</defs>"] if any(HATCHED in line for line in drawn) else []
    paper = '<rect class="paper" width="100%" height="100%" fill="#fff"/>'
    return Picture("\n".join((head, f"<title>{escape(words)}</title>", *hatch, paper, *drawn, "</svg>")), words)


def _row(row: Row, x: float, y: float) -> Iterator[str]:
    if row.title:
        yield svg_text(x, y + TEXT, row.title, weight=600)
        y += LINE + 6
    for grid in row.grids:
        yield from _grid(grid, x, y)
        x += grid.size[0] + GAP


def _grid(grid: Grid, x: float, y: float) -> Iterator[str]:
    left, top = x + grid.left, y + grid.top
    across, down = grid.inner
    if grid.title:
        yield svg_text(left, y + TEXT, grid.title)
    for i, row in enumerate(grid.cells):
        for j, cell in enumerate(row):
            yield from _cell(cell, grid, left + j * grid.width, top + i * grid.height)
        middle = top + (i + 0.5) * grid.height + TEXT / 3
        if grid.rows:
            yield svg_text(left - 6, middle, grid.rows[i], "end")
        if grid.notes:
            yield svg_text(left + across + 8, middle, grid.notes[i])
    for j, label in enumerate(grid.columns):
        at = left + (j + 0.5) * grid.width
        if grid.turned:
            yield svg_text(at + 4, top + down + TEXT, label, "end", turned=True)
        else:
            yield svg_text(at, top + down + LINE - 2, label, "middle")
    if grid.across:
        yield svg_text(left + across / 2, top + down + grid.below - 3, grid.across, "middle", SMALL)
    if grid.down:
        yield svg_text(x + SMALL, top + down / 2, grid.down, "middle", SMALL, upright=True)
    yield f'<rect x="{left:.1f}" y="{top:.1f}" width="{across}" height="{down}" fill="none" stroke="#888"/>'
    for i, j, rows, columns in grid.outlined:
        yield (
            f'<rect x="{left + j * grid.width:.1f}" y="{top + i * grid.height:.1f}" width="{columns * grid.width}" '
            f'height="{rows * grid.height}" fill="none" stroke="currentColor" stroke-width="3"/>'
        )


def _cell(cell: Cell, grid: Grid, x: float, y: float) -> Iterator[str]:
    yield f'<rect x="{x:.1f}" y="{y:.1f}" width="{grid.width}" height="{grid.height}" fill="{cell.fill}"/>'
    if cell.text:
        at = (x + grid.width / 2, y + grid.height / 2 + SMALL / 3)
        yield svg_text(*at, cell.text, "middle", SMALL, ink=cell.ink)


def svg_text(
    x: float,
    y: float,
    text: str,
    anchor: str = "start",
    size: int = TEXT,
    weight: int = 400,
    ink: str = "currentColor",
    turned: bool = False,
    upright: bool = False,
) -> str:
    """A line of text at its baseline; `turned` slants it, `upright` sets it along the vertical."""
    angle = -45 if turned else -90 if upright else 0
    rotate = f' transform="rotate({angle} {x:.1f} {y:.1f})"' if angle else ""
    bold = f' font-weight="{weight}"' if weight != 400 else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" fill="{ink}"{bold}{rotate}>'
        f"{escape(text)}</text>"
    )


def _length(text: str) -> float:
    return LETTER * TEXT * len(text)


def _widest(labels: Sequence[str]) -> float:
    return max((_length(label) for label in labels), default=0)
