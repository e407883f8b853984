"""Plots as SVG, coloured by the page's style and told in words to who cannot see them."""

from __future__ import annotations

from collections.abc import Sequence

from .html import text
from .units import UnitReport

STEP, TOP, HEIGHT, LEFT = 64, 10, 120, 44


def histogram(counts: Sequence[int]) -> str:
    """Ten bars, as tall as learners are many."""
    most = max(counts) or 1
    told = ", ".join(f"{10 * i} to {10 * i + 10} %: {n}" for i, n in enumerate(counts) if n) or "nobody"
    bars = "".join(
        f'<rect x="{12 * i}" y="{32 - 30 * n / most:.1f}" width="10" height="{30 * n / most:.1f}"/>'
        for i, n in enumerate(counts)
    )
    return f'<svg class="bars" viewBox="0 0 118 33" role="img" aria-label="{told}">{bars}<path d="M0 32.5h118"/></svg>'


def trend(units: Sequence[UnitReport]) -> str:
    """Over the units: the median of the marks with the middle half of the class, and the share who handed in."""
    shown = [unit for unit in units if unit.quartiles is not None]
    if len(shown) < 2:
        return ""
    wide = LEFT + STEP * len(shown)
    lines = "".join(
        f'<path d="M{LEFT} {_y(v):.0f}H{wide}"/><text x="{LEFT - 6}" y="{_y(v) + 4:.0f}" text-anchor="end">{v:.0%}</text>'
        for v in (0.0, 0.5, 1.0)
    )
    marks, came, told = [], [], []
    for place, unit in enumerate(shown):
        assert unit.quartiles is not None
        x, (low, middle, high) = LEFT + STEP * (place + 0.5), unit.quartiles
        part = unit.handed_in / unit.learners
        marks.append((x, middle))
        came.append((x, part))
        lines += f'<rect class="half" x="{x - 7:.0f}" y="{_y(high):.1f}" width="14" height="{_y(low) - _y(high):.1f}"/>'
        lines += f'<circle cx="{x:.0f}" cy="{_y(middle):.1f}" r="4"/>'
        lines += (
            f'<text x="{x:.0f}" y="{_y(0) + 18:.0f}" text-anchor="middle">{text(unit.name.partition("_")[0])}</text>'
        )
        told.append(f"{text(unit.name)}: median {middle:.0%}, handed in {part:.0%}")
    lines += f'<polyline points="{_points(marks)}"/><polyline class="came" points="{_points(came)}"/>'
    return (
        f'<figure class="wide" role="region" tabindex="0" aria-label="Trend over the units"><svg class="trend" '
        f'style="min-width:{wide}px" viewBox="0 0 {wide} {_y(0) + 26:.0f}" role="img" aria-label="{"; ".join(told)}">{lines}</svg>'
        "<figcaption>Points and line: the median of each unit. Bars: the middle half of the class. "
        "Dashed: the share of the class that handed the unit in.</figcaption></figure>"
    )


def _y(value: float) -> float:
    return TOP + HEIGHT * (1 - min(1.0, max(0.0, value)))


def _points(places: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:.0f},{_y(v):.1f}" for x, v in places)
