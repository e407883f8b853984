"""Fixtures for tests that grade a course."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from autograder.sandbox.settings import Settings


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course with a class of honest submissions; copy it before use."""
    from autograder.grading.tests.classroom import make_class

    return make_class(tmp_path_factory.mktemp("template") / "course")


@pytest.fixture
def course(template: Path, tmp_path: Path) -> Path:
    """A course of one's own, not graded yet."""
    return Path(shutil.copytree(template, tmp_path / "course"))


@pytest.fixture(scope="session")
def stock(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same course, graded by stock nbgrader. Do not change it."""
    from autograder.grading.tests.make_course import nbgrader

    root = Path(shutil.copytree(template, tmp_path_factory.mktemp("stock") / "course"))
    nbgrader(root, "autograde", "ps1")
    return root


@pytest.fixture(scope="session")
def graded(template: Path, quick: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same course, graded by the engine in one undisturbed run. Do not change it."""
    from autograder.grading import grade

    root = Path(shutil.copytree(template, tmp_path_factory.mktemp("graded") / "course"))
    grade(root, settings=Settings(isolation=quick.isolation), jobs=2)
    return root
