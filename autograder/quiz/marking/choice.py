"""One choice, or several."""

from __future__ import annotations

from collections.abc import Sequence

from ..questions import ChoiceQuestion, SeveralQuestion
from .mark import UNREADABLE, Mark


def mark_choice(question: ChoiceQuestion, answer: int) -> Mark:
    """Full marks for the right choice, otherwise the sentence of the one chosen."""
    if not 0 <= answer < len(question.choices):
        return UNREADABLE
    return Mark(1.0) if question.choices[answer].right else Mark(0.0, (("why", answer),))


def mark_several(question: SeveralQuestion, answer: Sequence[int]) -> Mark:
    """Each right choice earns its share, each wrong one costs a share."""
    chosen = set(answer)
    if not chosen or not chosen <= set(range(len(question.choices))):
        return UNREADABLE
    right = {index for index, choice in enumerate(question.choices) if choice.right}
    score = max(0, len(chosen & right) - len(chosen - right)) / len(right)
    wrong = [("why", index) for index in sorted(chosen - right)]
    missed = [("missed", index) for index in sorted(right - chosen)]
    return Mark(score, (*wrong, *missed))
