"""What a learner's function computes on the way comes over the line as data, and is worth nothing."""

from __future__ import annotations

import pytest

from autograder.grading.tests.make_course import answer, check, code
from autograder.sandbox.settings import Settings
from autograder.sandbox.tests.play import play

SHOW = """
found = double.__recorded__(np.arange(3.0))
print([(text, kind, depth, type(value).__name__) for text, kind, depth, value in found["notes"]], found["error"])
assert np.allclose(double(np.arange(3.0)), [0, 2, 4])
"""
CELLS = [
    code("import numpy as np"),
    answer("double", "def double(x):\n    raise NotImplementedError()"),
    check("t_double", SHOW, 2),
    check("t_mark", "double.__recorded__(np.arange(3.0))['notes'][0][0] == 'right' or 0", 2),
]


def test_the_arrays_of_a_learners_function_come_over_the_line(quick: Settings) -> None:
    played = play(CELLS, quick, {"double": "def double(x):\n    y = x * 2\n    return y"})
    assert (
        "[('x * 2', 'part', 0, 'ndarray'), ('y', 'name', 0, 'ndarray'), ('result', 'result', 0, 'ndarray')] None"
        in (played.text("t_double"))
    )
    assert played.marks["t_double"] == 2


def test_an_error_comes_over_with_its_line(quick: Settings) -> None:
    played = play(CELLS, quick, {"double": "def double(x):\n    return x @ np.ones((2, 2))"})
    assert "return x @ np.ones((2, 2))" in played.text("t_double")
    assert played.marks["t_double"] == 0


@pytest.mark.parametrize("end", ["os._exit(1)", "ctypes.string_at(0)"])
def test_a_function_that_ends_its_process_when_it_is_watched_loses_nothing(quick: Settings, end: str) -> None:
    sly = f"import ctypes, os, sys\ndef double(x):\n    if sys.gettrace():\n        {end}\n    return x * 2"
    asked = "found = double.__recorded__(3)\nassert found is None\nassert double(3) == 6"
    cells = [*CELLS[:2], check("t_double", asked, 2), check("t_again", "assert double(3) == 6", 1)]
    played = play(cells, quick, {"double": sly})
    assert (played.marks["t_double"], played.marks["t_again"]) == (2, 1)
