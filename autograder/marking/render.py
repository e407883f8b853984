"""How a report looks: plain text for a terminal, compact HTML for a notebook. Both say the same."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .report import Report
    from .trail import TrailStep

HEADS = {
    "passed": "Passed",
    "wrong": "Not right yet",
    "raised": "Raised an error",
    "not attempted": "Not attempted yet",
}
# Said of what does not exist, of which nobody can tell whether it was attempted.
NOTHING_THERE = "Nothing to check yet"
# Readable on a light and on a dark page; the words say the same as the colours.
COLOURS = {"passed": "#1a7f52", "wrong": "#b3541e", "raised": "#b3541e", "not attempted": "#6e7781"}
# Their own arrays, one after another: a list for screen readers too; and the weights, in Jupyter as a heat map.
TRAIL, PICTURE = "Your arrays", "Your weights"
MARKS = {True: "✓", False: "✗"}


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _head(report: Report) -> str:
    return NOTHING_THERE if report.missing else HEADS[report.outcome.value]


def _score(report: Report) -> str:
    return f"{_number(report.marks)} of {_number(report.points)} points"


def _sections(report: Report) -> list[tuple[str, list[str]]]:
    """The parts of a report below its head: a label and its lines."""
    if report.outcome == "not attempted":
        seen = list(report.seen) or ["Fill in the cell above, run it, then run this one again."]
        return [("", seen), ("Stuck?", [_help(report)])]
    parts = []
    if report.seen:
        parts.append(("Seen", list(report.seen)))
    if report.explanation:
        parts.append(("What failed", [report.explanation]))
    if report.trace:
        parts.append(("Error", report.trace.splitlines()))
    if report.trail:
        parts.append((TRAIL, [_step(step) for step in report.trail]))
    if report.picture is not None:
        parts.append((PICTURE, report.picture.words()))
    if report.mistakes:
        parts.append(("Likely cause", [m.says for m in report.mistakes]))
    if report.printed:
        parts.append(("Printed", report.printed.rstrip().splitlines()[:5]))
    if report.outcome != "passed":
        parts.append(("Read", [lesson(report.read)]))
        parts.append(("Stuck?", [_help(report)]))
    return parts


def _step(step: TrailStep) -> str:
    return f"{MARKS[step.right]} {step}"


def lesson(read: str) -> str:
    unit, _, section = read.partition("#")
    where = f"lesson {unit}"
    return f"{where}, section “{section.replace('-', ' ').capitalize()}”" if section else where


def _help(report: Report) -> str:
    return f'`hint("{report.question}")` costs nothing.'


def as_text(report: Report) -> str:
    """The report in plain text, without colour."""
    lines = [f"{report.title}: {_head(report).lower()}, {_score(report)}"]
    if report.outcome != "not attempted":
        for facet in report.facets:
            note = f" ({facet.note})" if facet.note else ""
            lines.append(f"  {MARKS[facet.passed]} {facet.title}, {_number(100 * facet.share)} %{note}")
    for label, body in _sections(report):
        first = f"  {label}: " if label else "  "
        if label in ("Error", TRAIL) or len(body) > 1:
            lines.append(first.rstrip())
            lines.extend(f"    {line}" for line in body)
        else:
            lines.append(first + body[0])
    return "\n".join(lines).replace("`", "")


def code(text: str) -> str:
    """Escaped text whose back-quoted parts are set as code."""
    return re.sub(r"`([^`]*)`", r"<code>\1</code>", escape(text))


def _steps(steps: Sequence[TrailStep], start: int) -> str:
    """Steps of a trail as a list; one that is not right stands out."""
    items = []
    for step in steps:
        said = code(str(step))
        word = "right" if step.right else "not right"
        shown = said if step.right else f"<b>{said}</b>"
        items.append(f'<li><span aria-label="{word}">{MARKS[step.right]}</span> {shown}</li>')
    return f'<ol start="{start}" style="margin:.2em 0;padding:0 0 0 1.6em">{"".join(items)}</ol>' if items else ""


def _trail(report: Report) -> str:
    """The step that is not right, and behind a click those before it."""
    right = [step for step in report.trail if step.right]
    wrong = [step for step in report.trail if not step.right]
    names = ", ".join(dict.fromkeys(step.stage for step in right))
    more = f"<details><summary>{code(names)}: right.</summary>{_steps(right, 1)}</details>" if right else ""
    return f"<div><b>{TRAIL}.</b>{more}{_steps(wrong, len(right) + 1)}</div>"


def as_html(report: Report) -> str:
    """The report as a fragment of HTML that needs no stylesheet and reads well on light and dark pages."""
    colour = COLOURS[report.outcome.value]
    rows = []
    if report.outcome != "not attempted":
        for facet in report.facets:
            note = f" <i>({escape(facet.note)})</i>" if facet.note else ""
            word = "earned" if facet.passed else "open"
            rows.append(
                f'<tr><td style="text-align:center" aria-label="{word}">{MARKS[facet.passed]}</td>'
                f'<td style="text-align:left;padding:0 1em 0 .4em">{code(facet.title)}{note}</td>'
                f'<td style="text-align:right">{_number(100 * facet.share)}&nbsp;%</td></tr>'
            )
    table = f'<table style="margin:.3em 0;font-size:inherit"><tbody>{"".join(rows)}</tbody></table>' if rows else ""
    parts = []
    for label, body in _sections(report):
        if label == "Error":
            inner = f"<pre style='margin:.2em 0;white-space:pre-wrap'>{escape(chr(10).join(body))}</pre>"
            more = f"<details><summary><b>{label}</b></summary>{inner}</details>"  # what it means is said above
            parts.append(more if report.explanation else f"<div><b>{label}.</b>{inner}</div>")
        elif label == TRAIL:
            parts.append(_trail(report))
        elif label == PICTURE and report.picture is not None:
            said = "<br>".join(code(line) for line in body)
            parts.append(f"<div style='margin:.2em 0'><b>{label}.</b> {said}{report.picture.html()}</div>")
        else:
            head = f"<b>{label}{'' if label.endswith('?') else '.'}</b> " if label else ""
            parts.append(f"<div style='margin:.2em 0'>{head}{'<br>'.join(code(line) for line in body)}</div>")
    return (
        f'<div style="border-left:4px solid {colour};padding:.3em .8em;max-width:50em;line-height:1.45">'
        f"<div><b>{code(report.title)}</b>: "
        f'<b style="color:{colour}">{_head(report)}</b>, {_score(report)}</div>'
        f"{table}{''.join(parts)}</div>"
    )
