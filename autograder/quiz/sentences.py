"""The sentences behind a mark's notes: the bank's own, and the few that serve every question."""

from __future__ import annotations

from .marking import Note
from .questions import (
    AnyQuestion,
    BugQuestion,
    ChoiceQuestion,
    MatchQuestion,
    NumberQuestion,
    OrderingQuestion,
    SeveralQuestion,
    ShapeQuestion,
)
from .values import shown, solve

GENERAL = {
    "unreadable": "That is not an answer to this question; please choose again.",
    "no_number": "That is not a number. Type one such as 64, 0.5 or 3/8.",
    "no_shape": "That is not a shape. Type its axes with commas between them, such as (2, 5).",
    "other_number": "This number is none of the common mistakes. Go through the calculation one step at a time.",
    "axes": "The number of axes differs: yours has {n}.",
    "axes_order": "These are the right axes in another order.",
    "axis": "Axis {n} differs; count the axes from 1.",
    "open": "Nothing was matched to: {text}",
    "left_out": "This step was left out: {text}",
}
"""{n} is the note's number, {text} the part of the question it is about."""


def sentence(question: AnyQuestion, note: Note, variant: int = 0) -> str:
    """The Markdown sentence for one of the notes of a mark."""
    name, index = note
    match name, question:
        case "why" | "missed", ChoiceQuestion() | SeveralQuestion():
            return question.choices[index].why or ""
        case "known", NumberQuestion():
            return solve(question, variant).wrong[index][1]
        case "known", ShapeQuestion():
            return question.wrong[index].why
        case "lacks", OrderingQuestion():
            return question.steps[index].lacks or ""
        case "distractor", OrderingQuestion():
            return question.distractors[index].why
        case "pair", MatchQuestion():
            return question.pairs[index].why
        case "spare", MatchQuestion():
            return question.rights[index].why or ""
        case "line", BugQuestion():
            return question.others[index]
        case "open", MatchQuestion():
            return GENERAL[name].replace("{text}", question.pairs[index].left)
        case "left_out", OrderingQuestion():
            return GENERAL[name].replace("{text}", question.steps[index].text)
        case "axis", _:
            return GENERAL[name].replace("{n}", str(index + 1))
    return GENERAL[name].replace("{n}", str(index))


def labelled_sentence(question: AnyQuestion, note: Note, variant: int = 0) -> str:
    """The Markdown sentence for a note, after the part of the question it is about where an answer has several parts."""
    part = _part(question, note)
    said = sentence(question, note, variant)
    return said if part is None else f"**{part}:** {said}"


def _part(question: AnyQuestion, note: Note) -> str | None:
    name, index = note
    match name, question:
        case "why" | "missed", SeveralQuestion():
            return question.choices[index].text
        case "lacks", OrderingQuestion():
            return question.steps[index].text
        case "distractor", OrderingQuestion():
            return question.distractors[index].text
        case "pair", MatchQuestion():
            return question.pairs[index].left
        case "spare", MatchQuestion():
            return question.rights[index].text
    return None


def right_answer(question: AnyQuestion, variant: int = 0) -> list[str]:
    """The right answer as lines of Markdown."""
    match question:
        case ChoiceQuestion() | SeveralQuestion():
            return [choice.text for choice in question.choices if choice.right]
        case NumberQuestion():
            return [f"{shown(solve(question, variant).answer)} {question.counted_in or ''}".strip()]
        case OrderingQuestion():
            return [f"{place}. {step.text}" for place, step in enumerate(question.steps, start=1)]
        case MatchQuestion():
            return [f"{pair.left} → {question.rights[pair.right].text}" for pair in question.pairs]
        case ShapeQuestion():
            return [f"`{question.answer}`"]
        case BugQuestion():
            return [f"line {question.line}: `{question.listing[question.line - 1].strip()}`"]


def explanation(question: AnyQuestion, variant: int = 0) -> str:
    """The Markdown of the explanation, with the corrected line of a listing."""
    match question:
        case NumberQuestion():
            return solve(question, variant).explanation
        case BugQuestion():
            return f"{question.explanation}\n\nLine {question.line} as it should be: `{question.corrected}`"
    return question.explanation
