"""One question's way: drawn with its numbers and its order, answered, and then all that there is to say about the answer.

Data goes one way: `draw_question` makes an AskedQuestion, its `answered` makes an AnsweredQuestion. A face shows what they hold.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .draw import shuffled, variant_of
from .marking import AnswerMark, mark
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
    """A question as it is asked.

    variant  which set of its numbers it shows; 0 where it has none
    text     the Markdown of the question
    offered  what can be chosen, as indices in the order in which it is shown; empty where an answer is typed
    """

    question: AnyQuestion
    variant: int
    text: str
    offered: Sequence[int]

    def answered(self, answer: Any) -> AnsweredQuestion:
        """The marked answer; see the question's class for what an answer is."""
        question, variant = self.question, self.variant
        made = mark(question, answer, variant)
        return AnsweredQuestion(
            question,
            made,
            [labelled_sentence(question, note, variant) for note in made.notes],
            right_answer(question, variant),
            explanation(question, variant),
        )


@dataclass(frozen=True, slots=True)
class AnsweredQuestion:
    """A mark, and as Markdown the sentences behind it, the right answer line by line, and the explanation."""

    question: AnyQuestion
    mark: AnswerMark
    sentences: Sequence[str]
    right_answer: Sequence[str]
    explanation: str


def draw_question(question: AnyQuestion, seed: int) -> AskedQuestion:
    """The question with the numbers and the order of a seed. Nothing is worked out, so asking does not import NumPy."""
    offered = shuffled(range(_count_offered(question)), seed, question.id)
    if not isinstance(question, NumberQuestion):
        return AskedQuestion(question, 0, question.text, offered)
    variant = variant_of(seed, question.id, len(question.variants))
    return AskedQuestion(question, variant, asked(question, variant), offered)


def _count_offered(question: AnyQuestion) -> int:
    match question:
        case ChoiceQuestion(choices=choices) | SeveralQuestion(choices=choices):
            return len(choices)
        case OrderingQuestion(steps=steps, distractors=distractors):
            return len(steps) + len(distractors)
        case MatchQuestion(rights=rights):
            return len(rights)
    return 0
