"""The parts of a submission's time, on a class of three."""

from __future__ import annotations

import io
from pathlib import Path

from rich.console import Console

from autograder.bench import breakdown
from autograder.bench.breakdown import Breakdown, break_down
from autograder.bench.classes import UNIT, make_class
from autograder.classroom.directory import CourseDirectory
from autograder.sandbox.outcome import CellRun, Executed
from autograder.sandbox.packing import Result
from autograder.sandbox.settings import Settings

PARTS = {
    breakdown.READING, breakdown.CARRYING, breakdown.NOTEBOOK, breakdown.JAIL, breakdown.CELLS, breakdown.CHECKS,
    breakdown.MARKING, breakdown.FILES, breakdown.GRADEBOOK,
}  # fmt: skip


def test_every_part_has_a_name_and_together_they_are_no_more_than_the_whole(quick: Settings, tmp_path: Path) -> None:
    root = make_class(tmp_path / "class", 3)
    with CourseDirectory.open(root).grading(quick.isolation, jobs=1) as run:
        found = break_down(run, UNIT)
    assert found.submissions == 3
    assert found.parts.keys() == PARTS
    assert all(seconds > 0 for seconds in found.parts.values()), found.parts
    assert sum(found.parts.values()) <= found.whole
    assert len(list(root.glob(f"autograded/*/{UNIT}"))) == 3
    assert len(list(root.glob(f"records/{UNIT}/*.json"))) == 3


def test_an_execution_is_divided_by_what_its_result_says() -> None:
    cells = tuple(
        CellRun(i, role, "ok", 1.0) for i, role in enumerate(("setup", "answer", "test", "asking", "unprotected"))
    )
    result = Result({"nb": Executed(b"", (), cells, ())}, seconds=7.0, jail=1.5)
    found = Breakdown(1)
    found.add_execution(result, 7.25)
    assert found.parts == {
        breakdown.JAIL: 1.5,
        breakdown.CELLS: 3.0,
        breakdown.CHECKS: 2.0,
        breakdown.NOTEBOOK: 0.5,
        breakdown.CARRYING: 0.25,
    }


def test_the_table_shows_each_part_and_its_share() -> None:
    console = Console(file=io.StringIO(), width=120)
    console.print(breakdown._table(Breakdown(2, 0.4, {breakdown.JAIL: 0.1, breakdown.CHECKS: 0.2}), "nested"))
    assert isinstance(console.file, io.StringIO)
    rows = [[c.strip() for c in line.strip("│").split("│")] for line in console.file.getvalue().splitlines()]
    assert [breakdown.CHECKS, "100.00", "50%"] in rows
    assert [breakdown.JAIL, "50.00", "25%"] in rows
    assert ["what is left", "50.00", "25%"] in rows
    assert ["all of it", "200.00", "100%"] in rows
