"""`mha audit`: the instructor's own solutions, graded before a term."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.conftest import snapshot
from autograder.grading.audit import Audited, Below, audit
from autograder.grading.course import CourseError, NbgraderCourse
from autograder.grading.tests.make_course import Cell, answer, check, make_course, setup
from autograder.sandbox.settings import Settings

POINT = "class Point:\n    def __init__(self, x):\n        self.x = x\n    def __eq__(self, other):\n        return self.x == other.x"
CELLS: list[Cell] = [
    setup("given", "import sys, time, warnings"),
    answer("double", "def double(x):\n    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION"),
    check("t_full", "assert double(2) == 4", 1),
    check("t_fails", "assert double(2) == 5, 'five'", 2),
    check("t_half", "0.5", 1),
    check("t_above", "float('nan')", 1),
    check("t_warns", "print('careful', file=sys.stderr)", 1),
    check("t_theirs", "double(0.25)", 1),
    answer("point", f"### BEGIN SOLUTION\n{POINT}\n### END SOLUTION"),
    check("t_equal", "assert Point(1) == Point(1)", 1),
    check("t_marked", "# grading: unprotected\nassert Point(1) == Point(1)", 1),
    check("t_defines", "LIMIT = 10\nassert double(3) < LIMIT", 1),
    answer("limited", "def limited(x):\n    ### BEGIN SOLUTION\n    return min(x, LIMIT)\n    ### END SOLUTION"),
    check("t_limited", "assert limited(20) == 10", 1),
    answer("slow", "def slow():\n    ### BEGIN SOLUTION\n    time.sleep(60)\n    ### END SOLUTION"),
    check("t_slow", "slow()", 1),
    answer("ends", "def ends():\n    ### BEGIN SOLUTION\n    import os\n    os._exit(1)\n    ### END SOLUTION"),
    check("t_ends", "ends()", 1),
]  # fmt: skip
BROKEN: list[Cell] = [
    answer("first", "### BEGIN SOLUTION\nlength = 1 / 0\n### END SOLUTION"),
    check("t_first", "assert length == 1", 1),
]
CAUSES = {
    "t_fails": (0, "it raises AssertionError: five", "Run the source notebook in Jupyter"),
    "t_half": (0.5, "it ends with 0.5 where 1 are to be had", "Look at the solution"),
    "t_above": (0, "nan", "End the cell with a plain number"),
    "t_warns": (0, "wrote to stderr", "nothing is written there"),
    "t_theirs": (0, "a number that the submitted code returned", "that the test itself works out"),
    "t_equal": (0, "needs more than plain data", "# grading: unprotected"),
    "t_limited": (0, "`LIMIT` is defined by the test cell t_defines", "Define `LIMIT` in a locked cell"),
    "t_slow": (0, "not finished in time", "cell_seconds"),
    "t_ends": (0, "the process with the solution ended", "memory_mb"),
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("audited") / "course"
    return make_course(root, {"ps1": {"nb": CELLS}, "ps2": {"broken": BROKEN}})


@pytest.fixture(scope="module")
def found(made: Path, quick: Settings) -> dict[str, Audited]:
    return {one.assignment: one for one in audit(NbgraderCourse(made), settings=quick)}


def cell(found: dict[str, Audited], name: str) -> Below:
    return next(below for one in found.values() for below in one.below if below.cell == name)


@pytest.mark.parametrize("name", CAUSES)
def test_a_cell_below_full_marks_is_listed_with_cause_and_advice(found: dict[str, Audited], name: str) -> None:
    score, cause, advice = CAUSES[name]
    below = cell(found, name)
    assert (below.score, below.points) == (score, 2 if name == "t_fails" else 1)
    assert cause in below.cause
    assert advice in below.advice


def test_nothing_else_is_listed(found: dict[str, Audited]) -> None:
    assert {below.cell for below in found["ps1"].below} == {*CAUSES}
    assert found["ps1"].full == 3
    assert found["ps1"].unprotected == ("nb/t_marked",)


def test_the_cell_that_failed_first_is_the_cause(found: dict[str, Audited]) -> None:
    assert "first fails first: ZeroDivisionError" in cell(found, "t_first").cause


def test_nothing_is_written(made: Path, quick: Settings, unchanged: Callable[[Path], None]) -> None:
    before = snapshot(made)
    list(audit(NbgraderCourse(made), ["ps2"], settings=quick))
    assert snapshot(made) == before
    assert not (made / "course_secret.txt").exists()


@pytest.mark.parametrize("switch", ["True", "['ps2', 'ps1']"])
def test_a_switch_leaves_all_tests_of_an_assignment_unprotected(tmp_path: Path, quick: Settings, switch: str) -> None:
    cells = [
        answer("point", f"### BEGIN SOLUTION\n{POINT}\n### END SOLUTION"),
        check("t", "assert Point(1) == Point(1)", 1),
    ]
    root = make_course(tmp_path / "course", {"ps1": {"nb": cells}}, f"c.GradingEngine.unprotected = {switch}\n")
    assert list(audit(NbgraderCourse(root), settings=quick)) == [Audited("ps1", 1, (), ("nb/t",))]


def test_a_cell_that_the_gradebook_does_not_have_as_it_is_now_is_run_as_the_gradebook_has_it(
    tmp_path: Path, quick: Settings
) -> None:
    cells = [answer("one", "### BEGIN SOLUTION\none = 1\n### END SOLUTION"), check("t", "assert one == 1", 1)]
    root = make_course(tmp_path / "course", {"ps1": {"nb": cells}})
    path = root / "source" / "ps1" / "nb.ipynb"
    path.write_text(path.read_text().replace("one == 1", "one == 2"))
    assert [one.full for one in audit(NbgraderCourse(root), settings=quick)] == [1]
    path.unlink()
    (below,) = [cell for one in audit(NbgraderCourse(root), settings=quick) for cell in one.below]
    assert "no such notebook" in below.cause


@pytest.mark.parametrize("names", [None, ["ps3"]])
def test_what_cannot_be_audited_is_told(tmp_path: Path, made: Path, names: list[str] | None) -> None:
    root = tmp_path if names is None else made
    with pytest.raises(CourseError, match=r"There is no gradebook|It has: ps1, ps2"):
        list(audit(NbgraderCourse(root), names))
    assert json.dumps(sorted(path.name for path in tmp_path.iterdir())) == "[]"


@pytest.mark.parametrize(
    "test", ["check('tiny.x')", "from autograder import check\ncheck('tiny.x')", "autograder.check('x')"]
)
def test_a_check_that_would_do_nothing_is_never_left_unprotected(tmp_path: Path, quick: Settings, test: str) -> None:
    cells = [setup("s", "import autograder\nfrom autograder import check"), answer("a", "a = 1"), check("t", test, 1)]
    root = make_course(tmp_path / "course", {"ps1": {"nb": cells}}, "c.GradingEngine.unprotected = True\n")
    with pytest.raises(CourseError, match="ps1/nb/t runs unprotected and calls autograder"):
        list(audit(NbgraderCourse(root), settings=quick))
