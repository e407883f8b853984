"""Arrays as Markdown tables, with numbers as a person writes them: 2, 0.5, and two decimals for the rest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np


def number(value: float) -> str:
    """2.0 is 2, 0.5 is 0.5, 0.7532 is 0.75, and what is masked is minus infinity."""
    if value == -np.inf:
        return "−∞"
    text = (
        f"{value:.0f}" if value == round(value) else f"{value:.1f}" if value * 2 == round(value * 2) else f"{value:.2f}"
    )
    return text.replace("-", "−")


def numbers(values: Iterable[float]) -> str:
    """(2, 0.5)."""
    return f"({', '.join(map(number, values))})"


def total(factors: Iterable[tuple[float, float]]) -> str:
    """0.75 · 2 + 0.18 · 0.5: products that are added up."""
    return " + ".join(f"{number(a)} · {number(b)}" for a, b in factors)


def table(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of texts."""
    lines = [heading, ["---"] * len(heading), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def matrix(array: Any, rows: Sequence[str], columns: Sequence[str], corner: str = "") -> str:
    """A table of one array (R, C) with its labels."""
    cells = ([f"**{row}**", *map(number, line)] for row, line in zip(rows, np.asarray(array, float), strict=True))
    return table([corner, *columns], cells)


def beside(rows: Sequence[str], arrays: Sequence[tuple[str, Any]], corner: str = "") -> str:
    """Several arrays with the same rows, each row of each in one cell: (name, (R, C))."""
    cells = ([f"**{row}**", *(numbers(np.asarray(a, float)[i]) for _, a in arrays)] for i, row in enumerate(rows))
    return table([corner, *(name for name, _ in arrays)], cells)
