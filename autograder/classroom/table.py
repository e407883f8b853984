"""The results of a class for the terminal: learners by units, then what went wrong for whom."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from rich.table import Table
from rich.text import Text

from .results import Learner, LearnerResult

LEGEND = "– nothing handed in   L late   H to be marked by hand   ! could not be graded"


def marks_table(results: Sequence[LearnerResult]) -> Table:
    """Learners by units with their marks."""
    units = list(dict.fromkeys(result.unit for result in results))
    points = {result.unit: result.points for result in results}
    table = Table()
    table.add_column("Learner", no_wrap=True)
    for unit in units:
        table.add_column(f"{unit.replace('_', ' ')}\n({points[unit]:g})", justify="right")
    table.add_column(f"Total\n({sum(points.values()):g})", justify="right")
    for learner, theirs in _by_learner(results):
        table.add_row(name(learner), *(_cell(result) for result in theirs), _number(sum(r.marks for r in theirs)))
    return table


def mistakes_table(results: Iterable[LearnerResult]) -> Table | None:
    """Per learner the mistakes found, by question; None where there are none."""
    table = Table(title="Mistakes found", title_justify="left")
    for column in ("Learner", "Question", "Mistake", "What it is"):
        table.add_column(column)
    for learner, theirs in _by_learner(results):
        who = name(learner)
        for answer in (marked.answer for result in theirs for marked in result.answers):
            for mistake in answer.mistakes:
                short = mistake["says"].partition(". ")[0].rstrip(".") + "."
                table.add_row(who, plain(answer.question), plain(mistake["name"]), plain(short.replace("`", "")))
                who = Text("")
    return table if table.row_count else None


def notes(results: Iterable[LearnerResult]) -> list[Text]:
    """What a person should know about single submissions."""
    results = list(results)
    without_isolation = sum(result.isolation == "none" for result in results)
    return [
        *([Text(f"Run without isolation: {submissions(without_isolation)}.")] if without_isolation else []),
        *(
            Text.assemble(name(result.learner), f", {result.unit}: ", plain(message))
            for result in results
            for message in result.messages
        ),
    ]


def submissions(number: int) -> str:
    return f"{number} submission{'s' * (number != 1)}"


def name(learner: Learner) -> Text:
    full = f"{learner.first_name} {learner.last_name}".strip()
    return plain(full or learner.id)


def plain(text: str) -> Text:
    """Text from a submission: no markup, no control characters."""
    return Text("".join(c if c.isprintable() else "?" for c in text))


def _by_learner(results: Iterable[LearnerResult]) -> Iterator[tuple[Learner, list[LearnerResult]]]:
    for learner, theirs in groupby(results, key=lambda result: result.learner):
        yield learner, list(theirs)


def _cell(result: LearnerResult) -> str:
    if result.status == "missing":
        return "–"
    if result.status == "not graded yet":
        return "?"
    flags = [
        *(["L"] if result.late else []),
        *(["H"] if result.needs_hand else []),
        *(["!"] if result.status != "graded" else []),
    ]
    return " ".join([_number(result.marks), *flags])


def _number(marks: float) -> str:
    return f"{marks:.2f}".rstrip("0").rstrip(".")
