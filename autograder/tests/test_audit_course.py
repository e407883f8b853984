"""`mha audit` on this course: every test cell of every unit gives its author full marks."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder import course
from autograder.classroom.directory import CourseDirectory
from autograder.conftest import snapshot
from autograder.grading.audit import audit
from autograder.grading.course import NbgraderCourse

from .mha import Mha, mha

__all__ = ["mha"]


@pytest.mark.usefixtures("bwrap")
def test_the_courses_own_solutions_get_full_marks(graded_class: CourseDirectory) -> None:
    found = list(audit(NbgraderCourse(graded_class.root)))
    assert [one.assignment for one in found] == [unit.name for unit in course.read().units]
    assert not [below for one in found for below in one.below]
    assert all(one.full and not one.unprotected for one in found)


@pytest.mark.usefixtures("bwrap")
def test_the_command_says_what_is_below_and_ends_with_code_1(mha: Mha, directory: CourseDirectory) -> None:
    source = directory.source("01_tiny_sum") / "tiny_sum.ipynb"
    right = source.read_text()
    before = snapshot(directory.root)
    said = mha("audit", directory.root, "tiny_sum")
    assert said.code == 0
    assert said.out.startswith("01_tiny_sum: 2 of 2 test cells get full marks.")
    assert snapshot(directory.root) == before
    source.write_text(right.replace("return a + b", "return a - b"))
    said = mha("audit", directory.root, "01_tiny_sum")
    assert said.code == 1
    assert "Cause: it ends with 0 where" in said.out
    assert "What to do: " in said.out


def test_what_is_no_course_is_told_in_a_sentence(mha: Mha, tmp_path: Path) -> None:
    assert "There is no folder" in mha("audit", tmp_path / "nowhere").err
    assert "There is no gradebook" in mha("audit", tmp_path).err
