"""The tables of the lessons whose numbers are computed: each stands between two comments and is what its script makes.

    <!-- table: scores -->
    ...
    <!-- end -->

`course/lessons/tables/<unit>.py` has a function `tables()`, name to Markdown, as pictures have theirs.
"""

from __future__ import annotations

import re
import runpy
from collections.abc import Iterator, Mapping
from pathlib import Path

from ..course import Course, Unit
from ..problem import Problem

PLACE = re.compile(r"^<!-- table: (\w+) -->\n(.*?)^<!-- end -->$", re.MULTILINE | re.DOTALL)
OPENED = re.compile(r"<!-- table: ")


def write(course: Course) -> list[Path]:
    """Fill in the tables that differ; returns the lessons that changed."""
    written = []
    for unit, tables in _computed(course):
        text = unit.lesson.read_text(encoding="utf-8")
        made = filled(text, tables, unit.lesson.name)
        if made != text:
            unit.lesson.write_text(made, encoding="utf-8")
            written.append(unit.lesson)
    return written


def differences(course: Course) -> list[str]:
    """Every table that does not stand in its lesson as it is computed, a sentence each."""
    found = []
    for unit, tables in _computed(course):
        text = unit.lesson.read_text(encoding="utf-8")
        filled(text, tables, unit.lesson.name)  # raises where a name does not fit
        found += [
            f"{unit.lesson.relative_to(course.root).as_posix()}: the table {place[1]!r} is not what its script computes: "
            "run `make build`."
            for place in PLACE.finditer(text)
            if place[0] != _place(place[1], tables)
        ]
    return found


def filled(text: str, tables: Mapping[str, str], lesson: str) -> str:
    """A lesson's text with every table as it is computed.

    Raises Problem where a table has no place, a place no table, or a place no end.
    """
    places = [place[1] for place in PLACE.finditer(text)]
    if len(places) != len(OPENED.findall(text)):
        raise Problem(f"{lesson}: a table begins and has no `<!-- end -->` on a line by itself.")
    unknown = [name for name in places if name not in tables]
    if unknown:
        raise Problem(f"{lesson}: no script computes the table {unknown[0]!r}. There are: {', '.join(sorted(tables))}.")
    unused = [name for name in tables if name not in places]
    if unused:
        raise Problem(f"{lesson} has no place for the table {unused[0]!r}.")
    return PLACE.sub(lambda place: _place(place[1], tables), text)


def _place(name: str, tables: Mapping[str, str]) -> str:
    # Blank lines inside, so that Markdown takes the comment and the table for two things.
    return f"<!-- table: {name} -->\n\n{tables[name].strip()}\n\n<!-- end -->"


def _computed(course: Course) -> Iterator[tuple[Unit, Mapping[str, str]]]:
    """Every lesson that has a script for its tables, or a place for one."""
    folder = course.root / "course" / "lessons" / "tables"
    for unit in course.units:
        script = folder / f"{unit.short}.py"
        if script.is_file():
            yield unit, runpy.run_path(str(script))["tables"]()
        elif unit.lesson.is_file() and OPENED.search(unit.lesson.read_text(encoding="utf-8")):
            yield unit, {}
