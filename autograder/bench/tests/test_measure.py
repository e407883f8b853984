"""The measuring itself, without relying on how fast anything is."""

import io
from importlib import import_module

import numpy as np
import pytest
import typer
from rich.console import Console

from autograder.bench import __main__ as command
from autograder.bench.measure import Measured, best_seconds, memory_ratio, peak_bytes, print_table, time_ratio


def test_functions_take_turns() -> None:
    calls: list[str] = []
    first, second = best_seconds(lambda: calls.append("a"), lambda: calls.append("b"), budget=0.01)
    assert calls == ["a", "b"] * (len(calls) // 2)
    assert 0 < first < float("inf")
    assert 0 < second < float("inf")


def test_there_is_at_least_one_round() -> None:
    calls: list[str] = []
    best_seconds(lambda: calls.append("a"), budget=0)
    assert calls == ["a"]


def test_peak_memory_counts_what_was_held_at_once() -> None:
    def one_after_the_other() -> None:
        for _ in range(5):
            np.ones(10**6)

    assert 8e6 <= peak_bytes(one_after_the_other) < 16e6
    assert 16e6 <= peak_bytes(lambda: [np.ones(10**6), np.ones(10**6)]) < 24e6


def test_ratios_are_of_the_first_over_the_second() -> None:
    measured = memory_ratio("arrays", lambda: np.ones(2 * 10**6), lambda: np.ones(10**6), limit=3)
    assert measured.value == pytest.approx(2, rel=0.01)
    assert measured.detail == "15.3 / 7.6 MiB"
    assert measured.limit == 3
    assert time_ratio("sums", lambda: sum(range(10**5)), lambda: None, budget=0.05).value > 1


@pytest.mark.parametrize(("value", "limit", "verdict"), [(1.2, 1.2, "met"), (1.3, 1.2, "NOT met"), (1.3, None, "")])
def test_the_table_says_whether_a_target_is_met(value: float, limit: float | None, verdict: str) -> None:
    console = Console(file=io.StringIO(), width=100)
    print_table(console, "A title", [Measured("what it is", value, "x", "3.9 / 3.0 ms", limit)])
    assert isinstance(console.file, io.StringIO)
    printed = console.file.getvalue()
    assert "A title" in printed
    row = next(line for line in printed.splitlines() if "what it is" in line)
    cells = [cell.strip() for cell in row.strip("│").split("│")]
    assert cells == ["what it is", f"{value:.2f}x", "" if limit is None else "1.2x", verdict, "3.9 / 3.0 ms"]


def test_every_benchmark_listed_can_be_run() -> None:
    for name in command.BENCHMARKS + command.ON_REQUEST:
        assert callable(import_module(f"autograder.bench.{name}").run)


def test_an_unknown_benchmark_is_refused_by_name() -> None:
    with pytest.raises(
        typer.BadParameter,
        match=r"^nonsense is no benchmark; there are start, reference, checks, diagnosis, breakdown, grading, feedback, scale\.$",
    ):
        command.main(["reference", "nonsense"])
