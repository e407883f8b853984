"""Spaced review: a question answered wrong comes back the same day, and after each right answer later and later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

DAYS = (1, 3, 7, 16)
"""How many days a question rests after its first, second … right review; after the last it is learnt."""


@dataclass(frozen=True, slots=True)
class ReviewRecord:
    """What is known of one question: `step` and `due` are None unless it is being reviewed."""

    asked: int = 0
    right: int = 0
    last: date | None = None
    step: int | None = None
    due: date | None = None


def answered(record: ReviewRecord, right: bool, today: date) -> ReviewRecord:
    """The record after one more answer.

    A right answer before the question is due changes nothing in its spacing: repeating at once is not remembering.
    """
    counted = replace(record, asked=record.asked + 1, right=record.right + right, last=today)
    if not right:
        return replace(counted, step=0, due=today)
    if record.step is None or record.due is None or record.due > today:
        return counted
    if record.step == len(DAYS):
        return replace(counted, step=None, due=None)
    return replace(counted, step=record.step + 1, due=today + timedelta(days=DAYS[record.step]))


def due_now(records: Mapping[str, ReviewRecord], today: date) -> list[str]:
    """Questions to bring back, the longest overdue first."""
    waiting = [(record.due, name) for name, record in records.items() if record.due and record.due <= today]
    return [name for _, name in sorted(waiting)]


def next_due(records: Mapping[str, ReviewRecord], today: date) -> tuple[date, int] | None:
    """The next day on which something comes back, and how many questions do; None where nothing is waiting."""
    later = [record.due for record in records.values() if record.due and record.due > today]
    return (min(later), later.count(min(later))) if later else None
