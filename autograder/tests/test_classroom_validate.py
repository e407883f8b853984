"""nbgrader's Validate, the command and the button behind it, on a learner's notebook."""

from __future__ import annotations

import contextlib
import io
from pathlib import Path

import nbformat
import pytest
from nbgrader.validator import Validator

from autograder.classroom.directory import CourseDirectory

from .tiny import RIGHT, SUBTRACTS, exercise


def validated(path: Path) -> str:
    with contextlib.redirect_stdout(io.StringIO()) as said:
        validator = Validator()
        validator.stream = said
        validator.validate_and_print(str(path))
    return said.getvalue()


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        (RIGHT, "Success! Your notebook passes all the tests."),
        (SUBTRACTS, "VALIDATION FAILED ON 1 CELL(S)!"),
        ({}, "VALIDATION FAILED ON 2 CELL(S)!"),
    ],
)
def test_validate_tells_right_from_wrong(
    directory: CourseDirectory, tmp_path: Path, answers: dict[str, str], said: str
) -> None:
    nbformat.write(exercise(directory, answers), tmp_path / "tiny_sum.ipynb")
    assert validated(tmp_path / "tiny_sum.ipynb").startswith(said)
