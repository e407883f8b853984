"""A tiny course for tests of what surrounds a unit."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder import course
from autograder.build import exercises
from autograder.classroom.create import create
from autograder.classroom.demo import prepare
from autograder.classroom.directory import CourseDirectory
from autograder.environment import OWN_CHECKS
from autograder.sandbox import close_workers

from .tiny import write_course


@pytest.fixture
def tiny_course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> course.Course:
    """A course of two units below tmp_path/course_root, not built yet."""
    root = tmp_path / "course_root"
    monkeypatch.setenv(OWN_CHECKS, str(root / "checks"))
    return write_course(root)


@pytest.fixture(scope="session")
def built_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny course with its exercises, built once; not to be changed."""
    root = tmp_path_factory.mktemp("tiny")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(OWN_CHECKS, str(root / "checks"))
        exercises.write(write_course(root).units)
    return root


@pytest.fixture
def built_course(built_root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> course.Course:
    """The tiny course with its exercises, a copy of one's own."""
    root = tmp_path / "course_root"
    shutil.copytree(built_root, root)
    monkeypatch.setenv(OWN_CHECKS, str(root / "checks"))
    return course.read(root)


@pytest.fixture(scope="session")
def made_room(built_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course directory of the tiny course in which nobody has handed in anything; not to be changed."""
    root = tmp_path_factory.mktemp("rooms") / "directory"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(OWN_CHECKS, str(built_root / "checks"))
        create(root, course.read(built_root).units)
    shutil.copytree(built_root / "checks", root / "checks", dirs_exist_ok=True)
    return root


@pytest.fixture
def directory(made_room: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[CourseDirectory]:
    """A course directory of the tiny course, a copy of one's own."""
    root = tmp_path / "directory"
    shutil.copytree(made_room, root)
    monkeypatch.setenv(OWN_CHECKS, str(root / "checks"))
    yield CourseDirectory.open(root)
    close_workers()


@pytest.fixture(scope="session")
def graded_class(tmp_path_factory: pytest.TempPathFactory) -> CourseDirectory:
    """The class shipped with the course, handed in and graded; not to be changed."""
    shipped = course.read()
    directory = prepare(tmp_path_factory.mktemp("shipped") / "directory", shipped, shipped.units)
    with directory.grading("auto" if shutil.which("bwrap") else "none") as run:
        list(run.write(run.execute(run.all(directory.units))))
    return directory
