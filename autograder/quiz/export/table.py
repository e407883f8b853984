"""The bank as a CSV table: a row for each question, and for each variant of a number."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from ..draw import shuffled
from ..questions import (
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
from ..reading import reading
from ..sentences import explanation, right_answer
from ..text.plain import to_plain, to_plain_lines
from ..values import shown, solve
from .shared import configuration_name

COLUMNS = (
    "id",
    "unit",
    "kind",
    "concept",
    "difficulty",
    "question",
    "options",
    "answer",
    "mistakes",
    "explanation",
    "read",
)


def table(bank: Bank) -> str:
    """The CSV text, with a header."""
    file = io.StringIO()
    writer = csv.DictWriter(file, COLUMNS)
    writer.writeheader()
    for question in bank.questions:
        common = {
            "unit": question.unit,
            "kind": question.kind,
            "concept": question.concept,
            "difficulty": question.difficulty,
            "read": reading(bank, question.read),
        }
        for row in _rows(question):
            writer.writerow({**common, **row})
    return file.getvalue()


def _rows(question: AnyQuestion) -> Iterator[dict[str, str]]:
    if isinstance(question, NumberQuestion):
        for variant in range(len(question.variants)):
            solved = solve(question, variant)
            yield {
                "id": configuration_name(question, variant),
                "question": _asked(question, solved.text),
                "answer": _lines(right_answer(question, variant)),
                "mistakes": _lines([f"{shown(value)}: {why}" for value, why in solved.wrong]),
                "explanation": to_plain_lines(solved.explanation),
            }
        return
    options, mistakes = _parts(question)
    if not isinstance(question, BugQuestion):  # in the bank's own order, right choices and right orders would show
        options = shuffled(options, 1, f"{question.id}/table")
    yield {
        "id": question.id,
        "question": _asked(question, question.text),
        "options": _lines(options),
        "answer": _lines(right_answer(question)),
        "mistakes": _lines(mistakes),
        "explanation": to_plain_lines(explanation(question)),
    }


def _asked(question: AnyQuestion, markdown: str) -> str:
    """All that is needed to answer, but for the options: also a picture in words, and the left sides of a match."""
    lines = [to_plain_lines(markdown)]
    if question.picture:
        lines.append(f"The picture in words: {question.picture.description}")
    match question:
        case MatchQuestion(pairs=pairs):
            lines += [f"- {to_plain(pair.left)}" for pair in pairs]
        case ShapeQuestion(letters=str() as letters):
            lines.append(to_plain(letters))
        case NumberQuestion(counted_in=str() as unit):
            lines.append(f"Give a number of {unit}.")
    return "\n".join(lines)


def _parts(question: AnyQuestion) -> tuple[list[str], list[str]]:
    """What is offered, and the sentences on mistakes, as Markdown."""
    match question:
        case ChoiceQuestion() | SeveralQuestion():
            wrong = [f"{choice.text}: {choice.why}" for choice in question.choices if choice.why]
            return [choice.text for choice in question.choices], wrong
        case OrderingQuestion():
            offered = [
                *(step.text for step in question.steps),
                *(distractor.text for distractor in question.distractors),
            ]
            lacking = [f"{step.text}: {step.lacks}" for step in question.steps if step.lacks]
            return offered, [*lacking, *(f"{distractor.text}: {distractor.why}" for distractor in question.distractors)]
        case MatchQuestion():
            spare = [f"{right.text}: {right.why}" for right in question.rights if right.why]
            return [right.text for right in question.rights], [*(f"{p.left}: {p.why}" for p in question.pairs), *spare]
        case ShapeQuestion():
            return [], [f"{known.shape}: {known.why}" for known in question.wrong]
        case BugQuestion():
            return [f"`{line}`" for line in question.listing], [
                f"line {n}: {why}" for n, why in question.others.items()
            ]
        case NumberQuestion():
            return [], []


def _lines(parts: list[str]) -> str:
    return "\n".join(to_plain(part) for part in parts)
