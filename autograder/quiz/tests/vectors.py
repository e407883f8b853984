"""Answers to every question of a bank with what must be said of them: right, partly right, wrong and odd.

What must come out is worked out here from the bank's own words, not by the marking that is tested with it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from autograder.quiz.questions import (
    AnyQuestion,
    Bank,
    BugQuestion,
    ChoiceQuestion,
    MatchQuestion,
    NumberQuestion,
    OrderingQuestion,
    SeveralQuestion,
    ShapeQuestion,
)
from autograder.quiz.values import solve


@dataclass(frozen=True)
class Vector:
    """An answer and the mark it must get; `score` is None where the answer cannot be read."""

    question: AnyQuestion
    variant: int
    answer: Any
    score: float | None
    notes: list[list[Any]]


def vectors(bank: Bank) -> list[Vector]:
    """All vectors of a bank."""
    return [vector for question in bank.questions for vector in _vectors(question)]


def _vectors(question: AnyQuestion) -> Iterator[Vector]:
    # Three of the configurations stand for all: what differs between them is worked out by one expression.
    variants = range(min(3, len(question.variants))) if isinstance(question, NumberQuestion) else range(1)
    for variant in variants:
        for answer, score, notes in _answers(question, variant):
            yield Vector(question, variant, answer, score, notes)
        for answer in (None, {}, -1, 99, [], [99], [-1], ["a"], [None], True, "?", ""):
            note = "unreadable"
            if isinstance(answer, str) and isinstance(question, NumberQuestion | ShapeQuestion):
                note = "no_number" if isinstance(question, NumberQuestion) else "no_shape"
            yield Vector(question, variant, answer, None, [[note, 0]])


def _answers(question: AnyQuestion, variant: int) -> Iterator[tuple[Any, float, list[list[Any]]]]:
    match question:
        case ChoiceQuestion():
            for index, choice in enumerate(question.choices):
                yield index, float(choice.right), [] if choice.right else [["why", index]]
        case SeveralQuestion():
            yield from _several(question)
        case NumberQuestion():
            yield from _number(question, variant)
        case OrderingQuestion():
            yield from _order(question)
        case MatchQuestion():
            yield from _match(question)
        case ShapeQuestion():
            for shape in (question.answer, *question.equal):
                for spelling in (
                    shape,
                    shape.upper(),
                    shape.replace(" ", ""),
                    shape.strip("()"),
                    f" [{shape.strip('()')}] ",
                ):
                    yield spelling, 1.0, []
            for index, known in enumerate(question.wrong):
                yield known.shape, 0.0, [["known", index]]
            axes = question.answer.count(",") + 1
            yield ", ".join(["11"] * (axes + 3)), 0.0, [["axes", axes + 3]]
            yield ", ".join(["11"] * axes) if axes > 1 else "(11,)", 0.0, [["axis", 0]]
        case BugQuestion():
            for number in question.code_lines:
                yield number, float(number == question.line), [] if number == question.line else [["line", number]]


def _several(question: SeveralQuestion) -> Iterator[tuple[Any, float, list[list[Any]]]]:
    right = [index for index, choice in enumerate(question.choices) if choice.right]
    wrong = [index for index, choice in enumerate(question.choices) if not choice.right]
    yield right, 1.0, []
    yield right[::-1], 1.0, []
    for index in right:
        missed = [["missed", other] for other in right if other != index]
        yield [index], 1 / len(right), missed
    for index in wrong:
        yield [*right, index], (len(right) - 1) / len(right), [["why", index]]
        yield [index], 0.0, [["why", index], *(["missed", other] for other in right)]
    everything = list(range(len(question.choices)))
    yield everything, max(0, len(right) - len(wrong)) / len(right), [["why", index] for index in wrong]


def _number(question: NumberQuestion, variant: int) -> Iterator[tuple[Any, float, list[list[Any]]]]:
    solved = solve(question, variant)
    written = str(solved.answer)
    for spelling in (written, f" {written} ", f"= {written}", f"+{written}" if solved.answer >= 0 else written):
        yield spelling, 1.0, []
    if question.counted_in:
        yield f"{written} {question.counted_in}", 1.0, []
    if isinstance(solved.answer, int):
        yield f"{written}.0", 1.0, []
        yield f"{solved.answer * 2}/2", 1.0, []
        if solved.answer >= 1000:
            yield f"{solved.answer:,}", 1.0, []
            yield f"{solved.answer:_}".replace("_", " "), 1.0, []
    else:
        yield written.replace(".", ","), 1.0, []
        yield f"{solved.answer:.4g}", 1.0, []
    for index, (value, _) in enumerate(solved.wrong):
        yield str(value), 0.0, [["known", index]]
    yield "-123456.5", 0.0, [["other_number", 0]]


def _order(question: OrderingQuestion) -> Iterator[tuple[Any, float, list[list[Any]]]]:
    steps = question.steps
    needy = sum(bool(step.after) for step in steps)
    right = _ready_order(question, last=False)
    yield right, 1.0, []
    yield _ready_order(question, last=True), 1.0, []
    # Turned round, a step comes before all it needs.
    turned = right[::-1]
    yield turned, 0.0, [["lacks", next(item for item in turned if steps[item].after)]]
    for index in range(len(question.distractors)):
        yield [*right, len(steps) + index], (needy - 1) / needy, [["distractor", index]]
    # Without its last step nothing else lacks anything, if nothing needs that step.
    last = right[-1]
    fitting = needy - bool(steps[last].after)
    yield right[:-1], fitting / needy, [["left_out", last]]
    # Without its first step, the first that needs it is named.
    lacking = [item for item in right if right[0] in steps[item].after]
    if lacking:
        yield right[1:], (needy - len(lacking)) / needy, [["lacks", lacking[0]]]


def _ready_order(question: OrderingQuestion, *, last: bool) -> list[int]:
    """A right order: at each place the first, or the last, of the steps that have all they need."""
    order: list[int] = []
    while len(order) < len(question.steps):
        ready = [
            item
            for item, step in enumerate(question.steps)
            if item not in order and all(needed in order for needed in step.after)
        ]
        order.append(ready[-1 if last else 0])
    return order


def _match(question: MatchQuestion) -> Iterator[tuple[Any, float, list[list[Any]]]]:
    right = [pair.right for pair in question.pairs]
    share = (len(right) - 1) / len(right)
    yield right, 1.0, []
    for left in range(len(right)):
        for item, side in enumerate(question.rights):
            if item != right[left]:
                note = ["pair", left] if side.why is None else ["spare", item]
                yield [*right[:left], item, *right[left + 1 :]], share, [note]
        yield [*right[:left], None, *right[left + 1 :]], share, [["open", left]]
