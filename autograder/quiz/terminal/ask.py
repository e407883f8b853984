"""One question on the screen, asked until there is an answer that can be marked."""

from __future__ import annotations

from collections.abc import Sequence
from string import ascii_lowercase
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ..asked import AnsweredQuestion, AskedQuestion
from ..questions import (
    BugQuestion,
    ChoiceQuestion,
    MatchQuestion,
    NumberQuestion,
    OrderingQuestion,
    SeveralQuestion,
    ShapeQuestion,
)
from ..text.styled import to_blocks, to_text
from .keys import Keys


def ask(console: Console, keys: Keys, asked: AskedQuestion) -> AnsweredQuestion:
    """Show a question and ask until there is an answer that can be read. Raises Stop or Skip when the user wants that."""
    _show(console, asked)
    while True:
        answered = asked.answered(_wait(console, keys, asked))
        if answered.mark.readable:
            return answered
        wanted = _what_to_type(asked)
        for sentence in [f"That is not an answer here. {wanted}"] if wanted else answered.sentences:
            console.print(to_text(sentence))


def _show(console: Console, asked: AskedQuestion) -> None:
    """The question and what there is to choose from."""
    console.print(to_blocks(asked.text))
    console.print()
    if asked.question.picture:
        console.print(Text(f"The picture in words: {asked.question.picture.description}", style="dim"))
        console.print()
    match asked.question:
        case ChoiceQuestion(choices=choices) | SeveralQuestion(choices=choices):
            _options(console, [to_text(choices[index].text) for index in asked.offered])
        case OrderingQuestion(steps=steps, distractors=distractors):
            texts = [*(step.text for step in steps), *(distractor.text for distractor in distractors)]
            _options(console, [to_text(texts[index]) for index in asked.offered])
        case MatchQuestion(pairs=pairs, rights=rights):
            _options(console, [to_text(rights[index].text) for index in asked.offered])
            console.print(Text("Give a letter for each; a letter may serve twice.", style="dim"))
            for pair in pairs:
                console.print(Text.assemble("  · ", to_text(pair.left)))
        case BugQuestion() as question:
            _listing(console, question)
        case ShapeQuestion(letters=str() as letters):
            console.print(to_text(f"*{letters}*"))


def _wait(console: Console, keys: Keys, asked: AskedQuestion) -> Any:
    """An answer as marking knows it, to a question that is on the screen."""
    question, offered = asked.question, asked.offered
    match question:
        case ChoiceQuestion():
            return _chosen(offered, [keys.letter(len(offered))])[0]
        case SeveralQuestion():
            console.print(Text("One or more are right.", style="dim"))
            return _chosen(offered, keys.letters(len(offered), toggle=True))
        case OrderingQuestion():
            extra = " Not every step belongs." if question.distractors else ""
            console.print(Text(f"Give the letters in order, the first step first.{extra}", style="dim"))
            return _chosen(offered, keys.letters(len(offered), toggle=False))
        case MatchQuestion():
            given = keys.slots(len(offered), [to_text(pair.left) for pair in question.pairs])
            return [None if item is None else _chosen(offered, [item])[0] for item in given]
        case BugQuestion():
            return _chosen(question.code_lines, [keys.letter(len(question.code_lines))])[0]
        case ShapeQuestion():
            console.print(Text("Type a shape, such as (2, 5). Type s to skip, q to stop.", style="dim"))
            return keys.line()
        case NumberQuestion():
            unit = f" of {question.counted_in}" if question.counted_in else ""
            console.print(Text(f"Type a number{unit}. Type s to skip, q to stop.", style="dim"))
            return keys.line()


def _what_to_type(asked: AskedQuestion) -> str | None:
    """What to type for a question that is answered by letters."""
    question = asked.question
    last = ascii_lowercase[len(question.code_lines if isinstance(question, BugQuestion) else asked.offered) - 1]
    match question:
        case ChoiceQuestion() | BugQuestion():
            return f"Type one letter, a to {last}."
        case SeveralQuestion():
            return f"Type letters from a to {last}, such as ac."
        case OrderingQuestion():
            return f"Type letters from a to {last} in order, each once, such as cab."
        case MatchQuestion():
            return f"Type {len(question.pairs)} letters from a to {last}, one for each; - leaves one open."
    return None


def _chosen(offered: Sequence[int], given: list[int]) -> list[int]:
    return [offered[item] if item >= 0 else -1 for item in given]


def _options(console: Console, options: list[Text]) -> None:
    table = Table.grid(padding=(0, 1))
    table.add_column(style="bold", no_wrap=True)
    table.add_column(ratio=1)
    for letter, option in zip(ascii_lowercase, options, strict=False):
        table.add_row(f" {letter}", option)
    console.print(table)
    console.print()


def _listing(console: Console, question: BugQuestion) -> None:
    letters = dict(zip(question.code_lines, ascii_lowercase, strict=False))
    table = Table.grid(padding=(0, 1))
    table.add_column(style="bold", no_wrap=True)
    table.add_column(style="dim", no_wrap=True, justify="right")
    table.add_column(ratio=1)
    for number, line in enumerate(question.listing, start=1):
        table.add_row(f" {letters.get(number, ' ')}", str(number), Text(line, style="cyan"))
    console.print(table)
    console.print()
