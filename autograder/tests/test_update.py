"""`mha update`: a learner's answers in the notebook as it is handed out now."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat
import pytest

from autograder import course

from .mha import Mha, mha
from .tiny import RIGHT

__all__ = ["mha"]


@pytest.fixture
def mine(built_course: course.Course, tmp_path: Path) -> Path:
    """A learner's notebook: an answer, an untouched one, a cell and a note of their own, a changed course cell."""
    notebook = nbformat.read(built_course.units[0].exercise, as_version=4)
    cells = {cell.id: cell for cell in notebook.cells}
    cells["add"].source = RIGHT["add"]
    cells["try-it"].source = "np.arange(5)"
    place = notebook.cells.index(cells["add"]) + 1
    notebook.cells[place:place] = [nbformat.v4.new_code_cell("add(1, 2)"), nbformat.v4.new_markdown_cell("My note")]
    path = tmp_path / "mine" / "tiny_sum.ipynb"
    path.parent.mkdir()
    nbformat.write(notebook, path)
    return path


def release(unit: course.Unit, sources: Mapping[str, str | None], more: tuple[Any, ...] = ()) -> None:
    """Hand the unit out again: sources by id, None for a cell that is gone, more cells at the end."""
    notebook = nbformat.read(unit.exercise, as_version=4)
    notebook.cells = [cell for cell in notebook.cells if sources.get(cell.id, "") is not None] + list(more)
    for cell in notebook.cells:
        cell.source = sources.get(cell.id) or cell.source
    nbformat.write(notebook, unit.exercise)


def sources(path: Path) -> list[str]:
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    return [cell.source for cell in notebook.cells]


def test_answers_notes_and_own_cells_go_into_the_mended_notebook(
    mha: Mha, mine: Path, built_course: course.Course
) -> None:
    before = mine.read_bytes()
    release(built_course.units[0], {"your-turn": "A better text.", "width": "width = ...\n# In numbers."})
    said = mha("update", mine)
    assert (said.code, said.err) == (0, "")
    assert "Answers taken over: add." in said.out
    assert "Cells of your own, kept where they stood: 3." in said.out
    found = sources(mine)
    place = found.index(RIGHT["add"])
    assert found[place - 1] == "A better text."
    assert found[place + 1 : place + 3] == ["add(1, 2)", "My note"]
    assert "width = ...\n# In numbers." in found
    assert found[found.index("np.arange(3)") + 1] == "np.arange(5)"
    assert mine.with_name("tiny_sum.ipynb.before-update-1").read_bytes() == before


def test_the_second_update_does_nothing(mha: Mha, mine: Path, built_course: course.Course) -> None:
    release(built_course.units[0], {"your-turn": "A better text."})
    assert mha("update", mine).code == 0
    before = mine.read_bytes()
    assert "is up to date. Nothing was changed." in mha("update", mine).out
    assert mine.read_bytes() == before
    assert len(list(mine.parent.iterdir())) == 2


def test_an_answer_without_a_cell_stands_at_the_end_and_a_new_question_is_named(
    mha: Mha, mine: Path, built_course: course.Course
) -> None:
    asked = nbformat.read(built_course.units[0].exercise, as_version=4).cells
    new = next(cell for cell in asked if cell.id == "width").copy()
    new.id = "more"
    new.metadata = {"nbgrader": {**new.metadata["nbgrader"], "grade_id": "more"}}
    release(built_course.units[0], {"add": None}, (new,))
    said = mha("update", mine)
    assert "Answers that have no cell any more, now at the end: add." in said.out
    assert "Asked for the first time: more." in said.out
    assert sources(mine)[-1] == RIGHT["add"]


def test_a_release_can_be_given_and_what_is_no_notebook_stays_as_it_is(
    mha: Mha, mine: Path, built_course: course.Course, tmp_path: Path
) -> None:
    other = mine.rename(mine.with_name("my work.ipynb"))
    assert "The course has no notebook my work.ipynb." in mha("update", other).err
    release(built_course.units[0], {"your-turn": "A better text."})
    assert mha("update", other, "--release", built_course.units[0].exercise).code == 0
    assert "A better text." in sources(other)
    for text in ("", "[]", json.dumps({"cells": [{"source": ""}]})):
        damaged = tmp_path / "tiny_sum.ipynb"
        damaged.write_text(text)
        said = mha("update", damaged)
        assert (said.code, damaged.read_text()) == (2, text)
        assert "It was not changed." in said.err
