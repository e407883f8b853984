"""Where to read on: a question's `read` field, "one_head#why-the-scale", as people would say it."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from .places import course_folder
from .questions import Bank


def slug(heading: str) -> str:
    """A heading's anchor as GitHub makes it."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


@cache
def sections(lesson: Path) -> dict[str, str]:
    """A lesson's second-level headings by their anchors."""
    headings = re.findall(r"^## (.+)$", lesson.read_text(encoding="utf-8"), re.MULTILINE)
    return {slug(heading): heading.strip() for heading in headings}


def lesson_file(bank: Bank, unit: str, course: Path | None = None) -> Path:
    """The lesson of a unit; it may not be there."""
    return (course or course_folder()) / "lessons" / f"{bank.unit(unit).number:02d}_{unit}.md"


def reading(bank: Bank, read: str, course: Path | None = None) -> str:
    """The section to read, such as "Lesson 1, One attention head: Why the scale"."""
    name, _, anchor = read.partition("#")
    unit = bank.unit(name)
    lesson = lesson_file(bank, name, course)
    known = sections(lesson) if lesson.is_file() else {}
    heading = known.get(anchor) or anchor.replace("-", " ").capitalize()
    return f"Lesson {unit.number}, {unit.title}: {heading}"
