"""What wrong answers get that the diagnosis was not written for, counted: `make bench` prints the same for the others."""

from __future__ import annotations

import linecache

import pytest

from autograder.checks import question
from autograder.marking import Outcome, Report

from .support import solved
from .told import told
from .unseen import UNSEEN, Unseen


def _marked(i: int, answer: Unseen) -> Report:
    file = f"<unseen {i}>"
    linecache.cache[file] = (len(answer.cell), None, answer.cell.splitlines(keepends=True), file)
    names = solved(answer.question.partition(".")[0])
    exec(compile(answer.cell, file, "exec"), names)
    return question(answer.question).mark(names)


@pytest.fixture(scope="module")
def reports() -> list[Report]:
    return [_marked(i, answer) for i, answer in enumerate(UNSEEN)]


def test_every_one_is_wrong(reports: list[Report]) -> None:
    assert all(report.outcome in (Outcome.WRONG, Outcome.RAISED) for report in reports)


def test_most_are_named_found_at_the_right_stage_or_explained(reports: list[Report]) -> None:
    right = [r.first_wrong in answer.stages or bool(r.explanation) for r, answer in zip(reports, UNSEEN, strict=True)]
    assert len(right) >= 60
    assert sum(right) / len(right) >= 0.85
    assert all(told(report) != "nothing" for report in reports)
