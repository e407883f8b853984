"""`python -m autograder.build new-unit 11_name`: every file of a unit, each with a short example that passes.

The examples stand beside this module, in unit/. What is not a file of its own is added to: the manifest, README's table, and
the sentences for what was understood and the steps of a worked solution.
"""

from __future__ import annotations

import argparse
import keyword
import re
from collections.abc import Sequence
from pathlib import Path

from .. import course as manifest
from .. import paths
from ..course import Course
from ..problem import Problem
from ..quiz import meanings
from ..quiz.bank.schema import CONCEPTS
from . import exercises, pictures

EXAMPLES = Path(__file__).with_name("unit")

# Every file of a unit, by the example it begins as.
FILES = {
    "lesson": "course/lessons/{name}.md",
    "picture": "course/lessons/pictures/{short}.py",
    "hints": "course/hints/{short}.yaml",
    "glossary": "course/glossary/{short}.yaml",
    "quiz": "course/quiz/{short}.yaml",
    "solution": "solutions/{name}.py",
    "checks": "autograder/checks/{short}.py",
    "mistakes": "autograder/mistakes/{short}.py",
    "answers": "autograder/tests/answers/{short}.py",
    "test_strength": "autograder/tests/test_strength_{number}.py",
}
ENTRY = """\
  - name: {name}
    title: {title}
    minutes: 30
    prerequisites: [{before}]
    points: 2
"""
UNDERSTOOD = """\
{short}: You have found the key that each query weighs most.
{short}.strongest_key: You know how to read a row of weights.
"""
STEPS = """\
{short}.strongest_key:
  - A row of weights runs over the keys, which is the last axis. The place of its largest entry is the key's number.
"""
ROW = "| [{number} {title}](course/lessons/{name}.md) | 30 | the key that each query weighs most |\n"
ADDED = {"course/course.yaml": ENTRY, "course/understood.yaml": UNDERSTOOD, "course/steps.yaml": STEPS}
LAST_ROW = re.compile(r"^\| \[\d+ .*\n(?!\| \[)", re.MULTILINE)


def main(arguments: Sequence[str]) -> int:
    """Returns the exit code. Raises Problem where the unit cannot be made; then nothing was written."""
    parser = argparse.ArgumentParser(
        prog="python -m autograder.build new-unit", description="Lay out the files of a new unit, each with an example."
    )
    parser.add_argument("name", metavar="NN_NAME", help="a number above the last unit's, and a name: 11_name")
    name = parser.parse_args(arguments).name
    for path in new_unit(manifest.read(), name):
        print(f"wrote {path.as_posix()}")
    return meanings.main([])


def new_unit(course: Course, name: str) -> list[Path]:
    """Make a unit at the end of a course; returns what was written, as paths below its root.

    Raises Problem, before anything is written, where the name will not do or one of the files is there already.
    """
    words = _words(course, name)
    made = {path.format(**words): _filled(example, words) for example, path in FILES.items()}
    for path in made:
        if (course.root / path).exists():
            raise Problem(f"{path} is there already. Choose another name, or move that file away.")
    for path, more in ADDED.items():
        made[path] = _text(course, path) + more.format(**words)
    made["README.md"] = LAST_ROW.sub(lambda row: row[0] + ROW.format(**words), _text(course, "README.md"), count=1)
    for path, text in made.items():
        (course.root / path).write_text(text, encoding="utf-8")
    course = manifest.read(course.root)
    generated = exercises.write(course.units[-2:]) + pictures.write(course)
    return [*map(Path, made), *(path.relative_to(course.root) for path in generated)]


def _words(course: Course, name: str) -> dict[str, str]:
    if not paths.in_repository():
        raise Problem("A unit is added to a checkout of the course. Clone its repository, and run this there.")
    number, _, short = name.partition("_")
    last = course.units[-1].name
    well_named = re.fullmatch(r"\d\d_[a-z][a-z0-9_]*", name) and not keyword.iskeyword(short)
    if not well_named or int(number) <= int(last.partition("_")[0]):
        raise Problem(
            f"A unit is named by two digits above {last[:2]}, an underscore and small letters, such as "
            f"{int(last[:2]) + 1:02}_new_name. This is {name!r}."
        )
    title = short.replace("_", " ").capitalize()
    return {"name": name, "number": number, "short": short, "title": title, "before": last, "concept": CONCEPTS[0]}


def _filled(example: str, words: dict[str, str]) -> str:
    text = (EXAMPLES / f"{example}.txt").read_text(encoding="utf-8")
    return re.sub(r"\{\{(\w+)\}\}", lambda found: words[found[1]], text)


def _text(course: Course, path: str) -> str:
    return (course.root / path).read_text(encoding="utf-8")
