"""Where to read on: a question's `read` field, "one_head#why-the-scale", as people would say it."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from .questions import Bank


def slug(heading: str) -> str:
    """A heading's anchor as GitHub makes it."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


@cache
def sections(lesson: Path) -> dict[str, str]:
    """A lesson's second-level headings by their anchors."""
    headings = re.findall(r"^## (.+)$", lesson.read_text(encoding="utf-8"), re.MULTILINE)
    return {slug(heading): heading.strip() for heading in headings}


def reading(bank: Bank, read: str) -> str:
    """The section to read, such as "Lesson 1, One attention head: Why the scale"."""
    name, _, anchor = read.partition("#")
    unit = bank.unit(name)
    known = sections(unit.lesson) if unit.lesson.is_file() else {}
    heading = known.get(anchor) or anchor.replace("-", " ").capitalize()
    return f"Lesson {bank.units.index(unit) + 1}, {unit.title}: {heading}"


def address(bank: Bank, read: str) -> str:
    """The section's page among the lessons, such as "01_one_head.html#why-the-scale"."""
    name, _, anchor = read.partition("#")
    return f"{bank.unit(name).lesson.stem}.html#{anchor}"
