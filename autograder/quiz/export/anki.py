"""An Anki deck: a card for each question, with a subdeck for each unit, for those who review there."""

from __future__ import annotations

import zlib
from pathlib import Path

import genanki

from ..asked import AskedQuestion, draw_question
from ..questions import (
    AnyQuestion,
    Bank,
    BugQuestion,
    ChoiceQuestion,
    MatchQuestion,
    OrderingQuestion,
    SeveralQuestion,
    ShapeQuestion,
)
from ..reading import reading
from ..sentences import explanation, right_answer
from ..text.html import as_latex, to_html, to_inline_html
from .xml import el, listing_html, text

_SEED = 1
_STYLE = (
    ".card { font: 1.1rem/1.5 sans-serif; text-align: left; max-width: 40rem; margin: auto } img { max-width: 100% }"
)
_MODEL = genanki.Model(
    1_609_120_311,
    "Multi-head attention",
    fields=[{"name": "Question"}, {"name": "Answer"}, {"name": "Id"}],
    templates=[{"name": "Card", "qfmt": "{{Question}}", "afmt": "{{FrontSide}}<hr id=answer>{{Answer}}"}],
    css=_STYLE,
)


def write_anki(bank: Bank, file: Path) -> None:
    """Write the deck as an .apkg file. A card keeps its place in Anki when a later version of the deck is imported."""
    decks, media = [], set()
    for number, unit in enumerate(bank.units, start=1):
        own = [question for question in bank.questions if question.unit == unit.name]
        if not own:
            continue
        name = f"Multi-head attention::{number} {unit.title}"
        deck = genanki.Deck(zlib.crc32(f"mha-course/{unit.name}".encode()), name)
        for question in own:
            fields = [_front(question), _back(bank, question), question.id]
            tags = [question.concept.replace(" ", "_"), f"difficulty_{question.difficulty}"]
            deck.add_note(genanki.Note(_MODEL, fields, guid=genanki.guid_for("mha-course", question.id), tags=tags))
            if question.picture:
                media.add(str(question.picture.path))
        decks.append(deck)
    genanki.Package(decks, sorted(media)).write_to_file(file)


def _front(question: AnyQuestion) -> str:
    asked = draw_question(question, _SEED)
    picture = question.picture
    image = el("p", el("img", src=picture.path.name, alt=picture.description)) if picture else ""
    return to_html(asked.text, as_latex) + image + _offered(asked)


def _offered(asked: AskedQuestion) -> str:
    """What there is to choose from, in the order drawn."""
    match asked.question:
        case ChoiceQuestion(choices=choices) | SeveralQuestion(choices=choices):
            texts = [choice.text for choice in choices]
        case OrderingQuestion(steps=steps, distractors=distractors):
            texts = [*(step.text for step in steps), *(distractor.text for distractor in distractors)]
        case MatchQuestion(pairs=pairs, rights=rights):
            lefts = el("ul", *(el("li", to_inline_html(pair.left, as_latex)) for pair in pairs))
            return lefts + _lettered([rights[item].text for item in asked.offered])
        case BugQuestion(listing=listing):
            return listing_html(listing)
        case ShapeQuestion(letters=str() as letters):
            return el("p", to_inline_html(letters, as_latex))
        case _:
            return ""
    return _lettered([texts[item] for item in asked.offered])


def _lettered(texts: list[str]) -> str:
    return el("ol", *(el("li", to_inline_html(said, as_latex)) for said in texts), type="a")


def _back(bank: Bank, question: AnyQuestion) -> str:
    variant = draw_question(question, _SEED).variant
    bullet = "" if isinstance(question, OrderingQuestion) else "- "  # the lines of an order carry their numbers
    right = to_html("\n".join(bullet + line for line in right_answer(question, variant)), as_latex)
    return (
        right
        + to_html(explanation(question, variant), as_latex)
        + el("p", text(f"Read: {reading(bank, question.read)}"))
    )
