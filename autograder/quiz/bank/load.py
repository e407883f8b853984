"""Loading the bank: every file is read, every mistake in it is reported with file, line and question."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from fastjsonschema import JsonSchemaValueException

from ... import course
from ..errors import BankError
from ..questions import AnyQuestion, Bank, QuizUnit
from ..reading import sections
from .build import build_question
from .located import Loader, line_of
from .rules import problems_of
from .schema import KINDS, checker

Raw = dict[str, Any]


def load_bank(root: Path | None = None, *, only: str | None = None) -> Bank:
    """Read the questions of every unit, or of the one named `only`, with or without its number.

    root  the folder that holds course/; the shipped one by default
    Raises Problem for a unit that is not in the manifest, and BankError with every mistake found in the files.
    """
    manifest = course.read(root)
    chosen = {unit.short for unit in (manifest.select([only]) if only else manifest.units)}
    units = tuple(QuizUnit(unit.short, unit.title, unit.lesson) for unit in manifest.units)
    lessons = {unit.name: unit.lesson for unit in units}
    questions: list[AnyQuestion] = []
    where: dict[str, str] = {}
    problems: list[str] = []
    for path in sorted((manifest.root / "course" / "quiz").glob("*.yaml")):
        if path.stem not in lessons:
            problems.append(f"course/quiz/{path.name}: course.yaml has no unit '{path.stem}'.")
    for unit in manifest.units:
        if unit.short in chosen:
            _read_unit(unit.quiz, unit.short, lessons, questions, where, problems)
    if problems:
        raise BankError(problems)
    return Bank(units, tuple(questions))


def _read_unit(
    path: Path,
    unit: str,
    lessons: dict[str, Path],
    questions: list[AnyQuestion],
    where: dict[str, str],
    problems: list[str],
) -> None:
    """Add a file's questions, or what is wrong with them."""
    file = f"course/quiz/{path.name}"
    try:
        source = path.read_text(encoding="utf-8")
        document = yaml.load(source, Loader=Loader)
    except OSError as error:
        problems.append(f"{file}: cannot be read ({error.strerror}).")
        return
    except yaml.MarkedYAMLError as error:
        place = f", line {error.problem_mark.line + 1}" if error.problem_mark else ""
        problems.append(f"{file}{place}: this is not YAML: {error.problem}.")
        return
    if not isinstance(document, dict) or not isinstance(document.get("questions"), list):
        problems.append(f"{file}, line 1: the file must hold 'unit: {unit}' and a list 'questions'.")
        return
    if document.get("unit") != unit:
        problems.append(f"{file}, line {line_of(source, ['unit'])}: 'unit' must be '{unit}', as the file is named.")

    for index, raw in enumerate(document["questions"]):
        found = _problems(raw, unit, lessons, where, path.parent / "pictures")
        name = raw.get("id", f"number {index + 1}") if isinstance(raw, dict) else f"number {index + 1}"
        for path_in_question, sentence in found:
            line = line_of(source, ["questions", index, *path_in_question])
            problems.append(f"{file}, line {line}, question {name}: {sentence}.")
        if not found:
            question = build_question(raw, unit, path.parent / "pictures")
            questions.append(question)
            where[question.id] = file


def _problems(
    raw: Any, unit: str, lessons: dict[str, Path], where: dict[str, str], pictures: Path
) -> list[tuple[list[str | int], str]]:
    if not isinstance(raw, dict):
        return [([], "a question is a mapping with id, kind, text and so on")]
    if raw.get("kind") not in KINDS:
        return [(["kind"], f"'kind' must be one of {', '.join(KINDS)}, not '{raw.get('kind')}'")]
    if isinstance(raw.get("others"), dict):
        raw["others"] = {str(line): why for line, why in raw["others"].items()}  # JSON's names are strings
    try:
        checker(raw["kind"])(raw)
    except JsonSchemaValueException as error:
        path: list[str | int] = [int(key) if key.isdigit() else key for key in error.path[1:]]
        place = ".".join(error.path[1:]) or "the question"
        return [(path, f"{place} {error.message.removeprefix(str(error.name)).strip()}")]
    found = list(problems_of(raw, unit))
    if raw["id"] in where:
        found.append((["id"], f"this id is already used in {where[raw['id']]}"))
    if "picture" in raw and not (pictures / f"{raw['picture']}.svg").is_file():
        found.append((["picture"], f"there is no course/quiz/pictures/{raw['picture']}.svg"))
    found += [(["read"], sentence) for sentence in _read_nowhere(raw["read"], lessons)]
    return found


def _read_nowhere(read: str, lessons: dict[str, Path]) -> list[str]:
    """What is wrong with a pointer such as "one_head#the-idea". That a lesson exists at all is the course's to check."""
    unit, _, anchor = read.partition("#")
    if unit not in lessons:
        return [f"course.yaml has no unit '{unit}'"]
    lesson = lessons[unit]
    known = sections(lesson) if lesson.is_file() else {anchor: ""}
    if anchor in known:
        return []
    return [f"{lesson.name} has no section '{anchor}'; its sections are {', '.join(known)}"]
