"""The class shipped with the course: how its answers become submissions."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest

from autograder import course
from autograder.classroom import sample
from autograder.classroom.demo import MARKER, prepare
from autograder.classroom.directory import CourseDirectory
from autograder.problem import Problem

from .tiny import UNIT


def test_answers_replace_the_cells_they_are_named_after(
    directory: CourseDirectory, built_course: course.Course
) -> None:
    answers = built_course.root / "course/sample_class/ada/01_tiny_sum.py"
    released = directory.released(UNIT) / "tiny_sum.ipynb"
    filled = nbformat.reads(sample.filled(released, answers).decode(), as_version=4)
    given = nbformat.read(released, as_version=4)
    changed = {new.id: new.source for new, old in zip(filled.cells, given.cells, strict=True) if new != old}
    assert changed == {
        "add": "def add(a, b):\n    return b + a",
        "width": "width = 8 * 8",
        "try-it": "add(1, 2)",
    }


def test_a_learner_who_did_not_try_hands_in_what_was_given(
    directory: CourseDirectory, built_course: course.Course
) -> None:
    answers = built_course.root / "course/sample_class/tim/01_tiny_sum.py"
    released = directory.released(UNIT) / "tiny_sum.ipynb"
    assert sample.filled(released, answers) == released.read_bytes()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("# %% sum\n1\n", r"'sum' is no cell that a learner fills in. There are: add, width."),
        ("# %% check_add\n6.0\n", "'check_add' is no cell that a learner fills in"),
        ("# %% setup\n1\n", "'setup' is no cell that a learner fills in"),
        ("# %%\n1\n", "every cell needs the name"),
        ("# %% add\n1\n\n# %% add\n2\n", "every cell needs the name of the cell it replaces, once"),
    ],
)
def test_answers_that_fit_no_cell_are_told(directory: CourseDirectory, tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "answers.py").write_text(text)
    with pytest.raises(Problem, match=message):
        sample.filled(directory.released(UNIT) / "tiny_sum.ipynb", tmp_path / "answers.py")


def test_the_class_is_enrolled_and_hands_in(built_course: course.Course, tmp_path: Path) -> None:
    directory = prepare(tmp_path / "demo", built_course, built_course.units)
    handed_in = {
        p.relative_to(directory.root / "submitted").as_posix() for p in (directory.root / "submitted").rglob("*.*")
    }
    assert handed_in == {
        "ada/01_tiny_sum/tiny_sum.ipynb",
        "ada/02_tiny_mean/tiny_mean.ipynb",
        "bob/01_tiny_sum/tiny_sum.ipynb",
        "bob/01_tiny_sum/timestamp.txt",
        "eve/01_tiny_sum/tiny_sum.ipynb",
        "tim/01_tiny_sum/tiny_sum.ipynb",
    }
    assert (directory.submitted("eve", UNIT) / "tiny_sum.ipynb").read_text() == '{"cells": ['
    with directory.course.gradebook() as gradebook:
        assert {s.id: s.lms_user_id for s in gradebook.students} == {
            "ada": "901",
            "bob": "902",
            "eve": "903",
            "tim": "904",
        }
        assert gradebook.find_assignment(UNIT).duedate.isoformat() == "2026-03-01T12:00:00"
    (directory.root / "left over").write_text("")
    again = prepare(directory.root, built_course, built_course.units[:1])
    assert not (again.root / "left over").exists()
    assert again.units == (UNIT,)


def test_a_folder_with_other_things_in_it_is_not_replaced(built_course: course.Course, tmp_path: Path) -> None:
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "thesis.txt").write_text("years")
    with pytest.raises(Problem, match="is not empty"):
        prepare(tmp_path / "work", built_course, built_course.units)
    assert (tmp_path / "work" / "thesis.txt").read_text() == "years"
    assert not (tmp_path / "work" / MARKER).exists()


def test_a_list_that_does_not_fit_the_folders_is_told(tiny_course: course.Course) -> None:
    (tiny_course.root / "course/sample_class/zoe").mkdir()
    with pytest.raises(Problem, match=r"in class.yaml, not both: zoe"):
        sample.read_sample(tiny_course)


def test_an_answer_to_no_unit_is_told(tiny_course: course.Course) -> None:
    (tiny_course.root / "course/sample_class/ada/03_more.py").write_text("")
    with pytest.raises(Problem, match=r"03_more\.py is for no unit"):
        sample.read_sample(tiny_course)
