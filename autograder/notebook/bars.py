"""A bar for each of a few numbers, as SVG, with lines across to compare them with."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from .drawing import TEXT, Picture, colour, svg_text

WIDE, HIGH, GAP = 44, 180, 14  # pixels: a bar with the room around it, the highest bar, and the margin
LEFT, BELOW = 150, 60


def draw_bars(values: Mapping[str, float], lines: Mapping[str, float], title: str, words: str) -> Picture:
    """Bars for values above 0 by their names, and dashed lines across with theirs. `words` say what is to be seen."""
    top = max([*values.values(), *lines.values()])
    width, height = LEFT + WIDE * len(values) + 2 * GAP, HIGH + BELOW + 3 * GAP
    ground = HIGH + 3 * GAP

    def level(value: float) -> float:
        return ground - HIGH * value / top

    drawn = [svg_text(GAP, GAP + TEXT, title, weight=600)]
    for i, (name, value) in enumerate(values.items()):
        x = LEFT + WIDE * i
        drawn.append(
            f'<rect x="{x + 6}" y="{level(value):.1f}" width="{WIDE - 12}" height="{ground - level(value):.1f}" '
            f'fill="{colour(0.75)}"/>'
        )
        drawn.append(svg_text(x + WIDE / 2, level(value) - 4, f"{value:.2f}", "middle", 11))
        drawn.append(svg_text(x + WIDE / 2 + 4, ground + TEXT + 2, name, "end", turned=True))
    for name, value in lines.items():
        y = level(value)
        drawn.append(
            f'<path d="M{LEFT},{y:.1f}H{width - GAP}" stroke="currentColor" stroke-dasharray="5 4" fill="none"/>'
        )
        drawn.append(svg_text(LEFT - 6, y + 4, f"{name}: {value:.2f}", "end", 11))
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="mha-picture" role="img" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" style="max-width:100%;height:auto;color:#222" '
        f'font-family="system-ui, sans-serif" font-size="{TEXT}">'
    )
    paper = '<rect class="paper" width="100%" height="100%" fill="#fff"/>'
    return Picture("\n".join((head, f"<title>{escape(words)}</title>", paper, *drawn, "</svg>")), words)
