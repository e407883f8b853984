"""What must hold of the terms, one by one and together. Each rule yields sentences; the loader adds the place."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import Any

from fastjsonschema import JsonSchemaValueException

from ...quiz.text.html import to_html
from .schema import DIFFICULTIES, DOMAINS, FIELDS, INDUSTRIES, checker

Raw = dict[str, Any]

LONGEST_DEFINITION = 40
"""Words: a definition is read on hover, in one look."""


def of_shape(raw: Raw) -> Iterator[str]:
    """Fields that are missing, unknown or of the wrong kind."""
    for name in FIELDS.keys() - raw.keys():
        yield f"the field '{name}' is missing; add it: {FIELDS[name].meaning}"
    for name in raw.keys() - FIELDS.keys():
        if name == "after":
            yield "'after' is worked out from the 'before' of other terms; remove it here and name this term there"
        else:
            yield f"'{name}' is not a field; remove it, or use one of {', '.join(FIELDS)}"
    for name in FIELDS.keys() & raw.keys():
        try:
            checker(name)(raw[name])
        except JsonSchemaValueException:
            yield f"'{name}' is {_short(raw[name])}; it must be {FIELDS[name].meaning}"


def of_one_term(raw: Raw, sections: Mapping[str, Collection[str]]) -> Iterator[str]:
    """What is wrong with a term of the right shape, taken alone.

    sections  the anchors of each unit's lesson, by the unit's name without its number
    """
    definition = raw["definition"].strip()
    if not definition.endswith(".") or re.search(r"[.!?]\s+[A-Z]", definition):
        yield f"'definition' is {_short(definition)}; write exactly one sentence, with a full stop at its end"
    if len(definition.split()) > LONGEST_DEFINITION:
        yield f"'definition' has {len(definition.split())} words; shorten it to {LONGEST_DEFINITION} at most"
    if "$" not in raw["explanation"]:
        yield "'explanation' has no formula; add the term's formula, or its shape, between dollar signs"
    for field, text in _texts(raw):
        try:
            to_html(text)
        except ValueError as error:
            yield f"in '{field}', {error}; write it in LaTeX as the lessons do"
    for domain in raw["domains"]:
        if domain not in DOMAINS:
            yield f"'{domain}' is not a domain; choose among {', '.join(DOMAINS)}"
    for industry, use in raw["industries"].items():
        if industry not in INDUSTRIES:
            yield f"'{industry}' is not an industry; choose among {', '.join(INDUSTRIES)}"
        if not use.strip().endswith("."):
            yield f"'industries.{industry}' is {_short(use)}; write a sentence that says how the term is used there"
    if raw["difficulty"] not in DIFFICULTIES:
        yield f"'{raw['difficulty']}' is not a difficulty; choose one of {', '.join(DIFFICULTIES)}"
    for lesson in raw["lessons"]:
        unit, _, anchor = lesson.partition("#")
        if unit not in sections:
            yield f"'lessons' names '{lesson}', but there is no unit '{unit}'; the units are {', '.join(sections)}"
        elif anchor not in sections[unit]:
            yield (
                f"'lessons' names '{lesson}', but that lesson has no section '{anchor}'; "
                f"its sections are {', '.join(sections[unit]) or 'none, so look whether the lesson is there'}"
            )


def between_terms(raws: Mapping[str, Raw]) -> Iterator[tuple[str, str]]:
    """What is wrong between the terms, by their ids: pairs of an id and a sentence."""
    for id, raw in raws.items():
        for field in ("related", "before"):
            for other in raw[field]:
                if other == id:
                    yield id, f"'{field}' names the term itself; remove it"
                elif other not in raws:
                    yield id, f"'{field}' names '{other}', but there is no such term; add the term or correct the id"
        for other in raw["before"]:
            if other in raws and _level(raws[other]) > _level(raw):
                yield (
                    id,
                    f"it is '{raw['difficulty']}' but 'before' names '{other}', which is '{raws[other]['difficulty']}'; "
                    "make this term at least as difficult, or that one less",
                )
    yield from _without_related(raws)
    yield from _related_twice(raws)
    yield from _spelled_twice(raws)
    yield from _circle(raws)


def _level(raw: Raw) -> int:
    return DIFFICULTIES.index(raw["difficulty"])


def _without_related(raws: Mapping[str, Raw]) -> Iterator[tuple[str, str]]:
    named = {other for raw in raws.values() for other in raw["related"]}
    for id, raw in raws.items():
        if not raw["related"] and id not in named:
            yield id, "'related' is empty and no other term names this one there; name a related term"


def _related_twice(raws: Mapping[str, Raw]) -> Iterator[tuple[str, str]]:
    seen: set[frozenset[str]] = set()
    for id, raw in raws.items():
        for other in raw["related"]:
            pair = frozenset((id, other))
            if pair in seen:
                yield id, f"'related' names '{other}', which names this term already; keep one of the two"
            seen.add(pair)
            if other in raw["before"] or (other in raws and id in raws[other]["before"]):
                yield id, f"'related' names '{other}', to which 'before' links already; remove it from 'related'"


def _spelled_twice(raws: Mapping[str, Raw]) -> Iterator[tuple[str, str]]:
    owner: dict[str, str] = {}
    for id, raw in raws.items():
        for spelling in (raw["name"], *raw["also"]):
            first = owner.setdefault(spelling.casefold(), id)
            if first != id:
                yield id, f"the spelling '{spelling}' belongs to the term '{first}' already; remove one of them"


def _circle(raws: Mapping[str, Raw]) -> Iterator[tuple[str, str]]:
    try:
        TopologicalSorter({id: raw["before"] for id, raw in raws.items()}).prepare()
    except CycleError as error:
        round_trip = error.args[1]
        yield (
            round_trip[0],
            f"'before' leads in a circle: {' comes before '.join(round_trip)}; remove one of these steps",
        )


def _texts(raw: Raw) -> Iterator[tuple[str, str]]:
    for field in ("definition", "explanation", "matters"):
        yield field, raw[field]
    for industry, text in raw["industries"].items():
        yield f"industries.{industry}", text


def _short(value: object) -> str:
    shown = repr(value)
    return shown if len(shown) <= 80 else f"{shown[:77]}..."
