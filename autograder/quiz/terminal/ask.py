"""One question: shown, answered, and turned back into the answer that marking knows."""

from __future__ import annotations

from string import ascii_lowercase
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ..draw import shuffled
from ..questions import (
    AnyQuestion,
    BugQuestion,
    ChoiceQuestion,
    MatchQuestion,
    NumberQuestion,
    OrderQuestion,
    SeveralQuestion,
    ShapeQuestion,
)
from ..text.styled import to_blocks, to_text
from ..values import asked
from .keys import Keys


def ask(console: Console, keys: Keys, question: AnyQuestion, seed: int, variant: int) -> Any:
    """Show the question and wait for an answer; what is offered stands in an order drawn from the seed."""
    text = asked(question, variant) if isinstance(question, NumberQuestion) else question.text
    console.print(to_blocks(text))
    console.print()
    return answer_again(console, keys, question, seed, first=True)


def answer_again(console: Console, keys: Keys, question: AnyQuestion, seed: int, *, first: bool = False) -> Any:
    """Wait for an answer to a question that is on the screen already; `first` shows what there is to choose from."""
    match question:
        case ChoiceQuestion() | SeveralQuestion():
            shown = shuffled(range(len(question.choices)), seed, question.id)
            if first:
                _options(console, [to_text(question.choices[index].text) for index in shown])
            if isinstance(question, ChoiceQuestion):
                return _back(shown, [keys.letter(len(shown))])[0]
            console.print(Text("One or more are right.", style="dim"))
            return _back(shown, keys.letters(len(shown), toggle=True))
        case OrderQuestion():
            offered = [*(step.text for step in question.steps), *(stray.text for stray in question.distractors)]
            shown = shuffled(range(len(offered)), seed, question.id)
            if first:
                _options(console, [to_text(offered[index]) for index in shown])
            extra = " Not every step belongs." if question.distractors else ""
            console.print(Text(f"Give the letters in order, the first step first.{extra}", style="dim"))
            return _back(shown, keys.letters(len(shown), toggle=False))
        case MatchQuestion():
            shown = shuffled(range(len(question.rights)), seed, question.id)
            lefts = [to_text(pair.left) for pair in question.pairs]
            if first:
                _options(console, [to_text(question.rights[index].text) for index in shown])
                console.print(Text("Give a letter for each; a letter may serve twice.", style="dim"))
                for left in lefts:
                    console.print(Text.assemble("  · ", left))
            given = keys.slots(len(shown), lefts)
            return [None if item is None else _back(shown, [item])[0] for item in given]
        case BugQuestion():
            if first:
                _listing(console, question)
            chosen = keys.letter(len(question.code_lines))
            return question.code_lines[chosen] if chosen >= 0 else -1
        case ShapeQuestion():
            if question.letters and first:
                console.print(to_text(f"*{question.letters}*"))
            console.print(Text("Type a shape, such as (2, 5).", style="dim"))
            return keys.line()
        case NumberQuestion():
            unit = f" of {question.counted_in}" if question.counted_in else ""
            console.print(Text(f"Type a number{unit}.", style="dim"))
            return keys.line()


def _back(shown: list[int], given: list[int]) -> list[int]:
    return [shown[item] if item >= 0 else -1 for item in given]


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
