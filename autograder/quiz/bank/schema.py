"""What a question's YAML may hold: one JSON schema for each kind, compiled when a question of that kind is met."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import fastjsonschema

CONCEPTS = (
    "one head",
    "scores",
    "scale",
    "softmax",
    "mixing",
    "order of steps",
    "several heads",
    "own projections",
    "head width",
    "concatenation",
    "shapes",
    "output projection",
    "parameters",
    "causal mask",
    "decoding",
    "cache cost",
    "debugging",
    "cross-attention",
    "masks",
    "reading weights",
)

Schema = dict[str, Any]

_TEXT: Schema = {"type": "string", "minLength": 1}


def _record(required: dict[str, Schema], optional: dict[str, Schema] | None = None) -> Schema:
    return {
        "type": "object",
        "properties": required | (optional or {}),
        "required": list(required),
        "additionalProperties": False,
    }


def _several(item: Schema, at_least: int) -> Schema:
    return {"type": "array", "items": item, "minItems": at_least}


_CHOICES = _several(_record({"text": _TEXT}, {"right": {"const": True}, "why": _TEXT, "missed": _TEXT}), 2)
_DISTRACTORS = _several(_record({"text": _TEXT, "why": _TEXT}), 1)
_SIZES = {"type": "object", "additionalProperties": _several({"type": "number"}, 1), "minProperties": 1}
_STEP = _record(
    {"key": {"type": "string", "pattern": "^[a-z][a-z0-9_]*$"}, "text": _TEXT},
    {"after": _several(_TEXT, 1), "lacks": _TEXT},
)

_KINDS: dict[str, tuple[dict[str, Schema], dict[str, Schema]]] = {
    "choice": ({"choices": _CHOICES}, {}),
    "several": ({"choices": _CHOICES}, {}),
    "number": (
        {
            "sizes": _SIZES,
            "answer": _TEXT,
            "wrong": _several(_record({"value": _TEXT, "why": _TEXT}), 1),
        },
        {"unit": _TEXT, "where": _TEXT},
    ),
    "order": ({"steps": _several(_STEP, 3)}, {"distractors": _DISTRACTORS}),
    "match": (
        {"pairs": _several(_record({"left": _TEXT, "right": _TEXT, "why": _TEXT}), 2)},
        {"others": _several(_record({"right": _TEXT, "why": _TEXT}), 1)},
    ),
    "shape": (
        {"answer": _TEXT, "wrong": _several(_record({"shape": _TEXT, "why": _TEXT}), 1)},
        {"equal": _several(_TEXT, 1), "letters": _TEXT},
    ),
    "bug": (
        {
            "listing": _TEXT,
            "line": {"type": "integer", "minimum": 1},
            "corrected": _TEXT,
            "others": {"type": "object", "patternProperties": {"^[1-9][0-9]*$": _TEXT}, "additionalProperties": False},
        },
        {},
    ),
}

KINDS = tuple(_KINDS)

_COMMON: dict[str, Schema] = {
    "id": {"type": "string", "pattern": r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$"},
    "concept": {"enum": list(CONCEPTS)},
    "difficulty": {"enum": [1, 2, 3]},
    "read": {"type": "string", "pattern": "^[a-z_]+#[a-z0-9_-]+$"},
    "text": _TEXT,
    "explanation": _TEXT,
}


@cache
def checker(kind: str) -> Callable[[Any], Any]:
    """The compiled schema of a kind; it raises fastjsonschema.JsonSchemaValueException with the path to the mistake."""
    required, optional = _KINDS[kind]
    picture = {"type": "string", "pattern": "^[a-z][a-z0-9_]*$"}
    schema = _record({**_COMMON, "kind": {"const": kind}, **required}, {**optional, "picture": picture})
    compiled: Callable[[Any], Any] = fastjsonschema.compile(schema)
    return compiled
