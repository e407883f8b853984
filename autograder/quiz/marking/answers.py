"""Marking any answer: one function for each kind of question, and the one that finds it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ..questions import (
    AnyQuestion,
    BugQuestion,
    ChoiceQuestion,
    MatchQuestion,
    NumberQuestion,
    OrderingQuestion,
    SeveralQuestion,
    ShapeQuestion,
)
from ..values import agrees, solve
from .number import read_number
from .shape import read_shape

Note = tuple[str, int]
"""Which sentence applies, and to which part: ("why", 2) is the sentence of the third choice. See sentences.py."""


@dataclass(frozen=True, slots=True)
class AnswerMark:
    """A score between 0 and 1 with notes; `readable` is False where the answer must be given again and does not count."""

    score: float
    notes: tuple[Note, ...] = ()
    readable: bool = True

    @property
    def verdict(self) -> str:
        """One of "right", "partly", "wrong" and "unreadable"."""
        if not self.readable:
            return "unreadable"
        return "right" if self.score == 1 else "partly" if self.score > 0 else "wrong"


_RIGHT = AnswerMark(1.0)
_UNREADABLE = AnswerMark(0.0, (("unreadable", 0),), readable=False)


def mark(question: AnyQuestion, answer: Any, variant: int = 0) -> AnswerMark:
    """Mark an answer as the question's class describes it; one of another type is unreadable, never an error."""
    match question, answer:
        case ChoiceQuestion(), int() if _is_index(answer):
            return _choice(question, answer)
        case BugQuestion(), int() if _is_index(answer):
            return _bug(question, answer)
        case SeveralQuestion(), list() if all(_is_index(item) for item in answer):
            return _several(question, answer)
        case OrderingQuestion(), list() if all(_is_index(item) for item in answer):
            return _ordering(question, answer)
        case MatchQuestion(), list() if all(item is None or _is_index(item) for item in answer):
            return _match(question, answer)
        case NumberQuestion(), str():
            return _number(question, answer, variant)
        case ShapeQuestion(), str():
            return _shape(question, answer)
    return _UNREADABLE


def _is_index(answer: Any) -> bool:
    return isinstance(answer, int) and not isinstance(answer, bool)


def _choice(question: ChoiceQuestion, answer: int) -> AnswerMark:
    """Full marks for the right choice, otherwise the sentence of the one chosen."""
    if not 0 <= answer < len(question.choices):
        return _UNREADABLE
    return _RIGHT if question.choices[answer].right else AnswerMark(0.0, (("why", answer),))


def _several(question: SeveralQuestion, answer: Sequence[int]) -> AnswerMark:
    """Each right choice earns its share, each wrong one costs a share."""
    chosen = set(answer)
    if not chosen or not chosen <= set(range(len(question.choices))):
        return _UNREADABLE
    right = {index for index, choice in enumerate(question.choices) if choice.right}
    score = max(0, len(chosen & right) - len(chosen - right)) / len(right)
    wrong = [("why", index) for index in sorted(chosen - right)]
    missed = [("missed", index) for index in sorted(right - chosen)]
    return AnswerMark(score, (*wrong, *missed))


def _bug(question: BugQuestion, answer: int) -> AnswerMark:
    """Full marks for the wrong line, otherwise why the chosen line is fine."""
    if answer not in question.code_lines:
        return _UNREADABLE
    return _RIGHT if answer == question.line else AnswerMark(0.0, (("line", answer),))


def _number(question: NumberQuestion, answer: str, variant: int) -> AnswerMark:
    """Full marks for the answer of the variant, otherwise the sentence of the first known result it agrees with."""
    given = read_number(answer, question.counted_in)
    if given is None:
        return AnswerMark(0.0, (("no_number", 0),), readable=False)
    solved = solve(question, variant)
    if agrees(given, solved.answer):
        return _RIGHT
    for index, (value, _) in enumerate(solved.wrong):
        if agrees(given, value):
            return AnswerMark(0.0, (("known", index),))
    return AnswerMark(0.0, (("other_number", 0),))


def _shape(question: ShapeQuestion, answer: str) -> AnswerMark:
    """Full marks for the shape or one equal to it, otherwise a known mistake, or what can be seen axis by axis."""
    given = read_shape(answer)
    if given is None:
        return AnswerMark(0.0, (("no_shape", 0),), readable=False)
    right = read_shape(question.answer)
    if given == right or any(given == read_shape(equal) for equal in question.equal):
        return _RIGHT
    for index, known in enumerate(question.wrong):
        if given == read_shape(known.shape):
            return AnswerMark(0.0, (("known", index),))
    assert right is not None  # the bank's rules
    if len(given) != len(right):
        return AnswerMark(0.0, (("axes", len(given)),))
    if sorted(given) == sorted(right):
        return AnswerMark(0.0, (("axes_order", 0),))
    first = next(axis for axis, (came, wanted) in enumerate(zip(given, right, strict=True)) if came != wanted)
    return AnswerMark(0.0, (("axis", first),))


def _ordering(question: OrderingQuestion, answer: Sequence[int]) -> AnswerMark:
    """The share of the steps that stand after what they need, less a share for each thing that does not belong.

    Steps that need nothing are not counted, since they cannot stand wrong; left out, they leave a later step lacking.
    Only the first step that lacks something is named: what follows from it is not another mistake.
    """
    steps, offered = question.steps, len(question.steps) + len(question.distractors)
    if not answer or len(set(answer)) != len(answer) or not all(0 <= item < offered for item in answer):
        return _UNREADABLE
    foreign = [item for item in answer if item >= len(steps)]
    place = {item: position for position, item in enumerate(answer)}

    def has_what_it_needs(item: int) -> bool:
        return all(needed in place and place[needed] < place[item] for needed in steps[item].after)

    lacking = [item for item in answer if item < len(steps) and not has_what_it_needs(item)]
    left_out = [item for item in range(len(steps)) if item not in place]

    fitting = sum(bool(steps[item].after) and item not in lacking for item in place if item < len(steps))
    share = (fitting - len(foreign)) / sum(bool(step.after) for step in steps)
    notes: list[Note] = [("lacks", item) for item in lacking[:1]]
    notes += [("distractor", item - len(steps)) for item in foreign]
    if not lacking:
        notes += [("left_out", item) for item in left_out[:1]]
    return AnswerMark(max(0.0, share), tuple(notes))


def _match(question: MatchQuestion, answer: Sequence[int | None]) -> AnswerMark:
    """The share of left sides with their right side, and a sentence for each of the others."""
    given = [item for item in answer if item is not None]
    if len(answer) != len(question.pairs) or not given or not all(0 <= item < len(question.rights) for item in given):
        return _UNREADABLE
    notes: list[Note] = []
    for left, (pair, item) in enumerate(zip(question.pairs, answer, strict=True)):
        if item is None:
            notes.append(("open", left))
        elif item != pair.right:
            notes.append(("pair", left) if question.rights[item].why is None else ("spare", item))
    return AnswerMark((len(question.pairs) - len(notes)) / len(question.pairs), tuple(dict.fromkeys(notes)))
