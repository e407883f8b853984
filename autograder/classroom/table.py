"""The results of a class for the terminal: learners by units, what went wrong how often, and one learner's mistakes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from rich.table import Table
from rich.text import Text

from .policy import Policy
from .results import Learner, LearnerResult

LEGEND = "– nothing handed in   L late   H to be marked by hand   ! could not be graded"


def marks_table(results: Sequence[LearnerResult], policy: Policy) -> Table:
    """Learners by units with their marks; the total leaves out what the policy drops."""
    units = list(dict.fromkeys(result.unit for result in results))
    points = {result.unit: result.points for result in results}
    counted = max(1, len(units) - policy.drop_lowest)
    best = "" if counted >= len(units) else f", best {counted}"
    table = Table()
    table.add_column("Learner", no_wrap=True)
    table.add_column("Id", no_wrap=True)
    for unit in units:
        table.add_column(f"{unit.replace('_', ' ')}\n({points[unit]:g})", justify="right")
    table.add_column(f"Total{best}" if best else f"Total\n({sum(points.values()):g})", justify="right")
    for learner, theirs in _by_learner(results):
        total = _number(sum(r.marks for r in policy.counted(theirs)))
        table.add_row(name(learner), plain(learner.id), *(_cell(result) for result in theirs), total)
    return table


def who_handed_in(results: Sequence[LearnerResult]) -> list[LearnerResult]:
    """The results of learners who have handed in anything for these units."""
    active = {result.learner for result in results if result.status != "missing"}
    return [result for result in results if result.learner in active]


def class_mistakes(results: Iterable[LearnerResult]) -> Table | None:
    """Each mistake with the number of learners who made it, of those who handed the unit in; None where there are none."""
    made: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    says: dict[tuple[str, str, str], str] = {}
    handed_in: dict[str, set[str]] = defaultdict(set)
    for result in results:
        if result.status == "graded":
            handed_in[result.unit].add(result.learner.id)
        for answer in (marked.answer for marked in result.answers):
            for mistake in answer.mistakes:
                key = (result.unit, answer.question, mistake["name"])
                made[key].add(result.learner.id)
                says.setdefault(key, mistake["says"])
    table = Table(title="Mistakes found in the class", title_justify="left")
    for column in ("Learners", "Question", "Mistake", "What it is"):
        table.add_column(column, justify="right" if column == "Learners" else "left")
    for key in sorted(made, key=lambda key: (-len(made[key]), key)):
        unit, question, mistake_name = key
        how_many = f"{len(made[key])} of {len(handed_in[unit])}"
        table.add_row(how_many, plain(question), plain(mistake_name), plain(_short(says[key])))
    return table if made else None


def learners_mistakes(results: Iterable[LearnerResult]) -> Table | None:
    """The mistakes of one learner, by question; None where there are none."""
    table = Table(title="Mistakes found", title_justify="left")
    for column in ("Question", "Mistake", "What it is"):
        table.add_column(column)
    for answer in (marked.answer for result in results for marked in result.answers):
        for mistake in answer.mistakes:
            table.add_row(plain(answer.question), plain(mistake["name"]), plain(_short(mistake["says"])))
    return table if table.row_count else None


def _short(says: str) -> str:
    return says.partition(". ")[0].rstrip(".").replace("`", "") + "."


def notes(results: Iterable[LearnerResult]) -> list[Text]:
    """What a person should know about single submissions."""
    results = list(results)
    without_isolation = sum(result.isolation == "none" for result in results)
    return [
        *([Text(f"Run without isolation: {submissions(without_isolation)}.")] if without_isolation else []),
        *(
            Text.assemble(name(result.learner), f" ({result.learner.id}), {result.unit}: ", plain(message))
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
        *(["H"] if result.needs_hand and result.status == "graded" else []),
        *(["!"] if result.status != "graded" else []),
    ]
    return " ".join([_number(result.marks), *flags])


def _number(marks: float) -> str:
    return f"{marks:.2f}".rstrip("0").rstrip(".")
