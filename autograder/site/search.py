"""What the book's search finds: lessons by section, terms, quiz questions and guides, written to one file at build time.

The browser ranks them (web/search.js) and needs no server. A page opened from a disk may not fetch a file, so the
entries are JSON inside a script, which any page can load.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from .. import course
from ..course import Course
from ..problem import Problem
from ..quiz.bank import load_bank
from ..quiz.questions import Bank, NumberQuestion
from ..quiz.reading import slug
from ..quiz.text.plain import to_plain
from ..quiz.values import asked
from .glossary import Glossary, load_glossary

KINDS = ("lesson", "term", "question", "guide")
"""The groups of the results, in the order in which they are shown."""


@dataclass(frozen=True)
class SearchEntry:
    """One thing to find. Texts are plain.

    kind      one of KINDS
    title     a section's heading, a term's name or a question's text
    place     where it stands: the lesson, the theme or the guide
    text      what else is searched, and for all but questions shown as an excerpt
    keywords  words that lead here without standing in the text
    url       the address, from the book's root
    """

    kind: str
    title: str
    place: str
    text: str
    keywords: str
    url: str


@dataclass(frozen=True)
class Addresses:
    """Where the book puts things, from its root: patterns with the names of what they hold in braces."""

    lesson: str = "lessons/{name}.html#{anchor}"
    term: str = "glossary.html#{id}"
    question: str = "lessons/{name}.html#{id}"
    guide: str = "{name}.html#{anchor}"


def search_entries(root: Path | None = None, addresses: Addresses | None = None) -> tuple[SearchEntry, ...]:
    """Everything that can be found, in the order of KINDS and then of the course.

    root  the folder that holds course/; the shipped one by default
    Raises Problem where a part of the course cannot be read.
    """
    at = addresses or Addresses()
    manifest = course.read(root)
    glossary = load_glossary(root)
    return (
        *_lessons(manifest, glossary, at),
        *_terms(glossary, at),
        *_questions(manifest, load_bank(root), at),
        *_guides(manifest.root, at),
    )


def write_search_index(folder: Path, root: Path | None = None, addresses: Addresses | None = None) -> Path:
    """Write search_index.js, which sets `mhaSearchEntries`, into a folder that exists, and return its path."""
    entries = [asdict(entry) for entry in search_entries(root, addresses)]
    path = folder / "search_index.js"
    data = json.dumps(entries, ensure_ascii=False, separators=(",", ":"))
    path.write_text(f"globalThis.mhaSearchEntries = {data};\n", encoding="utf-8")
    return path


def _lessons(manifest: Course, glossary: Glossary, at: Addresses) -> Iterator[SearchEntry]:
    """Each section, found by the words of the terms it teaches as well as by its own."""
    for number, unit in enumerate(manifest.units, start=1):
        for heading, body in _sections(_read(unit.lesson)):
            anchor = slug(heading)
            taught = [
                word
                for term in glossary.taught_in(unit.short)
                if any((section.unit, section.anchor) == (unit.short, anchor) for section in term.lessons)
                for word in (term.name, *term.also, *term.keywords)
            ]
            yield SearchEntry(
                kind="lesson",
                title=to_plain(heading),
                place=f"Lesson {number}, {unit.title}",
                text=_plain(body),
                keywords=_joined(taught),
                url=at.lesson.format(name=unit.name, anchor=anchor),
            )


def _terms(glossary: Glossary, at: Addresses) -> Iterator[SearchEntry]:
    titles = {theme.name: theme.title for theme in glossary.themes}
    for term in glossary.terms:
        yield SearchEntry(
            kind="term",
            title=term.name,
            place=f"Glossary, {titles[term.theme]}",
            text=" ".join(_plain(text) for text in (term.definition, term.explanation, term.matters)),
            keywords=_joined([*term.also, *term.keywords]),
            url=at.term.format(id=term.id),
        )


def _questions(manifest: Course, bank: Bank, at: Addresses) -> Iterator[SearchEntry]:
    """Only what a reader sees before answering: no choice and no explanation. Numbers are those of the first variant."""
    for question in bank.questions:
        unit = manifest.unit(question.unit)
        text = asked(question, 0) if isinstance(question, NumberQuestion) else question.text
        yield SearchEntry(
            kind="question",
            title=_plain(text),
            place=f"Quiz, {unit.title}",
            text="",
            keywords=question.concept,
            url=at.question.format(name=unit.name, id=question.id),
        )


def _guides(root: Path, at: Addresses) -> Iterator[SearchEntry]:
    for path in sorted((root / "course").glob("guide*.md")):
        found = _sections(_read(path))
        for heading, body in found:
            yield SearchEntry(
                kind="guide",
                title=to_plain(heading),
                place=to_plain(found[0][0]),
                text=_plain(body),
                keywords="",
                url=at.guide.format(name=path.stem, anchor=slug(heading)),
            )


def _read(page: Path) -> str:
    try:
        return page.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Problem(f"{page} cannot be searched, because it cannot be read ({error}). Write it as UTF-8.") from None


def _sections(markdown: str) -> list[tuple[str, str]]:
    """The page's title with what stands above the first section, then each section's heading and body."""
    found: list[tuple[str, list[str]]] = []
    fenced = False
    for line in markdown.splitlines():
        fenced ^= line.startswith("```")
        heading = None if fenced else re.match(r"##? (.+)", line)
        if heading:
            found.append((heading[1].strip(), []))
        elif found:
            found[-1][1].append(line)
    return [(heading, "\n".join(lines)) for heading, lines in found]


def _plain(markdown: str) -> str:
    """One line of plain text, without diagrams' sources; the cells of a table stand with dots between them."""
    words = re.sub(r"^```(mermaid|\{).*?^```|<!--.*?-->", "", markdown, flags=re.MULTILINE | re.DOTALL)
    words = re.sub(r"^\|[ :|-]+\|$", "", words, flags=re.MULTILINE)
    words = re.sub(r"^\| ?(.*?) ?\|$", lambda row: row[1].replace(" | ", " · ") + ";", words, flags=re.MULTILINE)
    return re.sub(r"[\s|]+", " ", to_plain(words)).strip()


def _joined(words: list[str]) -> str:
    return "; ".join(dict.fromkeys(words))
