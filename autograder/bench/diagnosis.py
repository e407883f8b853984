"""What a wrong answer is told, counted over the project's own wrong answers; and what the trail costs."""

from __future__ import annotations

import time
from collections import Counter
from statistics import median
from typing import Any

from rich.console import Console
from rich.table import Table

from ..checks import questions
from ..course import read
from ..marking import FunctionQuestion, Outcome, Report
from ..tests.listed import functions, named
from ..tests.support import answers, solved
from ..tests.told import told


def run(console: Console) -> None:
    """Print how many wrong answers are named, localised, explained; and the time of a wrong answer with its trail."""
    table = Table("unit", "answers", "named", "localised", "explained", "nothing", title="What a wrong answer is told")
    total: Counter[str] = Counter()
    slowest, times = ("", 0.0), []
    for unit in read().units:
        names, counted = solved(unit.short), Counter[str]()
        for answer in answers(unit.short).WRONG:
            asked = questions(unit.short)[answer.question]
            if isinstance(asked, FunctionQuestion):
                report, spent = _timed(asked, {**names, **answer.names})
                times.append(spent)
                slowest = max(slowest, (f"{answer.question}: {answer.label}", spent), key=lambda pair: pair[1])
                counted[told(report)] += 1
        total += counted
        table.add_row(unit.short, *_row(counted))
    table.add_row("all", *_row(total))
    console.print(table)
    console.print(
        f"a wrong answer with its trail: median {median(times):.1f} ms, slowest {slowest[1]:.1f} ms ({slowest[0]})"
    )
    listed = sum((named(asked, names, pairs=25) for asked, names in functions()), Counter[str]())
    for kind in ("single", "pair"):
        console.print(f"listed mistakes, {kind}: {listed[f'{kind} named']} of {listed[kind]} get a name")
    lost = max(_lost(unit.short) for unit in read().units)
    console.print(
        f"right answers that were watched, or accused: {lost}, none wanted: {'met' if lost == 0 else 'NOT met'}"
    )


def _row(counted: Counter[str]) -> list[str]:
    return [str(counted.total()), *(str(counted[what]) for what in ("named", "localised", "explained", "nothing"))]


def _timed(asked: FunctionQuestion, names: dict[str, Any]) -> tuple[Report, float]:
    asked.mark(names)
    start = time.perf_counter()
    report = asked.mark(names)
    return report, 1000 * (time.perf_counter() - start)


def _lost(unit: str) -> int:
    """How many right answers in other styles are accused, or followed."""
    found = 0
    for answer in answers(unit).RIGHT:
        names = {**solved(unit), **answer.names}
        for asked in questions(unit).values():
            if getattr(asked, "name", None) in answer.names:
                report = asked.mark(names)
                found += bool(report.outcome is not Outcome.PASSED or report.trail or report.mistakes)
    return found
