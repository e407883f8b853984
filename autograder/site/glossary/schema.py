"""What a file of course/glossary may hold: its fields, what each is for, and the closed lists."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import fastjsonschema

DIFFICULTIES = ("beginner", "intermediate", "advanced")

DOMAINS = (
    "linear algebra",
    "probability",
    "numerical computing",
    "attention",
    "transformer architecture",
    "language modelling",
    "text generation",
    "training",
    "interpretability",
    "efficiency",
    "debugging",
)

# Each with what attention does there, so that nobody needs to guess whether a term belongs.
INDUSTRIES = {
    "machine translation": "Each word of the translation attends to the sentence that is translated.",
    "speech recognition": "Text is written token by token while it attends to frames of sound.",
    "search": "A query and a document are read together, and each word of one attends to the words of the other.",
    "recommendation": "The next item is predicted from the items that somebody has looked at, in their order.",
    "chat assistants": "An answer is generated token by token from the whole conversation so far.",
    "code assistants": "Code is completed and explained by models that attend over whole files.",
    "machine learning software": "Libraries, compilers and chips compute attention, and programs load and serve models.",
    "document analysis": "Contracts, reports and records are summarised, sorted and searched for facts.",
    "image generation": "Parts of a picture attend to each other and to the words of its description.",
    "medical imaging": "Patches of a scan or a tissue slide attend to each other to find signs of disease.",
    "protein structure prediction": "Residues of a protein attend to each other to find which of them lie close in space.",
    "drug discovery": "Molecules are read and written as sequences of atoms and bonds.",
    "genomics": "Stretches of DNA attend to far-away stretches that regulate them.",
    "autonomous driving": "Places around a car attend to camera pictures, and road users to each other and to lanes.",
    "weather forecasting": "Regions of the atmosphere attend to each other to predict the next hours.",
    "fraud detection": "A payment is judged beside the payments that came before it.",
}

Schema = dict[str, Any]

_TEXT: Schema = {"type": "string", "minLength": 1}


def _list(item: Schema, at_least: int) -> Schema:
    return {"type": "array", "items": item, "minItems": at_least, "uniqueItems": True}


_ID: Schema = {"type": "string", "pattern": "^[a-z][a-z0-9_]*(-[a-z0-9_]+)*$"}


@dataclass(frozen=True)
class Field:
    """A field of a term: what it must be, as a schema and in words that complete "it must be …"."""

    schema: Schema
    meaning: str


FIELDS = {
    "id": Field(_ID, "the term's name in links: lower-case letters, digits and underscores, joined by hyphens"),
    "name": Field(_TEXT, "the term as it stands in a sentence"),
    "also": Field(_list(_TEXT, 0), "a list of the term's other spellings, without repetition, or []"),
    "definition": Field(_TEXT, "one plain sentence"),
    "explanation": Field(_TEXT, "what the term is exactly, with its formula between dollar signs"),
    "matters": Field(_TEXT, "a text that says why the term matters"),
    "related": Field(_list(_ID, 0), "a list of ids of terms beside this one, without repetition, or []"),
    "before": Field(_list(_ID, 0), "a list of ids of terms to know first, without repetition, or []"),
    "domains": Field(_list(_TEXT, 1), "a list of at least one domain, without repetition"),
    "industries": Field(
        {"type": "object", "additionalProperties": _TEXT, "minProperties": 1},
        "a mapping of at least one industry to a sentence that says how the term is used there",
    ),
    "difficulty": Field(_TEXT, f"one of {', '.join(DIFFICULTIES)}"),
    "keywords": Field(_list(_TEXT, 2), "a list of at least two words or phrases that people may search by"),
    "lessons": Field(
        _list({"type": "string", "pattern": "^[a-z_]+#[a-z0-9_-]+$"}, 1),
        "a list of at least one lesson section, written like one_head#why-the-scale",
    ),
}

HEADER = ("theme", "about", "terms")
"""The fields of a file: the theme's title, a sentence on which terms belong to it, and the terms."""


@cache
def checker(field: str) -> Callable[[Any], Any]:
    """The compiled schema of one field; it raises fastjsonschema.JsonSchemaValueException."""
    compiled: Callable[[Any], Any] = fastjsonschema.compile(FIELDS[field].schema)
    return compiled
