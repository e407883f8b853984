"""The answers and the hand-set marks of the shipped class, without nbgrader: their form, and other seeds."""

from __future__ import annotations

import contextlib
import csv
import io
import json
from collections import Counter
from dataclasses import dataclass
from typing import Any

import nbformat
import pytest

from autograder.checks import question, questions
from autograder.classroom.sample import filled, read_sample
from autograder.course import Unit, read
from autograder.mistakes.conduct import INPUT_CHANGED, KEEPS_STATE

COURSE = read()
SAMPLE = read_sample(COURSE)
UNITS = {unit.short: unit for unit in COURSE.units if unit.exercise.is_file()}
HANDED_IN = [
    (learner.id, unit)
    for learner in SAMPLE.learners
    for unit in UNITS.values()
    if any(path.suffix == ".py" for path in SAMPLE.files(learner.id, unit))
]
SEEDS = [str(seed) for seed in range(3)]

NO_NAME = "not in the catalogue: "
NOT_ATTEMPTED = "not attempted"


@dataclass(frozen=True)
class Row:
    """A row of marks.csv: what an answer deserves, which mistakes should be named, and what there is to say of it."""

    learner: str
    question: str
    marks: float
    mistakes: tuple[str, ...]
    remark: str

    @property
    def key(self) -> tuple[str, str]:
        return self.learner, self.question

    def differences(self, marks: float | None, mistakes: list[str]) -> str:
        """How what a grader found differs from this row, or nothing."""
        said = []
        if marks != pytest.approx(self.marks):
            said.append(f"{marks} marks, by hand {self.marks}")
        if tuple(sorted(mistakes)) != self.mistakes:
            said.append(f"mistakes {mistakes}, by hand {list(self.mistakes)}")
        return f"{self.learner}, {self.question}: {'; '.join(said)}" if said else ""


def _by_hand() -> list[Row]:
    with (SAMPLE.folder / "marks.csv").open(encoding="utf-8", newline="") as file:
        return [
            Row(r["learner"], r["question"], float(r["marks"]), tuple(sorted(r["mistake"].split())), r["remark"])
            for r in csv.DictReader(file)
        ]


ROWS = _by_hand()
BY_HAND = {row.key: row for row in ROWS}


def _names(learner: str, unit: Unit) -> dict[str, Any]:
    """What a learner's notebook holds when its cells have run, those of them that run."""
    notebook = nbformat.reads(filled(unit.exercise, SAMPLE.folder / learner / f"{unit.name}.py").decode(), as_version=4)
    names: dict[str, Any] = {"__name__": "notebook"}
    for cell in notebook.cells:
        changeable = cell.metadata.get("nbgrader", {}).get("grade_id") is not None  # the others only show something
        if cell.cell_type == "code" and changeable and not cell.source.startswith("check("):
            with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(Exception):
                exec(compile(cell.source, f"<{learner}>", "exec"), names)
    return names


def test_every_question_of_everything_handed_in_has_a_mark_and_nothing_else_has() -> None:
    expected = [
        (learner.id, question_id)
        for learner in SAMPLE.learners
        for unit in UNITS.values()
        if SAMPLE.files(learner.id, unit)
        for question_id in questions(unit.short)
    ]
    assert Counter(row.key for row in ROWS) == Counter(expected)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: ", ".join(row.key))
def test_a_mark_set_by_hand_can_be(row: Row) -> None:
    asked = question(row.question)
    known = {m.name for m in (*asked.known_mistakes(), INPUT_CHANGED, KEEPS_STATE)}
    assert set(row.mistakes) <= known
    assert 0 <= row.marks <= asked.points
    if row.mistakes or row.remark.startswith((NO_NAME, NOT_ATTEMPTED)):
        assert row.marks < asked.points
    if not row.mistakes and row.marks < asked.points:
        assert row.remark, "a mark that is not full needs a mistake or a remark"


def test_nobody_hands_in_a_unit_behind_the_last_one_that_class_yaml_gives() -> None:
    import yaml

    listed = yaml.safe_load((SAMPLE.folder / "class.yaml").read_text(encoding="utf-8"))["learners"]
    for learner in listed:
        done = [i for i, unit in enumerate(COURSE.units, 1) if SAMPLE.files(learner["id"], unit)]
        assert done[0] == 1
        assert done[-1] <= learner["up_to"]


@pytest.mark.parametrize(("learner", "unit"), HANDED_IN, ids=lambda value: getattr(value, "short", value))
def test_the_checks_agree_with_the_hand_whatever_the_seed(learner: str, unit: Unit) -> None:
    names = _names(learner, unit)
    found = [
        BY_HAND[learner, asked.id].differences(report.marks, [m.name for m in report.mistakes])
        for seed in SEEDS
        for asked in questions(unit.short).values()
        for report in [asked.mark(names, seed)]
    ]
    assert not [difference for difference in found if difference]


def test_the_damaged_notebook_is_no_json() -> None:
    damaged = (SAMPLE.folder / "elif.yildiz" / "02_order_the_steps.ipynb").read_text(encoding="utf-8")
    assert damaged.startswith("{")
    with pytest.raises(json.JSONDecodeError):
        json.loads(damaged)
