"""Pieces of HTML. What learners chose (names, code) goes through `text`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape

from ...sandbox.outputs import plain_text

CODE = re.compile("`([^`]+)`")


def text(told: object) -> str:
    """Anything as text that does nothing on a page."""
    return escape(plain_text(told))


def prose(told: object) -> str:
    """A sentence of the course's own, whose `names` are code."""
    return CODE.sub(r"<code>\1</code>", text(told))


def table(caption: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table whose first column names the row. Cells are HTML already. It scrolls by itself, also with the keyboard."""
    top = "".join(f'<th scope="col">{one}</th>' for one in head)
    lines = "".join(
        f'<tr><th scope="row">{first}</th>{"".join(f"<td>{cell}</td>" for cell in rest)}</tr>' for first, *rest in rows
    )
    return (
        f'<div class="wide" role="region" tabindex="0" aria-label="{caption}"><table><caption>{caption}</caption>'
        f"<thead><tr>{top}</tr></thead><tbody>{lines}</tbody></table></div>"
    )


def items(lines: Iterable[str]) -> str:
    """A list; its lines are HTML already."""
    return f"<ul>{''.join(f'<li>{line}</li>' for line in lines)}</ul>"


def fold(title: str, inside: str) -> str:
    """What a click on the title opens; both are HTML already."""
    return f"<details><summary>{title}</summary>{inside}</details>"


def beside(codes: Sequence[tuple[str, str]]) -> str:
    """Titled pieces of code beside each other, or below each other where there is no room."""
    shown = "".join(
        f'<figure><figcaption>{text(title)}</figcaption><pre tabindex="0" aria-label="{text(title)}">{text(code)}</pre></figure>'
        for title, code in codes
    )
    return f'<div class="beside">{shown}</div>'


def share(value: float | None) -> str:
    return "–" if value is None else f"{value:.0%}"


def number(value: float | None, places: int = 2) -> str:
    return "–" if value is None else f"{value:.{places}f}"
