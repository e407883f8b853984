"""An exception in a learner's code, explained: the line, what met there with its axes in letters, and what does not fit.

It names the fact and not the corrected line. `failures.py` knows the exceptions that NumPy learners meet.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .failed import Failure, Part
from .failures import FAILURES
from .letters import axes_of, told

_NOT_TEXT = re.compile(r"[^\x20-\x7e\u00a0-\u024f\u0370-\u03ff\u2026\u00b7]|`")


def plain_text(text: Any, most: int = 80) -> str:
    """A text of the learner's, on one line, without anything that a terminal or Markdown would act on."""
    return _NOT_TEXT.sub("", text[: 4 * most])[:most] if isinstance(text, str) else ""


def explain(error: Mapping[str, Any] | None, sizes: Mapping[str, int]) -> str:
    """What failed, in sentences; "" where there is no error or nothing is known of where it came from.

    error  what the recorder tells, which may be anything
    sizes  what the letters stand for in the call that failed
    """
    failure = _read(error, sizes)
    if failure is None:
        return ""
    said = next((said for rule in FAILURES if (said := rule(failure))), "")
    where = _where(failure)
    return " ".join(filter(None, [where, said])) if said or failure.parts else ""


def _where(failure: Failure) -> str:
    seen = [part for part in failure.parts if part.what]
    met = " and ".join(f"`{part.text}` is {part.what}" for part in _once(seen) if part.text != part.what)
    if not failure.line:
        return ""
    return f"In `{failure.line}`: {met}." if met else f"In `{failure.line}`:"


def _once(parts: list[Part]) -> list[Part]:
    return list({part.text: part for part in parts}.values())


def _read(error: Mapping[str, Any] | None, sizes: Mapping[str, int]) -> Failure | None:
    if not isinstance(error, Mapping):
        return None
    kinds = error.get("kind")
    listed = error.get("parts")
    return Failure(
        kinds=tuple(plain_text(kind) for kind in kinds[:8]) if isinstance(kinds, list) else (),
        message=plain_text(error.get("message"), 400),
        line=plain_text(error.get("line"), 160),
        operation=plain_text(error.get("operation"), 160),
        form=plain_text(error.get("form")),
        parts=tuple(_part(part, sizes) for part in listed[:8]) if isinstance(listed, list) else (),
    )


def _part(part: Any, sizes: Mapping[str, int]) -> Part:
    match part:
        case [str() as text, ["array", list() as shape, str() as dtype]] if len(shape) <= 8 and all(
            type(n) is int and n >= 0 for n in shape
        ):
            axes = axes_of(shape, sizes)
            return Part(plain_text(text), told(shape, axes), tuple(shape), axes, plain_text(dtype))
        case [str() as text, ["value", str() as value]]:
            return Part(plain_text(text), plain_text(value))
        case [str() as text, _]:
            return Part(plain_text(text))
    return Part("")
