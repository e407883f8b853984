"""Whatever a submitted file holds, the course can say whose it is and what became of every question."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.classroom.other_units import why_another
from autograder.classroom.reports import answers, ungraded
from autograder.grading.marks import marks_of
from autograder.sandbox.cells import Unreadable, read, repair
from autograder.sandbox.outcome import Executed, known_cell
from autograder.sandbox.tests.test_fuzz import SOURCE, cell_values, json_values

QUESTIONS = {"01_other": ["other.question"]}


def assert_told(data: bytes) -> None:
    why = why_another(data, SOURCE, QUESTIONS)
    assert why == "" or "ask for the right one" in why
    try:
        cells, _ = repair(read(data, SOURCE.named_by, 10**6, 500), SOURCE)
    except Unreadable:
        found = ungraded(SOURCE, "it cannot be read")
    else:
        graded = json.loads(json.dumps([known_cell(cell) for cell in cells if cell["metadata"]]))
        found = answers(
            SOURCE, graded, marks_of(SOURCE, Executed(notebook=b"", known=tuple(graded), cells=(), notes=()))
        )
    assert [answer.cell for answer in found] == [cell.name for cell in SOURCE.cells if cell.points is not None]


@given(st.binary(max_size=300))
def test_any_bytes(data: bytes) -> None:
    assert_told(data)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(cell_values | json_values, max_size=6), st.sampled_from([4, 3, "4", None]))
def test_any_cells(cells: list[Any], version: Any) -> None:
    assert_told(json.dumps({"nbformat": version, "nbformat_minor": 4, "metadata": {}, "cells": cells}).encode())
