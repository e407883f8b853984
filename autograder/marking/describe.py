"""What a question checks, in words: for instructors, and for anyone who wants to know before answering."""

from __future__ import annotations

from dataclasses import dataclass

from .mistake import Mistake
from .question import Question


@dataclass(frozen=True)
class Description:
    """A question's facets with their shares of the points, the mistakes it can name, and the lesson's section."""

    question: str
    title: str
    points: float
    facets: tuple[tuple[str, float], ...]
    mistakes: tuple[Mistake, ...]
    read: str


def describe(question: Question) -> Description:
    """What `mha show` prints."""
    return Description(
        question.id, question.title, question.points, question.shares(), question.known_mistakes(), question.read
    )
