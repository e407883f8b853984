"""Diagrams: the lessons' mermaid flowcharts, drawn at build time. dagre lays them out, this module reads and draws."""

from __future__ import annotations

import json
import re
import subprocess
from dataclasses import dataclass, field
from html import escape
from itertools import pairwise
from typing import Any

from ...problem import Problem
from ..bundle import WEB, fetch_libraries

NODE = re.compile(r"""(?P<id>\w+)(?:\["(?P<box>[^"]*)"\]|\[(?P<plain>[^\]"]*)\]|\{"(?P<choice>[^"]*)"\})?""")
ARROW = re.compile(r"""\s*-->\s*(?:\|"?(?P<label>[^|"]*)"?\|)?\s*""")
LETTER, LINE = 7.4, 18  # pixels: a letter's width on average, and a line's height
MARGIN = 8


@dataclass
class Chart:
    """A flowchart. `nodes`: id -> (label, whether it is a question); `edges`: from, to, label."""

    direction: str
    nodes: dict[str, tuple[str, bool]] = field(default_factory=dict)
    edges: list[tuple[str, str, str]] = field(default_factory=list)


def read_chart(text: str) -> Chart:
    """Read the part of mermaid's language that the lessons use. Raises Problem on a line that is not of it."""
    first, *lines = [line.strip() for line in text.strip().splitlines() if line.strip()]
    head = re.fullmatch(r"(?:flowchart|graph) (LR|TD|TB)", first)
    if head is None:
        raise Problem(f"A diagram begins with `flowchart LR` or `flowchart TD`, not with {first!r}.")
    chart = Chart("LR" if head[1] == "LR" else "TB")
    for line in lines:
        at, previous, label = 0, "", ""
        while at < len(line):
            node = NODE.match(line, at)
            if node is None:
                raise Problem(f"In a diagram, the line {line!r} cannot be read from {line[at:]!r} on.")
            name = node["id"]
            written = node["box"] or node["plain"] or node["choice"]
            if written or name not in chart.nodes:
                chart.nodes[name] = (written or name, node["choice"] is not None)
            if previous:
                chart.edges.append((previous, name, label))
            at, previous = node.end(), name
            if at < len(line):
                arrow = ARROW.match(line, at)
                if arrow is None:
                    raise Problem(f"In a diagram, the line {line!r} cannot be read from {line[at:]!r} on.")
                at, label = arrow.end(), (arrow["label"] or "").strip()
    return chart


def words(chart: Chart) -> str:
    """The diagram in a sentence for each arrow."""
    return " ".join(
        f"{chart.nodes[start][0]} leads to {chart.nodes[end][0]}{f' by {label}' if label else ''}."
        for start, end, label in chart.edges
    )


def draw_chart(text: str) -> str:
    """The diagram as SVG in the page's own colours."""
    chart = read_chart(text)
    laid = _lay_out(chart)
    width, height = laid["width"] + 2 * MARGIN, laid["height"] + 2 * MARGIN
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="mha-chart" role="img" viewBox="0 0 {width:.0f} {height:.0f}" '
        f'width="{width:.0f}" height="{height:.0f}">',
        f"<title>{escape(words(chart))}</title>",
        f'<g transform="translate({MARGIN} {MARGIN})">',
    ]
    for edge in laid["edges"]:
        parts.append(_edge(edge["points"]))
        if edge["label"]:
            parts.append(_lines(edge["label"].split("\n"), edge["x"], edge["y"], "label"))
    for node in laid["nodes"]:
        parts.append(_node(node, chart.nodes[node["id"]][1]))
    return "".join([*parts, "</g></svg>"])


def _wrapped(label: str) -> list[str]:
    """A label in lines: a shape stands below the name it belongs to, and long words are broken at a comma."""
    name, shape, rest = label.partition(" (")
    lines = [name] if len(name) <= 24 else _halves(name)
    return [*lines, f"({rest}"] if shape else lines


def _halves(text: str) -> list[str]:
    spaces = [i for i, letter in enumerate(text) if letter == " "]
    middle = min(spaces, key=lambda i: abs(i - len(text) / 2), default=None)
    return [text] if middle is None else [text[:middle], text[middle + 1 :]]


def _size(lines: list[str], padding: float) -> dict[str, float]:
    return {"width": max(len(line) for line in lines) * LETTER + padding, "height": len(lines) * LINE + padding / 2}


def _lay_out(chart: Chart) -> Any:
    nodes = [
        {"id": name, "lines": (lines := _wrapped(label)), **_size(lines, 44 if choice else 24)}
        for name, (label, choice) in chart.nodes.items()
    ]
    edges = []
    for start, end, label in chart.edges:
        lines = _wrapped(label) if label else []
        size = _size(lines, 8) if label else {"width": 0, "height": 0}
        edges.append({"from": start, "to": end, "label": "\n".join(lines), **size})
    fetch_libraries()
    asked = json.dumps({"direction": chart.direction, "nodes": nodes, "edges": edges})
    done = subprocess.run(
        ["node", "flowchart.mjs"], cwd=WEB, input=asked, capture_output=True, text=True, encoding="utf-8", check=False
    )
    if done.returncode:
        raise Problem(f"A diagram could not be laid out. node reported:\n{done.stderr.strip()}")
    return json.loads(done.stdout)


def _edge(points: list[dict[str, float]]) -> str:
    """A smooth line through the points, with an arrow's head at its end."""
    start, *rest = [(point["x"], point["y"]) for point in points]
    path = f"M{start[0]:.1f},{start[1]:.1f}"
    for one, other in pairwise(rest):
        middle = ((one[0] + other[0]) / 2, (one[1] + other[1]) / 2)
        path += f"Q{one[0]:.1f},{one[1]:.1f} {middle[0]:.1f},{middle[1]:.1f}"
    path += f"L{rest[-1][0]:.1f},{rest[-1][1]:.1f}"
    return f'<path class="line" d="{path}"/>{_head(rest[-2] if len(rest) > 1 else start, rest[-1])}'


def _head(before: tuple[float, float], end: tuple[float, float]) -> str:
    across, down = end[0] - before[0], end[1] - before[1]
    length = (across**2 + down**2) ** 0.5 or 1.0
    unit = across / length, down / length
    back = end[0] - 9 * unit[0], end[1] - 9 * unit[1]
    left = f"{back[0] - 4 * unit[1]:.1f},{back[1] + 4 * unit[0]:.1f}"
    right = f"{back[0] + 4 * unit[1]:.1f},{back[1] - 4 * unit[0]:.1f}"
    return f'<polygon class="head" points="{end[0]:.1f},{end[1]:.1f} {left} {right}"/>'


def _node(node: Any, choice: bool) -> str:
    x, y, width, height = (node[key] for key in ("x", "y", "width", "height"))
    corner = height / 2 if choice else 6
    box = (
        f'<rect class="{"choice" if choice else "box"}" x="{x - width / 2:.1f}" y="{y - height / 2:.1f}" '
        f'width="{width:.1f}" height="{height:.1f}" rx="{corner:.1f}"/>'
    )
    return box + _lines(node["lines"], x, y, "name")


def _lines(lines: list[str], x: float, y: float, kind: str) -> str:
    top = y - (len(lines) - 1) * LINE / 2 + 4.5
    spans = "".join(
        f'<tspan x="{x:.1f}" y="{top + i * LINE:.1f}">{escape(line)}</tspan>' for i, line in enumerate(lines)
    )
    return f'<text class="{kind}" text-anchor="middle">{spans}</text>'
