"""The bank as the browser takes it: plain JSON, texts as HTML, every variant worked out. Both web faces use it."""

from __future__ import annotations

from typing import Any

from .questions import (
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
from .reading import reading
from .sentences import GENERAL
from .text.html import to_html, to_inline_html
from .values import shown, solve

Card = dict[str, Any]


def page_data(bank: Bank) -> dict[str, Any]:
    """Everything the ES module needs: the units that have questions, the general sentences and the cards."""
    used = {question.unit for question in bank.questions}
    return {
        "units": [{"name": unit.name, "title": unit.title} for unit in bank.units if unit.name in used],
        "general": GENERAL,
        "cards": [card(question, reading(bank, question.read)) for question in bank.questions],
    }


def card(question: AnyQuestion, read: str) -> Card:
    """One question as JSON."""
    return {
        "id": question.id,
        "unit": question.unit,
        "kind": question.kind,
        "concept": question.concept,
        "difficulty": question.difficulty,
        "read": read,
        "text": to_html(question.text),
        "explanation": to_html(question.explanation),
        **_parts(question),
    }


def _parts(question: AnyQuestion) -> Card:
    match question:
        case ChoiceQuestion() | SeveralQuestion():
            return {
                "choices": [
                    {"text": to_inline_html(choice.text), "right": choice.right, "why": _optional(choice.why)}
                    for choice in question.choices
                ]
            }
        case NumberQuestion():
            # The texts with their sizes put in stand in the variants.
            return {
                "text": "",
                "explanation": "",
                "unit_name": question.counted_in,
                "variants": [_variant(question, variant) for variant in range(len(question.variants))],
            }
        case OrderingQuestion():
            return {
                "steps": [
                    {"text": to_inline_html(step.text), "after": list(step.after), "lacks": _optional(step.lacks)}
                    for step in question.steps
                ],
                "distractors": [
                    {"text": to_inline_html(distractor.text), "why": to_inline_html(distractor.why)}
                    for distractor in question.distractors
                ],
            }
        case MatchQuestion():
            return {
                "lefts": [
                    {"text": to_inline_html(pair.left), "right": pair.right, "why": to_inline_html(pair.why)}
                    for pair in question.pairs
                ],
                "rights": [
                    {"text": to_inline_html(right.text), "why": _optional(right.why)} for right in question.rights
                ],
            }
        case ShapeQuestion():
            return {
                "answer": question.answer,
                "equal": list(question.equal),
                "wrong": [{"shape": known.shape, "why": to_inline_html(known.why)} for known in question.wrong],
                "letters": _optional(question.letters),
            }
        case BugQuestion():
            return {
                "lines": list(question.listing),
                "line": question.line,
                "others": {str(number): to_inline_html(why) for number, why in question.others.items()},
            }


def _variant(question: NumberQuestion, variant: int) -> Card:
    solved = solve(question, variant)
    return {
        "text": to_html(solved.text),
        "explanation": to_html(solved.explanation),
        "answer": solved.answer,
        "shown": shown(solved.answer),
        "wrong": [{"value": value, "why": to_inline_html(why)} for value, why in solved.wrong],
    }


def _optional(markdown: str | None) -> str | None:
    return None if markdown is None else to_inline_html(markdown)
