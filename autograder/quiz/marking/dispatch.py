"""The one door to marking: any question, any answer, however odd."""

from __future__ import annotations

from typing import Any

from ..questions import (
    AnyQuestion,
    BugQuestion,
    ChoiceQuestion,
    MatchQuestion,
    NumberQuestion,
    OrderQuestion,
    SeveralQuestion,
    ShapeQuestion,
)
from .bug import mark_bug
from .choice import mark_choice, mark_several
from .mark import UNREADABLE, Mark
from .match import mark_match
from .number import mark_number
from .order import mark_order
from .shape import mark_shape


def _is_index(answer: Any) -> bool:
    return isinstance(answer, int) and not isinstance(answer, bool)


def mark(question: AnyQuestion, answer: Any, variant: int = 0) -> Mark:
    """Mark an answer as the question's class describes it; one of another type is unreadable, never an error."""
    match question, answer:
        case ChoiceQuestion(), int() if _is_index(answer):
            return mark_choice(question, answer)
        case BugQuestion(), int() if _is_index(answer):
            return mark_bug(question, answer)
        case SeveralQuestion(), list() if all(_is_index(item) for item in answer):
            return mark_several(question, answer)
        case OrderQuestion(), list() if all(_is_index(item) for item in answer):
            return mark_order(question, answer)
        case MatchQuestion(), list() if all(item is None or _is_index(item) for item in answer):
            return mark_match(question, answer)
        case NumberQuestion(), str():
            return mark_number(question, answer, variant)
        case ShapeQuestion(), str():
            return mark_shape(question, answer)
    return UNREADABLE
