"""Spotting the wrong line of a listing."""

from __future__ import annotations

from ..questions import BugQuestion
from .mark import UNREADABLE, Mark


def mark_bug(question: BugQuestion, answer: int) -> Mark:
    """Full marks for the wrong line, otherwise why the chosen line is fine."""
    if answer not in question.code_lines:
        return UNREADABLE
    return Mark(1.0) if answer == question.line else Mark(0.0, (("line", answer),))
