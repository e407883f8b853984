"""When a question comes back: FSRS, the scheduler of the library `fsrs`, one card for each question.

Days are the unit: a record says on which day a question is due, and web/memory.js computes the same from the same file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fsrs import Card, Scheduler

AGAIN, HARD, GOOD, EASY = 1, 2, 3, 4
"""How well a question was remembered, as FSRS counts."""

RATINGS = {AGAIN: "again", HARD: "hard", GOOD: "good", EASY: "easy"}


@dataclass(frozen=True, slots=True)
class ReviewRecord:
    """What is known of one question. Stability is in days; it, the difficulty (1 to 10) and `due` come with a review."""

    asked: int = 0
    right: int = 0
    last: date | None = None
    stability: float | None = None
    difficulty: float | None = None
    due: date | None = None


def rating_of(score: float, seconds: float, expected: float) -> int:
    """The rating of an answer from its mark and the time it took, `expected` being what a question of its kind takes.

    Less than half the marks is "again", less than full marks or more than twice the time "hard", a third of it "easy".
    """
    if score < 0.5:
        return AGAIN
    if score < 1 or seconds > 2 * expected:
        return HARD
    return EASY if seconds < expected / 3 else GOOD


def reviewed(record: ReviewRecord, rating: int, right: bool, today: date) -> ReviewRecord:
    """The record after one more answer, with the day on which the question comes back."""
    from fsrs import Rating

    card, _ = _scheduler().review_card(_card(record), Rating(rating), _midnight(today))
    return ReviewRecord(
        asked=record.asked + 1,
        right=record.right + right,
        last=today,
        stability=card.stability,
        difficulty=card.difficulty,
        due=card.due.date(),
    )


def remembered(record: ReviewRecord, today: date) -> float:
    """How likely the question would be answered right today, from 0 (never asked) to 1."""
    if record.stability is None:
        return 0.0
    return _scheduler().get_card_retrievability(_card(record), _midnight(today))


def taken_over(asked: int, right: int, last: date | None, step: int | None, due: date | None) -> ReviewRecord:
    """A record of the first edition, which spaced wrong questions 1, 3, 7 and 16 days apart and forgot right ones.

    The interval it had reached becomes the stability; a question that was right at once gets that of a first "good".
    """
    record = ReviewRecord(asked, right, last)
    if last is None or not asked:
        return record
    first = reviewed(record, GOOD if due is None else AGAIN, bool(right), last)
    days = 16 if step is None and asked > 1 else (0, 1, 3, 7, 16)[min(step or 0, 4)]
    stability = max(first.stability or 0.0, float(days))
    return replace(first, asked=asked, right=right, stability=stability, due=due or first.due)


def due_now(records: Mapping[str, ReviewRecord], today: date) -> list[str]:
    """Questions to bring back, the longest overdue first."""
    waiting = [(record.due, name) for name, record in records.items() if record.due and record.due <= today]
    return [name for _, name in sorted(waiting)]


def next_due(records: Mapping[str, ReviewRecord], today: date) -> tuple[date, int] | None:
    """The next day on which something comes back, and how many questions do; None where nothing is waiting."""
    later = [record.due for record in records.values() if record.due and record.due > today]
    return (min(later), later.count(min(later))) if later else None


@cache
def _scheduler() -> Scheduler:
    """FSRS in whole days and without chance, so that the page and the terminal come to the same day."""
    from fsrs import Scheduler

    return Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)


def _card(record: ReviewRecord) -> Card:
    from fsrs import Card, State

    if record.stability is None or record.difficulty is None or record.last is None:
        return Card(card_id=1)
    return Card(1, State.Review, None, record.stability, record.difficulty, None, _midnight(record.last))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
