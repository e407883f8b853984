"""The cells that every notebook gets beside those of its script: help below each check, and the way on at the end.

They carry no nbgrader metadata: they are the learner's own, and no gradebook knows them.
"""

from __future__ import annotations

from collections.abc import Iterator

import yaml

from ..course import Unit, read
from .script import Script, ScriptCell


def with_companions(unit: Unit, script: Script) -> Iterator[ScriptCell]:
    """The script's cells, with a cell for help after each check, and the last two cells."""
    for cell in script.cells:
        yield cell
        if cell.kind == "check":
            yield _help(unit, cell.name.removeprefix("check_"))
    yield ScriptCell("id", "your-progress", "from autograder import progress\n\nprogress()")
    yield ScriptCell("id", "the-way-on", _the_way_on(unit), markdown=True)


def _help(unit: Unit, question: str) -> ScriptCell:
    name = f"{unit.short}.{question}"
    source = (
        "# Stuck? Remove the # before hint and run this cell; run it again for the next hint.\n"
        f'# hint("{name}")\n# solution("{name}")'
    )
    return ScriptCell("id", f"help-{question.replace('_', '-')}", source)


def _the_way_on(unit: Unit) -> str:
    course = read(unit.root)
    path = unit.root / "course" / "understood.yaml"
    built = yaml.safe_load(path.read_text(encoding="utf-8")).get(unit.short) if path.is_file() else None
    place = course.units.index(unit) + 1
    lines = ["## What you have built", "", built or f"You are at the end of *{unit.title}*.", ""]
    if place < len(course.units):
        following = course.units[place]
        link = f"../{following.name}/{following.exercise.name}"
        lines.append(f"**Next:** [{following.title}]({link}), about {following.minutes} minutes.")
    else:
        lines.append("This is the last unit. The cell above shows what is still open, and what to review.")
    return "\n".join(lines)
