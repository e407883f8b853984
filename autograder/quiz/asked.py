"""A question as it is asked: which of its numbers it shows, and in which order it offers what can be chosen.

A face walks one way: draw the question (`AskedQuestion`), take an answer, `mark` it, show what `sentences` say.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .draw import shuffled, variant_of
from .marking import AnswerMark, mark
from .pace import expected_seconds
from .questions import (
    AnyQuestion,
    ChoiceQuestion,
    MatchQuestion,
    NumberQuestion,
    OrderingQuestion,
    SeveralQuestion,
)
from .sentences import explanation, labelled_sentence, right_answer
from .values import asked


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question and the seed that its numbers and its order are drawn from."""

    question: AnyQuestion
    seed: int

    @property
    def variant(self) -> int:
        """Which set of numbers it shows; 0 where it has none."""
        question = self.question
        return variant_of(self.seed, question.id, len(question.variants)) if isinstance(question, NumberQuestion) else 0

    @property
    def text(self) -> str:
        """The Markdown of the question. Nothing is worked out for it, so that NumPy need not be imported to ask."""
        question = self.question
        return asked(question, self.variant) if isinstance(question, NumberQuestion) else question.text

    @property
    def offered(self) -> list[int]:
        """What can be chosen, as indices in the order in which it is shown; empty where an answer is typed."""
        match self.question:
            case ChoiceQuestion(choices=choices) | SeveralQuestion(choices=choices):
                count = len(choices)
            case OrderingQuestion(steps=steps, distractors=distractors):
                count = len(steps) + len(distractors)
            case MatchQuestion(rights=rights):
                count = len(rights)
            case _:
                return []
        return shuffled(range(count), self.seed, self.question.id)

    @property
    def expected_seconds(self) -> float:
        """How long an answer takes, roughly; for the rating of one that came fast or slowly."""
        return expected_seconds(self.question)

    def mark(self, answer: Any) -> AnswerMark:
        """The mark of an answer; see the question's class for what an answer is."""
        return mark(self.question, answer, self.variant)

    def sentences(self, made: AnswerMark) -> list[str]:
        """The Markdown sentences behind a mark."""
        return [labelled_sentence(self.question, note, self.variant) for note in made.notes]

    @property
    def right_answer(self) -> list[str]:
        """The right answer as lines of Markdown."""
        return right_answer(self.question, self.variant)

    @property
    def explanation(self) -> str:
        """The Markdown of the explanation."""
        return explanation(self.question, self.variant)
