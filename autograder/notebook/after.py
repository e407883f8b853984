"""What a report adds in a learner's own notebook: what is understood once a question is solved, what is next, where to read."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from html import escape
from pathlib import Path

import yaml

from ..course import read
from ..marking.render import lesson
from .way import folder_of


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
    """A report whose words for a lesson's section lead there, where the learner's folder has the lesson."""
    unit, _, section = where.partition("#")
    path = next((one.lesson for one in read().units if one.short == unit), None)
    here = Path.cwd()
    folder = folder_of(here)
    if path is None or not (folder / "lessons" / path.name).is_file():
        return html
    up = "../" if folder != here else ""
    words = escape(lesson(where))
    return html.replace(words, f'<a href="{up}lessons/{path.name}#{_heading(path, section)}">{words}</a>')


def _heading(path: Path, section: str) -> str:
    """A heading as JupyterLab names it in an address: its own letters, with dashes for spaces."""
    headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return next(
        (h.replace(" ", "-") for h in headings if re.sub(r"[^\w-]", "", h.replace(" ", "-")).lower() == section), ""
    )
