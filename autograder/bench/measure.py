"""Measuring time and memory, and a table of what was measured beside what was promised."""

import time
import tracemalloc
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True)
class Measured:
    """One row: what was measured, the value, how it came about, and the limit it has to keep, if it has one."""

    what: str
    value: float
    unit: str
    detail: str = ""
    limit: float | None = None

    @property
    def met(self) -> bool | None:
        return None if self.limit is None else self.value <= self.limit


def best_seconds(*functions: Callable[[], object], budget: float) -> list[float]:
    """The shortest time of each, over as many rounds as the budget of seconds allows.

    They take turns, so that what else the machine does hinders all alike.
    """
    best = [float("inf")] * len(functions)
    end = time.perf_counter() + budget
    while True:
        for i, function in enumerate(functions):
            start = time.perf_counter()
            function()
            best[i] = min(best[i], time.perf_counter() - start)
        if time.perf_counter() >= end:
            return best


def peak_bytes(function: Callable[[], object]) -> int:
    """The most memory that Python and NumPy held at once for the call, beside what they held before it."""
    tracemalloc.start()
    try:
        function()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def time_ratio(
    what: str,
    first: Callable[[], object],
    second: Callable[[], object],
    *,
    budget: float = 2,
    limit: float | None = None,
) -> Measured:
    """The time of the first over that of the second."""
    a, b = best_seconds(first, second, budget=budget)
    return Measured(what, a / b, "x", f"{1000 * a:.1f} / {1000 * b:.1f} ms", limit)


def memory_ratio(
    what: str, first: Callable[[], object], second: Callable[[], object], *, limit: float | None = None
) -> Measured:
    """The peak memory of the first over that of the second."""
    a, b = peak_bytes(first), peak_bytes(second)
    return Measured(what, a / b, "x", f"{a / 2**20:.1f} / {b / 2**20:.1f} MiB", limit)


def print_table(console: Console, title: str, rows: Sequence[Measured]) -> None:
    """Print the rows; a target is the most the value may be."""
    table = Table(title=title, title_justify="left")
    table.add_column("what")
    table.add_column("measured", justify="right")
    table.add_column("target", justify="right")
    table.add_column("")
    table.add_column("from", justify="right")
    for row in rows:
        target = "" if row.limit is None else f"{row.limit:g}{row.unit}"
        verdict = {None: "", True: "met", False: "NOT met"}[row.met]
        table.add_row(row.what, f"{row.value:.2f}{row.unit}", target, verdict, row.detail)
    console.print(table)
