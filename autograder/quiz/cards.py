"""The bank as the browser takes it: plain JSON, texts as HTML, every variant worked out. Both web faces use it."""

from __future__ import annotations

from collections.abc import Callable
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
from .reading import address, reading
from .sentences import GENERAL, explanation
from .text.html import to_html, to_inline_html
from .values import fill, shown, solve

Card = dict[str, Any]


def page_data(bank: Bank, lessons: str | None = None) -> dict[str, Any]:
    """Everything the ES module needs: the units that have questions, the general sentences and the cards.

    lessons  the address of the lessons' folder, ending in "/"; without it the sections to read are no links
    """
    used = {question.unit for question in bank.questions}
    numbered = enumerate(bank.units, start=1)
    return {
        "units": [{"name": u.name, "number": number, "title": u.title} for number, u in numbered if u.name in used],
        "general": GENERAL,
        "lessons": lessons,
        "cards": [
            {**card(question), "read": reading(bank, question.read), "href": address(bank, question.read)}
            for question in bank.questions
        ],
    }


def card(question: AnyQuestion) -> Card:
    """One question as JSON."""
    return {
        "id": question.id,
        "unit": question.unit,
        "kind": question.kind,
        "concept": question.concept,
        "difficulty": question.difficulty,
        "seconds": question.expected_seconds,
        "text": _template(question, question.text, to_html),
        "explanation": _template(question, _unfilled(question), to_html),
        "picture": question.picture and question.picture.svg,
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
            return {
                "unit_name": question.counted_in,
                "wrong": [{"why": _template(question, known.why, to_inline_html)} for known in question.wrong],
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


def _unfilled(question: AnyQuestion) -> str:
    return question.explanation if isinstance(question, NumberQuestion) else explanation(question)


def _template(question: AnyQuestion, markdown: str, to: Callable[[str], str]) -> str:
    """The HTML of a text; where numbers are drawn, each stands as its name between ⟦ and ⟧, for the module to put in.

    A formula must be read with a number in it, so numbers that occur nowhere else stand for the names until then.
    """
    if not isinstance(question, NumberQuestion):
        return to(markdown)
    names = [*(name for name, _ in question.sizes), "answer"]
    stand_ins = {name: str(77_770_001 + place) for place, name in enumerate(names)}
    html = to(fill(markdown, stand_ins))
    for name, number in stand_ins.items():
        html = html.replace(number, f"⟦{name}⟧")
    return html


def _variant(question: NumberQuestion, variant: int) -> Card:
    solved = solve(question, variant)
    numbers = {**question.variants[variant], "answer": solved.answer}
    return {
        "shown": {name: shown(number) for name, number in numbers.items()},
        "answer": solved.answer,
        "wrong": [value for value, _ in solved.wrong],
    }


def _optional(markdown: str | None) -> str | None:
    return None if markdown is None else to_inline_html(markdown)
