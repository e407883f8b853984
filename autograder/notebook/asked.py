"""Which question a learner is at, kept among the notebook's own names so that it ends with the kernel."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

from ..checks import questions

LAST = "_last_question"


def remember(names: MutableMapping[str, Any], question: str, solved: bool) -> None:
    names[LAST] = (question, solved)


def current(names: MutableMapping[str, Any]) -> str | None:
    """The question checked or asked about last, or the one after it where that is solved; None before any."""
    if LAST not in names:
        return None
    question, solved = names[LAST]
    unit = list(questions(question.partition(".")[0]))
    place = unit.index(question) + bool(solved)
    return unit[min(place, len(unit) - 1)]
