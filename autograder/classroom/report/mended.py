"""Which mistakes a learner made once and no longer makes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from ...checks import UnknownQuestion, question
from ..results import LearnerResult


@dataclass(frozen=True)
class Mended:
    """A mistake made in a question of `unit`, and the unit where it was right; the same unit when handed in again."""

    unit: str
    question: str
    mistake: str
    later: str


def mended(term: Sequence[LearnerResult], knows: Callable[[str], Collection[str]]) -> list[Mended]:
    """What a learner mended, over the units of a term in order.

    knows  the mistakes that a question can name: only where one of them could have been named does its absence say anything
    """
    found = []
    for place, one in enumerate(term):
        found += _mended_again(one)
        for marked in one.answers:
            for mistake in marked.answer.mistakes:
                later = next((two for two in term[place + 1 :] if _is_right(two, mistake["name"], knows)), None)
                if later is not None:
                    found.append(Mended(one.unit, marked.answer.question, mistake["name"], later.unit))
    return found


def _mended_again(one: LearnerResult) -> list[Mended]:
    passed = {marked.answer.question for marked in one.answers if marked.answer.outcome == "passed"}
    made = {(asked, name) for before in one.earlier for asked, names in before.mistakes.items() for name in names}
    return [Mended(one.unit, asked, name, one.unit) for asked, name in sorted(made) if asked in passed]


def _is_right(one: LearnerResult, mistake: str, knows: Callable[[str], Collection[str]]) -> bool:
    if any(mistake == made["name"] for marked in one.answers for made in marked.answer.mistakes):
        return False
    return any(m.answer.outcome == "passed" and mistake in knows(m.answer.question) for m in one.answers)


def known_to(asked: str) -> frozenset[str]:
    """The names of the mistakes that a question of the course can name."""
    try:
        return frozenset(mistake.name for mistake in question(asked).known_mistakes())
    except UnknownQuestion:
        return frozenset()
