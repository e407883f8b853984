"""Making course directories that nbgrader's own commands work in."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from autograder import course
from autograder.build.release import CODE_STUB
from autograder.classroom import settings
from autograder.classroom.create import create
from autograder.classroom.directory import CourseDirectory
from autograder.classroom.hooks import CourseHooks
from autograder.grading.assignment import read_assignment
from autograder.grading.config import GradingEngine
from autograder.grading.submission import read_submission
from autograder.problem import Problem

from .tiny import RIGHT, SUBTRACTS, UNIT, hand_in


def nbgrader(directory: CourseDirectory, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Stock nbgrader, run in a course directory as a person would."""
    commands = Path(sys.executable).parent
    env = {**os.environ, "PATH": f"{commands}{os.pathsep}{os.environ['PATH']}"}
    return subprocess.run(
        [commands / "nbgrader", *arguments], cwd=directory.root, env=env, capture_output=True, text=True, timeout=300
    )


def test_a_course_directory_has_what_nbgrader_needs(directory: CourseDirectory) -> None:
    assert directory.units == ("01_tiny_sum", "02_tiny_mean")
    (notebook,) = read_assignment(directory.course, UNIT).notebooks
    assert [cell.name for cell in notebook.cells] == ["setup", "add", "check_add", "width", "check_width"]
    assert [cell.points for cell in notebook.cells if cell.role == "test"] == [6.0, 4.0]
    assert (directory.source(UNIT) / "tiny_sum.ipynb").is_file()


def test_what_is_released_is_what_exercises_hold(directory: CourseDirectory, built_course: course.Course) -> None:
    for unit in built_course.units:
        assert (directory.released(unit.name) / unit.exercise.name).read_bytes() == unit.exercise.read_bytes()


def test_generate_pressed_again_gives_the_same_bytes(directory: CourseDirectory) -> None:
    released = directory.released(UNIT) / "tiny_sum.ipynb"
    before = released.read_bytes()
    released.unlink()
    assert directory.api.generate_assignment(UNIT)["success"]
    assert released.read_bytes() == before


def test_stock_nbgrader_generates_and_autogrades_in_it(directory: CourseDirectory) -> None:
    released = directory.released(UNIT) / "tiny_sum.ipynb"
    before = released.read_bytes()
    hand_in(directory, "ada", RIGHT)
    made = nbgrader(directory, "generate_assignment", UNIT, "--force")
    assert (made.returncode, released.read_bytes() == before) == (0, True), made.stderr
    graded = nbgrader(directory, "autograde", UNIT)
    assert graded.returncode == 0, graded.stderr
    with directory.course.gradebook() as gradebook:
        assert gradebook.find_submission(UNIT, "ada").score == 10.0


def test_the_configuration_clears_solutions_as_the_builder_does(directory: CourseDirectory) -> None:
    assert settings.load(directory.root).ClearSolutions.code_stub == {"python": CODE_STUB}


def test_the_engine_grades_and_knows_the_courses_checks(directory: CourseDirectory) -> None:
    config = settings.load(directory.root)
    assert config.Autograde.exporter_class == "autograder.grading.exporter.EngineExporter"
    assert GradingEngine(config=config).hooks is CourseHooks


def test_the_secret_is_for_its_owner_only_and_stays(directory: CourseDirectory) -> None:
    path = directory.root / "course_secret.txt"
    assert path.is_file(), "a course directory is made with one"
    secret = directory.course.secret()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert secret == path.read_bytes().strip() == directory.course.secret()
    assert len(secret) == 64


def test_seeds_differ_by_learner_notebook_and_submission(directory: CourseDirectory) -> None:
    course = directory.course
    hand_in(directory, "ada", RIGHT)
    hand_in(directory, "bob", RIGHT)
    hand_in(directory, "ada", RIGHT, "02_tiny_mean")
    first, second = read_assignment(course, UNIT), read_assignment(course, "02_tiny_mean")

    def seeds() -> list[str]:
        found = [(first, "ada"), (first, "bob"), (second, "ada")]
        return [
            course.seed(unit.name, learner, read_submission(course, unit, learner, 1 << 20).hash)
            for unit, learner in found
        ]

    before = seeds()
    assert seeds() == before
    hand_in(directory, "ada", SUBTRACTS)
    assert len({*before, *seeds()}) == 4


