"""Left sides matched to right sides."""

from __future__ import annotations

from collections.abc import Sequence

from ..questions import MatchQuestion
from .mark import UNREADABLE, Mark, Note


def mark_match(question: MatchQuestion, answer: Sequence[int | None]) -> Mark:
    """The share of left sides with their right side, and a sentence for each of the others."""
    given = [item for item in answer if item is not None]
    if len(answer) != len(question.pairs) or not given or not all(0 <= item < len(question.rights) for item in given):
        return UNREADABLE
    notes: list[Note] = []
    for left, (pair, item) in enumerate(zip(question.pairs, answer, strict=True)):
        if item is None:
            notes.append(("open", left))
        elif item != pair.right:
            notes.append(("pair", left) if question.rights[item].why is None else ("spare", item))
    return Mark((len(question.pairs) - len(notes)) / len(question.pairs), tuple(dict.fromkeys(notes)))
