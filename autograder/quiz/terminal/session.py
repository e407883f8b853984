"""A session: which questions, in which order, and what is said at the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from time import monotonic

from rich.console import Console

from ...problem import Problem
from ..asked import AnsweredQuestion, draw_question
from ..draw import shuffled
from ..progress import QuizProgress
from ..questions import AnyQuestion, Bank
from ..review import ReviewRecord, due_now, next_due, rating_of
from . import show
from .ask import ask
from .keys import Keys, Skip, Stop


def choose(bank: Bank, *, difficulty: int | None, seed: int, count: int) -> list[AnyQuestion]:
    """Questions of the bank in an order drawn from the seed, the easier ones first; Problem where none fit."""
    fitting = [question for question in bank.questions if difficulty in (None, question.difficulty)]
    if not fitting:
        raise Problem("No question fits. Leave out --difficulty, or choose another unit.")
    drawn = shuffled(fitting, seed, "session")[:count]
    return sorted(drawn, key=lambda question: question.difficulty)


def choose_due(
    bank: Bank, progress: QuizProgress, *, difficulty: int | None, count: int, today: date
) -> list[AnyQuestion]:
    """Questions that were wrong before and are due today, the longest overdue first."""
    known = {question.id: question for question in bank.questions if difficulty in (None, question.difficulty)}
    return [known[name] for name in due_now(progress.records, today) if name in known][:count]


@dataclass(frozen=True, slots=True)
class _Recorded:
    """An answer that was saved: the record that it found, and the rating that it was given."""

    answered: AnsweredQuestion
    before: ReviewRecord
    rating: int


def run(
    console: Console, keys: Keys, bank: Bank, questions: Sequence[AnyQuestion], progress: QuizProgress, seed: int
) -> list[AnsweredQuestion]:
    """Ask the questions one after another, saving after each; what was missed comes once more at the end.

    Ends early without loss when the user stops. Marks are those of the first answers.
    """
    answers: list[AnsweredQuestion] = []
    missed: list[AnyQuestion] = []
    try:
        for place, question in enumerate(questions, start=1):
            show.heading(console, question, f"{place} of {len(questions)}")
            recorded = _ask(console, keys, bank, question, seed, progress)
            if not recorded:
                continue
            answers.append(recorded.answered)
            missed += [question] if recorded.answered.mark.score < 1 else []
            if place < len(questions) or missed:
                _pause(console, keys, progress, recorded)
        for place, question in enumerate(missed, start=1):
            show.heading(console, question, f"once more, {place} of {len(missed)}")
            recorded = _ask(console, keys, bank, question, seed + 1, progress)
            if recorded and place < len(missed):
                _pause(console, keys, progress, recorded)
    except (Stop, KeyboardInterrupt):
        pass
    show.summary(console, bank, answers)
    return answers


def _ask(
    console: Console, keys: Keys, bank: Bank, question: AnyQuestion, seed: int, progress: QuizProgress
) -> _Recorded | None:
    """One question's way: draw, ask, mark, remember, say. None where it was skipped."""
    began = monotonic()
    try:
        answered = ask(console, keys, draw_question(question, seed))
    except Skip:
        return None
    score, today = answered.mark.score, date.today()
    rating = rating_of(score, monotonic() - began, question.expected_seconds)
    before = progress.records.get(question.id, ReviewRecord())
    record = progress.record(question.id, rating, score == 1, today)
    show.verdict(console, bank, answered)
    show.comes_back(console, record, today)
    _show_notices(console, progress)
    return _Recorded(answered, before, rating)


def _pause(console: Console, keys: Keys, progress: QuizProgress, recorded: _Recorded) -> None:
    """Wait until the user has read; the user may say how well the question was remembered."""
    rating, today = keys.pause(recorded.rating), date.today()
    if rating != recorded.rating:
        right = recorded.answered.mark.score == 1
        record = progress.correct(recorded.answered.question.id, recorded.before, rating, right, today)
        show.comes_back(console, record, today)


def _show_notices(console: Console, progress: QuizProgress) -> None:
    """Notices that came up while saving, each once."""
    while progress.notices:
        console.print(progress.notices.pop(0), style="yellow")


def closing(console: Console, progress: QuizProgress, today: date) -> None:
    """What comes back, and when."""
    waiting = len(due_now(progress.records, today))
    if waiting:
        noun = "question comes" if waiting == 1 else "questions come"
        console.print(f"\n{waiting} {noun} back with: mha quiz --review")
        return
    later = next_due(progress.records, today)
    if later:
        day, count = later
        console.print(f"\nNothing is due today. On {day:%-d %B}, {count} to review: mha quiz --review")
