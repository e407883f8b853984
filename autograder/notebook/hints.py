"""`hint("one_head.scores")`: three hints a question, free of charge."""

from __future__ import annotations

import sys
from functools import cache

import yaml

from ..checks import UnknownQuestion, question
from ..course import read
from .asked import current, remember
from .show import show
from .text import Note

# The last hint shown of each question, kept among the learner's own names so that it ends with the kernel.
SHOWN = "_hints_shown"
LEVELS = ("the idea", "the shapes", "almost there")


@cache
def _ladder(unit: str) -> dict[str, list[str]]:
    """The hints of a unit's questions; none where the checks are an instructor's own."""
    path = next((one.hints for one in read().units if one.short == unit), None)
    ladders: dict[str, list[str]] = yaml.safe_load(path.read_text(encoding="utf-8")) if path else {}
    return ladders


def hint(question_id: str | None = None, level: int | None = None) -> None:
    """Show a hint: 1 the idea, 2 the shapes, 3 almost there. Without a level, each call says more.

    Without a question, it is the one that was checked or asked about last, or the next where that is solved.
    """
    names = sys._getframe(1).f_globals
    wanted = question_id if question_id is not None else current(names)
    if wanted is None:
        print("Run the check of the question first, or name the question, as its check does.")
        return
    try:
        asked = question(wanted)
    except UnknownQuestion as error:
        print(error)
        return
    ladder = _ladder(asked.id.partition(".")[0]).get(asked.id)
    if ladder is None:
        print(f"{asked.id} is your instructor's own question: it has no hints here.")
        return
    shown: dict[str, int] = names.setdefault(SHOWN, {})
    if level is None:
        level = min(shown.get(asked.id, 0) + 1, len(ladder))
    if level not in range(1, len(ladder) + 1):
        print(f"There are hints 1 to {len(ladder)} for {asked.id}; you asked for {level!r}.")
        return
    shown[asked.id] = level
    remember(names, asked.id, False)
    more = f'Run this again, or `hint("{asked.id}", {level + 1})`, for the next.' if level < len(ladder) else ""
    show(Note(f"Hint {level} of {len(ladder)}, {LEVELS[level - 1]}", ladder[level - 1], more))
