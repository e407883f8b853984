"""A report as one page that asks for nothing else: no script, no font, no picture from elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import groupby
from pathlib import Path

from ...sandbox.outputs import plain_text
from ..results import LearnerResult
from .items import FEWEST, Scale
from .mistakes import MadeMistake, told
from .understood import Understood
from .units import STOPPED_AFTER, UnitReport

# Nothing may be loaded and no script may run, whatever the page should hold.
POLICY = "default-src 'none'; style-src 'unsafe-inline'"
SECTIONS = {"class": "The class", "mistakes": "Mistakes", "items": "Questions", "learners": "Learners"}


def page(report: Understood, title: str) -> str:
    """The page as a string. What learners chose (names, code) is escaped."""
    style = Path(__file__).with_name("style.css").read_text("utf-8")
    links = "".join(f'<a href="#{name}">{text}</a>' for name, text in SECTIONS.items())
    parts = {
        "class": _class(report),
        "mistakes": "".join(_mistake(report, one) for one in report.mistakes) or "<p>No mistakes were named.</p>",
        "items": "".join(_scale(one) for one in report.scales) or "<p>Nothing is graded yet.</p>",
        "learners": "".join(_learners(report)),
    }
    body = "".join(
        f'<section aria-labelledby="{k}"><h2 id="{k}">{SECTIONS[k]}</h2>{v}</section>' for k, v in parts.items()
    )
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{_text(title)}</title>'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{style}</style></head>'
        f'<body><header><h1>{_text(title)}</h1><nav aria-label="Parts">{links}</nav></header><main>{body}</main></body></html>\n'
    )


def _text(text: object) -> str:
    return escape(plain_text(text))


def _table(caption: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table whose first column names the row. Cells are HTML already. It scrolls by itself, also with the keyboard."""
    top = "".join(f'<th scope="col">{one}</th>' for one in head)
    lines = "".join(
        f'<tr><th scope="row">{first}</th>{"".join(f"<td>{cell}</td>" for cell in rest)}</tr>' for first, *rest in rows
    )
    return (
        f'<div class="wide" role="region" tabindex="0" aria-label="{caption}"><table><caption>{caption}</caption>'
        f"<thead><tr>{top}</tr></thead><tbody>{lines}</tbody></table></div>"
    )


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.0%}"


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def _class(report: Understood) -> str:
    head = ("Unit", "Handed in", "Median", "Marks, 0 to 100 %", "Late", "Not graded", "Answers not attempted")
    shown = _table("Marks of each unit", head, ((_text(u.name), *_unit(u)) for u in report.units))
    if not report.stopped:
        return shown
    who = "".join(f"<li>{_text(name)}, last {_text(unit)}</li>" for name, unit in report.stopped)
    return f"{shown}<h3>Have handed in nothing of the last {STOPPED_AFTER} units</h3><ul>{who}</ul>"


def _unit(unit: UnitReport) -> tuple[str, ...]:
    untouched, answers = unit.not_attempted
    return (
        f"{unit.handed_in} of {unit.learners}", _share(unit.median), _histogram(unit.distribution), str(unit.late),
        str(unit.failed), f"{untouched} of {answers}",
    )  # fmt: skip


def _histogram(counts: Sequence[int]) -> str:
    """Ten bars, as tall as learners are many."""
    most = max(counts) or 1
    told = ", ".join(f"{10 * i} to {10 * i + 10} %: {n}" for i, n in enumerate(counts) if n) or "nobody"
    bars = "".join(
        f'<rect x="{12 * i}" y="{32 - 30 * n / most:.1f}" width="10" height="{30 * n / most:.1f}"/>'
        for i, n in enumerate(counts)
    )
    return f'<svg viewBox="0 0 118 33" role="img" aria-label="{told}">{bars}<path d="M0 32.5h118"/></svg>'


def _mistake(report: Understood, one: MadeMistake) -> str:
    names = "".join(f"<li>{_text(report.called(learner))}</li>" for learner in one.learners)
    code = "".join(f'<pre tabindex="0" aria-label="Answer {n}">{_text(a)}</pre>' for n, a in enumerate(one.answers, 1))
    return (
        f"<details><summary><b>{len(one.learners)} of {one.of}</b> {_text(one.question)}: {_text(one.name)}</summary>"
        f'<p>{_text(one.says)}</p><h3>Answers</h3><div class="beside">{code or "<p>None can be shown.</p>"}</div>'
        f"<h3>Five minutes in class</h3><p>{_text(one.note)}</p><h3>Learners</h3><ul>{names}</ul></details>"
    )


def _scale(scale: Scale) -> str:
    few = f" There are fewer than {FEWEST} answers, so nothing is claimed." if scale.answers < FEWEST else ""
    head = ("Question", "Facility", "Discrimination", "Attempted", "Remark")
    rows = (
        (
            _text(i.question),
            _share(i.facility),
            _number(i.discrimination),
            f"{i.attempted} of {i.answers}",
            _text(i.remark),
        )
        for i in scale.items
    )
    told = f"<p>{scale.answers} learners; Cronbach's alpha {_number(scale.alpha)}.{few}</p>"
    return f"<h3>{_text(scale.unit)}</h3>{told}{_table(f'Questions of {_text(scale.unit)}', head, rows)}"


def _learners(report: Understood) -> Iterator[str]:
    for learner, theirs in groupby(report.results, key=lambda one: one.learner):
        found = list(theirs)
        total, points = sum(one.marks for one in found), sum(one.points for one in found)
        who = _text(report.called(learner))
        table = _table(f"Units of {who}", ("Unit", "Marks", "Mistakes"), (_learners_unit(one) for one in found))
        yield f"<details><summary>{who}: {total:g} of {points:g}</summary>{table}</details>"


def _learners_unit(one: LearnerResult) -> tuple[str, str, str]:
    marks = (
        f"{one.marks:g} of {one.points:g}{', late' if one.late else ''}"
        if one.status == "graded"
        else _text(one.status)
    )
    found = [f"{m.answer.question}: {mistake['name']}" for m in one.answers for mistake in told(m.answer)]
    return _text(one.unit), marks, "<br>".join(map(_text, found))
