"""What a glossary is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Section:
    """A section of a lesson: the unit `one_head`, the anchor `why-the-scale`, the heading `Why the scale`."""

    unit: str
    anchor: str
    heading: str


@dataclass(frozen=True)
class Term:
    """One term. Texts are Markdown with formulas between dollar signs, as in the lessons.

    id           its name in links and addresses, such as ``causal-mask``
    name         its name in a sentence, such as ``causal mask``
    also         other spellings that a text uses for it: plurals, abbreviations
    theme        the name of its theme, which is the name of its file
    definition   one sentence
    explanation  what it is exactly, with its formula
    matters      why it matters
    related      ids of terms beside it, in both directions
    before       ids of terms to know first
    after        ids of terms that name this one in their own `before`
    domains      fields it belongs to, from DOMAINS
    industries   where it is used: names from INDUSTRIES, each with a sentence that says how
    difficulty   one of DIFFICULTIES
    keywords     words that people may search by
    lessons      the sections it is taught in
    """

    id: str
    name: str
    also: tuple[str, ...]
    theme: str
    definition: str
    explanation: str
    matters: str
    related: tuple[str, ...]
    before: tuple[str, ...]
    after: tuple[str, ...]
    domains: tuple[str, ...]
    industries: Mapping[str, str]
    difficulty: str
    keywords: tuple[str, ...]
    lessons: tuple[Section, ...]

    @property
    def letter(self) -> str:
        """The capital letter under which it stands from A to Z."""
        return self.name[0].upper()


@dataclass(frozen=True)
class Theme:
    """One file of terms: its name, such as ``one_head``, its title, and a sentence on which terms belong here."""

    name: str
    title: str
    about: str


@dataclass(frozen=True)
class Glossary:
    """Every term, in the order of the files and in each file's own order."""

    themes: tuple[Theme, ...]
    terms: tuple[Term, ...]

    def term(self, id: str) -> Term:
        """The term of that id. Raises KeyError where there is none."""
        return self._by_id[id]

    def by_letter(self) -> dict[str, tuple[Term, ...]]:
        """The terms from A to Z, under their letters."""
        ordered = sorted(self.terms, key=lambda term: term.name.casefold())
        return {
            letter: tuple(term for term in ordered if term.letter == letter)
            for letter in sorted({term.letter for term in ordered})
        }

    def by_spelling(self) -> dict[str, Term]:
        """Every spelling in lower case, with the term it stands for: what to look for in a text."""
        return {spelling.casefold(): term for term in self.terms for spelling in (term.name, *term.also)}

    def taught_in(self, unit: str) -> tuple[Term, ...]:
        """The terms that a unit's lesson teaches, by the unit's name without its number."""
        return tuple(term for term in self.terms if any(section.unit == unit for section in term.lessons))

    @cached_property
    def _by_id(self) -> Mapping[str, Term]:
        return {term.id: term for term in self.terms}
