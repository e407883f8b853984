"""The manifest: what it must hold, and how it is compared with the files there are."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder import course
from autograder.problem import Problem

from .tiny import MANIFEST, write_course


def test_a_unit_is_found_by_either_of_its_names(tmp_path: Path) -> None:
    tiny = write_course(tmp_path)
    assert tiny.unit("tiny_sum") is tiny.unit("01_tiny_sum")
    assert tiny.unit("tiny_sum").exercise == tmp_path / "exercises" / "01_tiny_sum" / "tiny_sum.ipynb"


def test_an_unknown_unit_is_told_with_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(Problem, match=r"no unit 'sum'.*01_tiny_sum, 02_tiny_mean"):
        write_course(tmp_path).unit("sum")


def test_units_are_selected_in_the_order_of_the_course(tmp_path: Path) -> None:
    tiny = write_course(tmp_path)
    assert tiny.select(["tiny_mean", "01_tiny_sum"]) == tiny.units
    assert tiny.select(["tiny_mean"]) == tiny.units[1:]
    assert tiny.select([]) == tiny.units


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("title: A tiny course\n", "", "must hold `title` and a list of `units`"),
        ("minutes: 5\n    prerequisites: []", "prerequisites: []", "01_tiny_sum: a unit has exactly the fields"),
        ("    points: 10\n  - name", "    points: ten\n  - name", "01_tiny_sum: `points` is 'ten'"),
        ("name: 01_tiny_sum", "name: tiny-sum", "a name is a number, an underscore"),
        ("name: 02_tiny_mean", "name: 02_tiny_sum", "two units are called tiny_sum"),
        ("[01_tiny_sum]", "[03_tiny]", "prerequisite '03_tiny' is not one of the units above"),
        ("minutes: 5", "minutes: 0", "must be above 0"),
        ("title: A tiny course", "title: [", "is not valid YAML"),
    ],
)
def test_a_manifest_that_is_wrong_is_told(tmp_path: Path, old: str, new: str, message: str) -> None:
    write_course(tmp_path)
    assert old in MANIFEST
    (tmp_path / "course" / "course.yaml").write_text(MANIFEST.replace(old, new, 1))
    with pytest.raises(Problem, match=message):
        course.read(tmp_path)


def test_a_missing_manifest_is_told(tmp_path: Path) -> None:
    with pytest.raises(Problem, match=r"course\.yaml is missing"):
        course.read(tmp_path)


def test_files_that_fit_the_manifest_are_no_problem(tmp_path: Path) -> None:
    tiny = write_course(tmp_path)
    for unit in tiny.units:
        unit.exercise.parent.mkdir(parents=True)
        unit.exercise.write_text("{}")
    assert [line for line in tiny.problems() if "autograder/checks/" not in line] == []


@pytest.mark.parametrize(
    "name", ["course/lessons/01_tiny_sum.md", "course/hints/tiny_sum.yaml", "solutions/01_tiny_sum.py"]
)
def test_a_missing_file_is_named(tmp_path: Path, name: str) -> None:
    tiny = write_course(tmp_path)
    (tmp_path / name).unlink()
    assert any(line.startswith("01_tiny_sum has no") and f"{name} is missing" in line for line in tiny.problems())


@pytest.mark.parametrize(
    "name",
    [
        "course/lessons/03_more.md",
        "course/hints/more.yaml",
        "course/quiz/more.yaml",
        "solutions/03_more.py",
        "exercises/03_more/more.ipynb",
        "exercises/01_tiny_sum/extra.ipynb",
    ],
)
def test_a_file_of_no_unit_is_named(tmp_path: Path, name: str) -> None:
    tiny = write_course(tmp_path)
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / name).write_text("")
    assert any(line.startswith(f"{name} belongs to no unit") for line in tiny.problems())


def test_the_shipped_course_fits_its_manifest() -> None:
    assert course.read().problems() == []
