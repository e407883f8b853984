"""Loading the glossary: every file is read, and every mistake in it reported with file and term."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from ... import course
from ...problem import Problem
from ...quiz.reading import sections
from . import rules
from .schema import HEADER
from .terms import Glossary, Section, Term, Theme

Raw = dict[str, Any]
_LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml's, where there is one
Headings = Mapping[str, Mapping[str, str]]
"""The headings of each unit's lesson by their anchors, by the unit's name without its number."""


class GlossaryError(Problem):
    """The glossary holds mistakes. `problems` has one sentence for each, with the file and the term."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(["The glossary has mistakes:", *problems]))
        self.problems = problems


def load_glossary(root: Path | None = None) -> Glossary:
    """The terms of course/glossary, in the order of the files.

    root  the folder that holds course/; the shipped one by default
    Raises GlossaryError with every mistake found, and Problem where there is no course.
    """
    manifest = course.read(root)
    headings = {unit.short: sections(unit.lesson) if unit.lesson.is_file() else {} for unit in manifest.units}
    themes: list[Theme] = []
    raws: dict[str, Raw] = {}
    file_of: dict[str, str] = {}
    problems: list[str] = []
    for path in sorted((manifest.root / "course" / "glossary").glob("*.yaml")):
        file = f"course/glossary/{path.name}"
        try:
            document = _read(path)
        except Problem as problem:
            problems.append(f"{file}: {problem}")
            continue
        themes.append(Theme(path.stem, document["theme"].strip(), document["about"].strip()))
        for number, raw in enumerate(document["terms"], start=1):
            label = raw.get("id", f"number {number}") if isinstance(raw, dict) else f"number {number}"
            found = _problems(raw, headings, file_of)
            problems += [f"{file}, term {label}: {sentence}." for sentence in found]
            if not found:
                raws[raw["id"]] = raw | {"theme": path.stem}
                file_of[raw["id"]] = file
    if not themes and not problems:
        problems.append("course/glossary: there is no YAML file; add one with the fields theme, about and terms.")
    if not problems:  # a term that could not be read would only seem to be missing
        problems = [f"{file_of[id]}, term {id}: {sentence}." for id, sentence in rules.between_terms(raws)]
    if problems:
        raise GlossaryError(problems)
    return Glossary(tuple(themes), tuple(_term(raw, raws, headings) for raw in raws.values()))


def _read(path: Path) -> Raw:
    """A file's three fields. Raises Problem with a sentence that does not name the file."""
    try:
        document = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)
    except (OSError, UnicodeDecodeError) as error:
        raise Problem(f"the file cannot be read ({error}); write it as UTF-8 text.") from None
    except yaml.MarkedYAMLError as error:
        line = f"line {error.problem_mark.line + 1} " if error.problem_mark else "it "
        raise Problem(f"{line}is not YAML ({error.problem}); correct it.") from None
    except yaml.YAMLError as error:
        raise Problem(f"this is not YAML ({error}); correct it.") from None
    if not isinstance(document, dict) or set(document) != set(HEADER):
        given = ", ".join(map(str, document)) if isinstance(document, dict) else type(document).__name__
        raise Problem(f"the file holds {given or 'nothing'}; it must hold exactly {', '.join(HEADER)}.")
    for name in ("theme", "about"):
        if not isinstance(document[name], str) or not document[name].strip():
            raise Problem(f"'{name}' is {document[name]!r}; it must be a text.")
    if not isinstance(document["terms"], list) or not document["terms"]:
        raise Problem("'terms' must be a list of at least one term; add a term or remove the file.")
    return document


def _problems(raw: Any, headings: Headings, file_of: Mapping[str, str]) -> list[str]:
    if not isinstance(raw, dict):
        return [f"a term is a mapping with the fields id, name and so on, not {type(raw).__name__}; write it so"]
    found = sorted(rules.of_shape({str(name): value for name, value in raw.items()}))
    if found:
        return found
    found = list(rules.of_one_term(raw, headings))
    if raw["id"] in file_of:
        found.append(f"the id '{raw['id']}' is already used in {file_of[raw['id']]}; choose another")
    return found


def _term(raw: Raw, raws: Mapping[str, Raw], headings: Headings) -> Term:
    """The term, with the links that other terms keep for it."""
    id = raw["id"]
    named_by = [other for other, its in raws.items() if id in its["related"]]
    return Term(
        id=id,
        name=raw["name"],
        also=tuple(raw["also"]),
        theme=raw["theme"],
        definition=raw["definition"].strip(),
        explanation=raw["explanation"].strip(),
        matters=raw["matters"].strip(),
        related=(*raw["related"], *named_by),
        before=tuple(raw["before"]),
        after=tuple(other for other, its in raws.items() if id in its["before"]),
        domains=tuple(raw["domains"]),
        industries={industry: text.strip() for industry, text in raw["industries"].items()},
        difficulty=raw["difficulty"],
        keywords=tuple(raw["keywords"]),
        lessons=tuple(_section(lesson, headings) for lesson in raw["lessons"]),
    )


def _section(lesson: str, headings: Headings) -> Section:
    unit, _, anchor = lesson.partition("#")
    return Section(unit, anchor, headings[unit][anchor])
