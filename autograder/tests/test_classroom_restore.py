"""Putting a submitted notebook's known cells right."""

from __future__ import annotations

from typing import Any

import pytest
from nbformat import v4

from autograder.classroom.cells import KnownCell
from autograder.classroom.restore import restore

GIVEN = KnownCell("setup", "code", "import numpy as np", "1", None, locked=True, solution=False)
ANSWER = KnownCell("add", "code", "def add(): ...", "2", None, locked=False, solution=True)
CHECK = KnownCell("check_add", "code", 'check("tiny_sum.add")', "3", 6.0, locked=True, solution=False)
WIDTH = KnownCell("width", "code", "width = ...", "4", None, locked=False, solution=True)
CHECK_WIDTH = KnownCell("check_width", "code", 'check("tiny_sum.width")', "5", 4.0, locked=True, solution=False)
KNOWN = (GIVEN, ANSWER, CHECK, WIDTH, CHECK_WIDTH)


def cell(name: str | None, source: str = "", **marks: Any) -> Any:
    metadata = {} if name is None else {"nbgrader": {"grade_id": name, **marks}}
    return v4.new_code_cell(source or str(name), metadata=metadata)


def notebook(*cells: Any) -> Any:
    return v4.new_notebook(cells=list(cells))


def names(nb: Any) -> list[str]:
    return [c.metadata.get("nbgrader", {}).get("grade_id", c.source) for c in nb.cells]


def whole() -> list[Any]:
    return [cell(known.name) for known in KNOWN]


def test_a_whole_notebook_keeps_its_order_and_sources() -> None:
    nb = notebook(cell(None, "notes"), *whole())
    restore(nb, KNOWN)
    assert names(nb) == ["notes", "setup", "add", "check_add", "width", "check_width"]
    assert [c.source for c in nb.cells][2] == "add"


def test_metadata_is_the_gradebooks_whatever_the_submission_says() -> None:
    nb = notebook(*whole())
    nb.cells[2].metadata.nbgrader.update(grade=False, points=600, locked=False, schema_version=99, solution=True)
    restore(nb, KNOWN)
    assert nb.cells[2].metadata.nbgrader == {
        "cell_type": "code", "checksum": "3", "grade": True, "grade_id": "check_add", "locked": True, "points": 6.0,
        "schema_version": 3, "solution": False, "task": False,
    }  # fmt: skip
    assert nb.cells[1].metadata.nbgrader["grade"] is False
    assert "points" not in nb.cells[1].metadata.nbgrader


@pytest.mark.parametrize("marks", ["text", 3, {}, {"grade_id": 7}, {"grade_id": None, "grade": True}])
def test_metadata_that_makes_no_sense_is_dropped(marks: Any) -> None:
    nb = notebook(*whole(), v4.new_code_cell("strange", metadata={"nbgrader": marks}))
    restore(nb, KNOWN)
    assert "nbgrader" not in nb.cells[-1].metadata


def test_a_cell_the_gradebook_does_not_know_becomes_an_ordinary_one() -> None:
    nb = notebook(*whole(), cell("check_more", "check('x.y')", grade=True, points=100))
    restore(nb, KNOWN)
    assert nb.cells[-1].metadata == {}


def test_of_two_cells_with_one_name_the_later_one_counts() -> None:
    nb = notebook(cell("setup"), cell("add", "old"), cell("add", "new"), cell("check_add"), *whole()[3:])
    restore(nb, KNOWN)
    assert [c.source for c in nb.cells if c.metadata.get("nbgrader", {}).get("grade_id") == "add"] == ["new"]


def test_a_lost_check_comes_back_after_everything_that_may_hold_its_answer() -> None:
    nb = notebook(cell("setup"), cell(None, "def add(): return 1"), cell("width"), cell("check_width"))
    restore(nb, KNOWN)
    assert names(nb) == ["setup", "def add(): return 1", "check_add", "width", "check_width"]
    assert nb.cells[2].source == CHECK.source


def test_lost_checks_at_the_end_come_back_in_their_order() -> None:
    nb = notebook(cell("setup"), cell("add"), cell("width"))
    restore(nb, (GIVEN, ANSWER, WIDTH, CHECK, CHECK_WIDTH))
    assert names(nb) == ["setup", "add", "width", "check_add", "check_width"]


def test_a_lost_given_cell_comes_back_before_what_needs_it() -> None:
    nb = notebook(cell(None, "notes"), cell("add"), *whole()[2:])
    restore(nb, KNOWN)
    assert names(nb)[0] == "setup"


def test_a_lost_answer_stays_lost() -> None:
    nb = notebook(*(c for c in whole() if c.metadata.nbgrader.grade_id != "add"))
    restore(nb, KNOWN)
    assert names(nb) == ["setup", "check_add", "width", "check_width"]


def test_an_empty_notebook_gets_everything_that_is_locked() -> None:
    nb = notebook()
    restore(nb, KNOWN)
    assert names(nb) == ["setup", "check_add", "check_width"]
