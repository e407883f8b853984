"""What the quiz says besides the questions: headings, verdicts, explanations and the summary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from rich.console import Console
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from ..asked import AnsweredQuestion
from ..questions import AnyQuestion, Bank, OrderingQuestion
from ..reading import reading
from ..review import ReviewRecord, remembered
from ..text.styled import to_blocks, to_text

_VERDICTS = {
    "right": ("✓ Right", "bold green"),
    "partly": ("◐ Partly right", "bold yellow"),
    "wrong": ("✗ Not right", "bold red"),
}


def heading(console: Console, question: AnyQuestion, place: str) -> None:
    """The line above a question: how far, what about, how hard."""
    dots = "●" * question.difficulty + "○" * (3 - question.difficulty)
    console.print()
    console.print(Rule(Text(f"{place} · {question.concept} · {dots}"), align="left", style="dim"))
    console.print()


def verdict(console: Console, bank: Bank, answered: AnsweredQuestion) -> None:
    """Right or wrong, the mistake, the answer, the explanation, and where to read."""
    mark, question = answered.mark, answered.question
    words, style = _VERDICTS[mark.verdict]
    share = f" ({mark.score:.0%})" if mark.verdict == "partly" else ""
    console.print()
    console.print(Text(words + share, style=style))
    for sentence in answered.sentences:
        console.print(Padding(to_text(sentence), (0, 0, 0, 2)))
    if mark.verdict != "right":
        answers = answered.right_answer
        console.print()
        if isinstance(question, OrderingQuestion):
            console.print(Text("One right order", style="bold"))
            console.print(Padding(to_blocks("\n".join(answers)), (0, 0, 0, 1)))
        else:
            console.print(Text("The answer" if len(answers) == 1 else "The answers", style="bold"))
            for answer in answers:
                console.print(Padding(to_text(answer), (0, 0, 0, 2)))
    console.print()
    console.print(to_blocks(answered.explanation))
    console.print(Text(f"Read: {reading(bank, question.read)}", style="dim"))


def comes_back(console: Console, record: ReviewRecord, today: date) -> None:
    """When a question is asked again."""
    if record.due:
        days = (record.due - today).days
        console.print(Text(f"Comes back {'tomorrow' if days == 1 else f'in {days} days'}.", style="dim"))


def known(console: Console, bank: Bank, records: Mapping[str, ReviewRecord], today: date) -> None:
    """What is known, concept by concept: how many of its questions would be answered right today, as far as one can say."""
    console.print()
    console.print(Rule(Text("What you know"), align="left", style="dim"))
    console.print()
    table = _bars()
    for concept in dict.fromkeys(question.concept for question in bank.questions):
        names = [question.id for question in bank.questions if question.concept == concept]
        shares = [remembered(records[name], today) for name in names if name in records]
        _bar(table, concept, sum(shares) / len(names), f"{len(shares)} of {len(names)} asked")
    console.print(table)


def _bars() -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(justify="right", no_wrap=True)
    return table


def _bar(table: Table, name: str, share: float, words: str) -> None:
    full = round(share * 10)
    table.add_row(name, Text("█" * full + "·" * (10 - full)), words)


def summary(console: Console, bank: Bank, answers: Sequence[AnsweredQuestion]) -> None:
    """Marks by concept, and the sections behind the questions that were not fully right."""
    console.print()
    console.print(Rule(Text("Summary"), align="left", style="dim"))
    console.print()
    if not answers:
        console.print("No question was answered.")
        return
    total = sum(answer.mark.score for answer in answers)
    console.print(Text(f"{_marks(total)} of {len(answers)}", style="bold"))
    console.print()
    table = _bars()
    for concept in dict.fromkeys(answer.question.concept for answer in answers):
        scores = [answer.mark.score for answer in answers if answer.question.concept == concept]
        _bar(table, concept, sum(scores) / len(scores), f"{_marks(sum(scores))} of {len(scores)}")
    console.print(table)
    reads = dict.fromkeys(answer.question.read for answer in answers if answer.mark.score < 1)
    if reads:
        console.print()
        console.print(Text("Read next", style="bold"))
        for read in reads:
            console.print(Padding(Text(reading(bank, read)), (0, 0, 0, 2)))


def _marks(total: float) -> str:
    """A sum of marks as it is: 1, 0.25, 2.67."""
    return f"{total:.2f}".rstrip("0").rstrip(".")
