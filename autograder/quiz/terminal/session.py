"""A session: which questions, in which order, and what is said at the end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from rich.console import Console

from ...problem import Problem
from ..asked import AskedQuestion
from ..draw import shuffled
from ..marking import AnswerMark
from ..progress import QuizProgress
from ..questions import AnyQuestion, Bank
from ..review import due_now, next_due
from . import show
from .ask import show_question, wait_for_answer
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


def run(
    console: Console, keys: Keys, bank: Bank, questions: Sequence[AnyQuestion], progress: QuizProgress, seed: int
) -> list[show.Answered]:
    """Ask the questions one after another, saving after each; ends early without loss when the user stops."""
    answers: list[show.Answered] = []
    try:
        for place, question in enumerate(questions, start=1):
            show.heading(console, question, place, len(questions))
            asked = AskedQuestion(question, seed)
            try:
                made = _marked(console, keys, asked)
            except Skip:
                continue
            progress.record(question.id, made.score == 1, date.today())
            show.verdict(console, bank, asked, made)
            answers.append(show.Answered(question, made))
            _tell(console, progress)
            if place < len(questions):
                keys.pause()
    except (Stop, KeyboardInterrupt):
        pass
    show.summary(console, bank, answers)
    return answers


def _marked(console: Console, keys: Keys, asked: AskedQuestion) -> AnswerMark:
    """Ask until there is an answer that can be read, and mark it."""
    show_question(console, asked)
    while True:
        made = asked.mark(wait_for_answer(console, keys, asked))
        if made.readable:
            return made
        show.unreadable(console, asked, made)


def _tell(console: Console, progress: QuizProgress) -> None:
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