def test_made_again_it_keeps_an_instructors_changes_and_says_so(
    directory: CourseDirectory, built_course: course.Course
) -> None:
    source = directory.source(UNIT) / "tiny_sum.ipynb"
    changed = nbformat.read(source, as_version=4)
    changed.cells[0].source = "# A sum, for group B"
    nbformat.write(changed, source)
    (directory.root / settings.NAME).write_text(settings.text() + "# mine\n")
    _, kept = create(directory.root, built_course.units)
    assert len(kept) == 1
    assert "tiny_sum.ipynb was kept" in kept[0]
    assert "group B" in source.read_text()
    assert "group B" in (directory.released(UNIT) / "tiny_sum.ipynb").read_text()
    assert (directory.root / settings.NAME).read_text().endswith("# mine\n")


def test_units_can_be_added_later(built_course: course.Course, tmp_path: Path) -> None:
    first, _ = create(tmp_path / "later", built_course.units[:1])
    assert first.units == (UNIT,)
    both, _ = create(tmp_path / "later", built_course.units[1:])
    assert both.units == (UNIT, "02_tiny_mean")


def test_another_course_is_not_touched(built_course: course.Course, tmp_path: Path) -> None:
    (tmp_path / "source").mkdir()
    with pytest.raises(Problem, match="already holds another course: source is there"):
        create(tmp_path, built_course.units)
    assert [path.name for path in tmp_path.iterdir() if path.name != "course_root"] == ["source"]


def test_a_file_is_no_course_directory(built_course: course.Course, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Problem, match="is a file"):
        create(tmp_path / "file", built_course.units)


def test_a_path_that_nbgrader_takes_for_a_pattern_is_told(built_course: course.Course, tmp_path: Path) -> None:
    with pytest.raises(Problem, match="nbgrader cannot work below"):
        create(tmp_path / "attention [2026]", built_course.units)
    assert not (tmp_path / "attention [2026]").exists()


def test_a_unit_whose_cells_changed_after_handing_in_is_refused_with_nbgraders_reason(
    directory: CourseDirectory, built_course: course.Course
) -> None:
    hand_in(directory, "ada", RIGHT)
    with directory.course.gradebook() as gradebook:
        gradebook.add_student("ada")
        gradebook.add_submission(UNIT, "ada")
    source = directory.source(UNIT) / "tiny_sum.ipynb"
    notebook = nbformat.read(source, as_version=4)
    notebook.cells = [cell for cell in notebook.cells if cell.id != "setup"]
    nbformat.write(notebook, source)
    with pytest.raises(Problem, match="Cannot add or remove cells"):
        create(directory.root, built_course.units)


def test_a_folder_that_is_none_is_told(tmp_path: Path) -> None:
    with pytest.raises(Problem, match=r"There is no folder .*`mha init"):
        CourseDirectory.open(tmp_path / "nothing")


def test_a_folder_that_is_no_course_directory_is_told(tmp_path: Path) -> None:
    with pytest.raises(Problem, match=r"is not a course directory: it has no nbgrader_config\.py"):
        CourseDirectory.open(tmp_path)


def test_a_configuration_that_fails_is_told_with_its_error(directory: CourseDirectory) -> None:
    (directory.root / settings.NAME).write_text("c = get_config()\nc.Execute.timeout = thirty\n")
    with pytest.raises(Problem, match=r"nbgrader_config\.py fails: NameError: name 'thirty'"):
        CourseDirectory.open(directory.root)


def test_a_missing_gradebook_is_told(directory: CourseDirectory) -> None:
    (directory.root / "gradebook.db").unlink()
    with pytest.raises(Problem, match=r"gradebook\.db is missing"):
        CourseDirectory.open(directory.root)


def test_a_damaged_gradebook_is_told(directory: CourseDirectory) -> None:
    (directory.root / "gradebook.db").write_bytes(b"no database " * 400)
    with pytest.raises(Problem, match="cannot be used: file is not a database"):
        _ = CourseDirectory.open(directory.root).units


def test_an_unknown_unit_is_told_with_those_there_are(directory: CourseDirectory) -> None:
    with pytest.raises(Problem, match=r"no unit 'sums'.*01_tiny_sum, 02_tiny_mean"):
        directory.select(["sums"])
    assert directory.select(["tiny_mean"]) == ("02_tiny_mean",)
