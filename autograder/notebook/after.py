"""What a report adds in a learner's own notebook: what is understood once a question is solved, what is next, where to read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from html import escape

import yaml

from ..course import read
from ..marking.render import lesson
from .lesson_address import lesson_address


@cache
def sentences() -> Mapping[str, str]:
    """By question id what its solver understands, by unit what was built in it: course/understood.yaml."""
    path = read().root / "course" / "understood.yaml"
    found: dict[str, str] = yaml.safe_load(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return found


def after(question: str, unit: Sequence[str]) -> str:
    """A sentence on what was understood, and one on what comes next."""
    place = unit.index(question) + 1
    following = f"Next: {unit[place]}." if place < len(unit) else "That was the last question of this notebook."
    return " ".join(filter(None, (sentences().get(question, ""), following)))


def with_link(html: str, where: str) -> str:
    """A report whose words for a lesson's section lead there, where the lesson is at hand."""
    address = lesson_address(where)
    if address is None:
        return html
    words = escape(lesson(where))
    return html.replace(words, f'<a href="{escape(address)}">{words}</a>')
