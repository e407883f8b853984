"""`hint("one_head.scores")`: three hints a question, free of charge."""

from __future__ import annotations

from functools import cache

import yaml

from ..checks import UnknownQuestion, question
from ..course import read
from .show import show
from .text import Note

LEVELS = ("the idea", "the shapes", "almost there")


@cache
def _ladder(unit: str) -> dict[str, list[str]]:
    """The hints of a unit's questions; none where the checks are an instructor's own."""
    path = next((one.hints for one in read().units if one.short == unit), None)
    ladders: dict[str, list[str]] = yaml.safe_load(path.read_text(encoding="utf-8")) if path else {}
    return ladders


def hint(question_id: str, level: int = 1) -> None:
    """Show a hint: 1 the idea, 2 the shapes, 3 almost there."""
    try:
        asked = question(question_id)
    except UnknownQuestion as error:
        print(error)
        return
    ladder = _ladder(asked.id.partition(".")[0]).get(asked.id)
    if ladder is None:
        print(f"{asked.id} is your instructor's own question: it has no hints here.")
        return
    if level not in range(1, len(ladder) + 1):
        print(f"There are hints 1 to {len(ladder)} for {asked.id}; you asked for {level!r}.")
        return
    more = f'Next: `hint("{asked.id}", {level + 1})`.' if level < len(ladder) else ""
    show(Note(f"Hint {level} of {len(ladder)}, {LEVELS[level - 1]}", ladder[level - 1], more))
