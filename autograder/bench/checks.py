"""How long a learner waits: `check` on right and on wrong answers, and importing it."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from statistics import median
from typing import Any

from rich.console import Console
from rich.table import Table

from ..checks import questions
from ..course import read
from ..marking import Question
from ..own_python import own_python
from ..tests.support import answers, solved

RIGHT_MS, WRONG_MS, IMPORT_MS = 10, 100, 150
REPEATS = 5


def _milliseconds(run: Callable[[], object]) -> float:
    """The median of several runs, after one to warm up."""
    run()
    times = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        run()
        times.append(1000 * (time.perf_counter() - start))
    return median(times)


def _marking(question: Question, names: dict[str, Any]) -> float:
    return _milliseconds(lambda: question.mark(names))


def _import_ms(statement: str) -> float:
    """What a fresh Python needs for an import, start-up taken away."""

    def start(code: str) -> float:
        return _milliseconds(lambda: subprocess.run(own_python("-c", code), check=True))

    return start(statement) - start("pass")


def run(console: Console) -> None:
    """Print the slowest question of every unit for right and wrong answers, and the import."""
    table = Table("unit", "right, slowest (ms)", "wrong, slowest (ms)", "question", title="A check's answer")
    worst_right = worst_wrong = 0.0
    for unit in read().units:
        names = solved(unit.short)
        asked = questions(unit.short)
        right = max(_marking(q, names) for q in asked.values())
        wrong, slowest = max(
            (_marking(asked[a.question], {**names, **a.names}), f"{a.question}: {a.label}")
            for a in answers(unit.short).WRONG
        )
        worst_right, worst_wrong = max(worst_right, right), max(worst_wrong, wrong)
        table.add_row(unit.short, f"{right:.1f}", f"{wrong:.1f}", slowest)
    console.print(table)
    numpy = _import_ms("import numpy")
    added = _import_ms("import numpy; from autograder import check; check") - numpy
    for what, value, limit in (
        ("right answer", worst_right, RIGHT_MS),
        ("wrong answer", worst_wrong, WRONG_MS),
        ("import of check beside NumPy's", added, IMPORT_MS),
    ):
        console.print(f"{what}: {value:.1f} ms, at most {limit} ms: {'met' if value <= limit else 'NOT met'}")
