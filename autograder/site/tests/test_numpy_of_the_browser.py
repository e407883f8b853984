"""The course on the NumPy that the kernel in the browser carries, with just the files that the browser gets."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from autograder import paths
from autograder.checks import questions
from autograder.course import read
from autograder.site.lite.files import PACKAGES, kernel_files

PYTHON = paths.root() / "build" / "lite-venv" / "bin" / "python"
pytestmark = pytest.mark.skipif(not PYTHON.exists(), reason="needs `make lite` first")
SOLVE = """
import contextlib, io, sys
import numpy as np
assert np.__version__ == "1.25.2", np.__version__
from autograder.build.script import read_script, worked
from autograder.checks import questions
from autograder.course import read
from autograder.notebook import hints, worked as solutions
for unit in read().units:
    names = {"__name__": "__main__"}
    with contextlib.redirect_stdout(io.StringIO()):
        for cell in read_script(unit).cells:
            if not cell.markdown and cell.kind != "check":
                exec(worked(cell.source), names)
    for question, asked in questions(unit.short).items():
        print(question, asked.mark(names).outcome.value)
        with contextlib.redirect_stdout(io.StringIO()) as said:
            hints.hint(question)
            print(solutions.worked_solution(question))
        assert len(said.getvalue()) > 100, question
heavy = {"pandas", "matplotlib", "psutil", "nbgrader", "nbformat", "jupytext", "tornado", "zmq"} & set(sys.modules)
assert not heavy, heavy
from autograder.quiz.bank import load_bank
assert len(load_bank().questions) > 50
"""


def test_every_worked_solution_passes_on_it(tmp_path: Path) -> None:
    for name, content in kernel_files().items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    done = subprocess.run(
        [PYTHON, "-W", "error::DeprecationWarning", "-c", SOLVE],
        cwd=tmp_path, env={"PYTHONPATH": str(tmp_path / PACKAGES)}, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    every = [question for unit in read().units for question in questions(unit.short)]
    assert done.stdout.splitlines() == [f"{question} passed" for question in every]
