"""The page: the marks, what to do next, each question's report with the answer, and the whole notebook at the end."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ...marking.render import HEADS, lesson
from ..own_page import own_page
from .answers import AnswerShown, Cell, graded
from .text import html, markdown, text

STYLE = Path(__file__).with_name("feedback.css")
PICTURES = ("image/png", "image/jpeg")


def page(cells: Sequence[Cell], told: dict[str, Any], lessons: str) -> str:
    """The page of one notebook.

    told     nbgrader's own: notebook, score, max_score, late_penalty
    lessons  where the lessons' pages are, "" for nowhere
    """
    found = graded(cells)
    title = text(told["notebook"].replace("_", " ").capitalize())
    parts = [
        _summary(found, told),
        _next(found, lessons),
        *(_question(number, one) for number, one in enumerate(found, 1)),
        f"<details><summary>The whole notebook</summary>{''.join(map(_cell, cells))}</details>",
    ]
    return own_page(f"{title}: feedback", STYLE, f"<main><h1>{title}</h1>{''.join(parts)}</main>", "img-src data:")


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _summary(found: Sequence[AnswerShown], told: dict[str, Any]) -> str:
    rows = "".join(
        f'<tr><th scope="row"><a href="#q{number}">{text(one.title)}</a></th><td>{_number(one.marks)} of {_number(one.points)}</td>'
        f"<td>{HEADS.get(one.outcome, '')}</td></tr>"
        for number, one in enumerate(found, 1)
    )
    late = float(told.get("late_penalty") or 0.0)
    penalty = f"<p>It came late: {_number(late)} marks were taken off.</p>" if late else ""
    return (
        f'<p class="total">{_number(float(told["score"]))} of {_number(float(told["max_score"]))} points</p>{penalty}'
        f'<table><caption>Your marks</caption><thead><tr><th scope="col">Question</th><th scope="col">Marks</th>'
        f'<th scope="col">Outcome</th></tr></thead><tbody>{rows}</tbody></table>'
    )


def _next(found: Sequence[AnswerShown], lessons: str) -> str:
    """Where to go on: the first three questions that are not full."""
    todo = [(number, one) for number, one in enumerate(found, 1) if not one.is_full and one.points]
    if not todo:
        return "<h2>What to do next</h2><p>Everything here is right. Go on with the next unit.</p>"
    lines = "".join(
        f'<li><a href="#q{number}">{text(one.title)}</a>: {_advice(one, lessons)}</li>' for number, one in todo[:3]
    )
    more = f"<p>After these, {len(todo) - 3} more have marks left to earn.</p>" if len(todo) > 3 else ""
    return f"<h2>What to do next</h2><ol>{lines}</ol>{more}"


def _advice(one: AnswerShown, lessons: str) -> str:
    start = (
        "write an answer"
        if one.outcome == "not attempted"
        else "read the report, and run its check again in your notebook"
    )
    return f"{start}. Read {_read(one.read, lessons)}." if one.read else f"{start}."


def _read(read: str, lessons: str) -> str:
    """The name of a lesson's section, as a link where it is known where the lessons are."""
    from ...course import read as course

    unit, _, section = read.partition("#")
    page = next((one.lesson.stem for one in course().units if one.short == unit), None)
    if not lessons or page is None:
        return text(lesson(read))
    address = f"{lessons.rstrip('/')}/{page}.html{'#' if section else ''}{section}"
    return f'<a href="{text(address)}">{text(lesson(read))}</a>'


def _question(number: int, one: AnswerShown) -> str:
    comments = "".join(
        f'<div class="comment"><h3>Your instructor writes</h3>{markdown(comment)}</div>' for comment in one.comments
    )
    is_answer = one.answers and one.answers[-1] is one.cell
    report = "" if is_answer else _outputs(one.cell)
    answers = "".join(map(_cell, one.answers))
    code = f"<details open><summary>Your answer</summary>{answers}</details>" if answers else ""
    return (
        f'<section aria-labelledby="q{number}"><h2 id="q{number}">{text(one.title)} '
        f"<small>{_number(one.marks)} of {_number(one.points)}</small></h2>{report}{comments}{code}</section>"
    )


def _cell(cell: Cell) -> str:
    source = "".join(cell["source"])
    if cell["cell_type"] == "markdown":
        return f'<div class="text">{markdown(source)}</div>'
    return f'<pre tabindex="0" aria-label="Code">{text(source)}</pre>{_outputs(cell)}' if source.strip() else ""


def _outputs(cell: Cell) -> str:
    return "".join(_output(one) for one in cell.get("outputs", ()))


def _output(output: Cell) -> str:
    kind = output["output_type"]
    if kind == "stream":
        return _plain("".join(output["text"]))
    if kind == "error":
        return _plain("\n".join(output["traceback"]) or f"{output['ename']}: {output['evalue']}")
    data = output.get("data", {})
    if kind == "execute_result" and _is_number(data):
        return ""  # the marks, which nbgrader reads and the heading shows
    if "text/html" in data:
        return f'<div class="shown">{html("".join(data["text/html"]))}</div>'
    for picture in PICTURES:
        if picture in data:
            return f'<img alt="Output of the cell" src="data:{picture};base64,{text("".join(data[picture]))}">'
    return _plain("".join(data.get("text/plain", "")))


def _is_number(data: Cell) -> bool:
    try:
        float("".join(data.get("text/plain", "")))
    except ValueError:
        return False
    return len(data) == 1


def _plain(told: str) -> str:
    return f'<pre class="out" tabindex="0" aria-label="Output">{text(told)}</pre>' if told.strip() else ""
