"""The arrays that appeared in a call of a learner's function, read from a record that may say anything."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..recording import record
from .explain import plain_text
from .matching import Array
from .seen import Call

_KINDS = ("name", "part", "returned", "result")


@dataclass(frozen=True)
class Noted:
    """An array that appeared in the learner's code.

    name   what it is called there, or the expression that makes it
    kind   "name", "part" (of a line), "returned" (by a function of theirs) or "result" (of the function asked for)
    depth  how many of the learner's functions lie around it
    """

    name: str
    kind: str
    depth: int
    array: Array


def failed(function: Callable[..., Any], call: Call) -> Mapping[str, Any] | None:
    """What failed in a call, as the recorder tells it; None where nothing did."""
    return recorded(function, call)[1]


def recorded(function: Callable[..., Any], call: Call) -> tuple[list[Noted], Mapping[str, Any] | None]:
    """The arrays that appear in a call, and what failed. Of a function on the other side of a line only plain data comes."""
    recorder = getattr(function, "__recorded__", None) or (lambda *args, **kwargs: record(function, args, kwargs))
    try:
        found = call.through(recorder)(*call.args, **call.kwargs)
    except Exception:
        return [], None
    return _read(found)


def _read(found: Any) -> tuple[list[Noted], Mapping[str, Any] | None]:
    """What is of the right form in a record."""
    if not isinstance(found, dict):
        return [], None
    listed = found.get("notes")
    notes = []
    for entry in listed[:400] if isinstance(listed, list) else []:
        match entry:
            case [str() as text, str() as kind, int() as depth, np.ndarray() as array] if kind in _KINDS:
                if array.dtype.kind in "biuf" and 1 <= array.ndim <= 6 and 0 < array.size <= 50_000:
                    notes.append(Noted(plain_text(text), kind, max(0, min(depth, 99)), array))
    error = found.get("error")
    return notes, error if isinstance(error, dict) else None


def without_doubles(notes: Sequence[Noted]) -> list[Noted]:
    """Each array once, where it first appeared, under the name that is nearest to the function asked for.

    Results come last, under the name that they have in the function.
    """
    found: dict[tuple[Any, ...], tuple[int, Noted]] = {}
    results = []
    for i, note in enumerate(notes):
        key = (note.array.shape, note.array.tobytes())
        first, known = found.get(key, (i, note))
        if note.kind == "result":
            results.append(Noted(known.name, "result", known.depth, note.array))
        else:
            found[key] = (first, min(known, note, key=lambda n: (n.depth, _KINDS.index(n.kind))))
    return [*(note for _, note in sorted(found.values(), key=lambda pair: pair[0])), *results]
