"""The engine's marks are stock nbgrader's: on answers of the shipped class, graded once more in an ordinary kernel."""

from __future__ import annotations

import shutil
import warnings
from pathlib import Path

import pytest

from autograder.classroom.gradebook import all_scores
from autograder.classroom.results import Result, results
from autograder.classroom.room import Room
from autograder.nbgrader_api import why_not

PER_UNIT = 2


@pytest.fixture
def stock(graded_class: Room, tmp_path: Path) -> Room:
    """The class's course directory, where nbgrader grades as it does without the engine."""
    root = Path(shutil.copytree(graded_class.root, tmp_path / "stock"))
    with (root / "nbgrader_config.py").open("a", encoding="utf-8") as file:
        file.write("\nc.pop('Autograde')\n")
    return Room.open(root)


def telling(found: list[Result]) -> list[Result]:
    """Of every unit, those submissions whose outcomes and marks differ most."""
    chosen = []
    for unit in dict.fromkeys(result.unit for result in found):
        graded = [r for r in found if r.unit == unit and r.status == "graded"]
        graded.sort(key=lambda r: len({(m.answer.outcome, m.marks) for m in r.answers}), reverse=True)
        chosen += graded[:PER_UNIT]
    return chosen


def test_the_marks_of_the_shipped_class_are_stocks(graded_class: Room, stock: Room) -> None:
    chosen = telling(results(graded_class, graded_class.units))
    assert len(chosen) == PER_UNIT * len(graded_class.units)
    for result in chosen:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            assert why_not(stock.api.autograde(result.unit, result.learner.id, force=True)) == ""
        executed = next(stock.autograded(result.learner.id, result.unit).glob("*.ipynb")).read_text("utf-8")
        assert '"iopub.execute_input"' in executed, "an ordinary kernel notes when it ran a cell"
    ours, theirs = all_scores(graded_class), all_scores(stock)
    places = [(result.unit, result.learner.id) for result in chosen]
    assert {place: ours[place] for place in places} == {place: theirs[place] for place in places}
