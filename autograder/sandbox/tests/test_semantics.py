"""What a test cell can do with a learner's code on the other side of the line."""

from __future__ import annotations

import pytest

from autograder.grading.tests.make_course import Cell, answer, check, code, setup
from autograder.sandbox.settings import Settings
from autograder.sandbox.tests.cases import cases
from autograder.sandbox.tests.play import play

NUMPY = code("import numpy as np")

PASSES = cases("passes")


@pytest.fixture
def patient(quick: Settings) -> Settings:
    """Importing pandas and drawing the first figure take seconds on a busy machine; these tests are not about limits."""
    return quick.with_limits(cell_seconds=30)


@pytest.mark.parametrize("name", PASSES)
def test_honest_code_passes(patient: Settings, name: str) -> None:
    given, test = PASSES[name]
    cells = [NUMPY, answer("a", given), check("t", test, 2)]
    played = play(cells, patient)
    assert played.marks == {"t": 2.0}, played.text("t")


FAILS = cases("fails")


@pytest.mark.parametrize("name", FAILS)
def test_wrong_code_fails_and_says_why(patient: Settings, name: str) -> None:
    given, test, message = FAILS[name]
    played = play([answer("a", given), check("t", test, 2)], patient)
    assert played.marks == {"t": 0.0}
    assert message in played.text("t")


def test_partial_credit_is_nbgraders(quick: Settings) -> None:
    cells = [
        answer("a", "x = 1"),
        check("half", "0.5 * x", 2),
        check("numpy", "import numpy as np\nnp.float64(0.5)", 2),
        check("stderr", "import sys\nprint('!', file=sys.stderr)", 2),
        check("prints", "print(x)", 2),
        check("above", "5.0", 2),
        check("nan", "float('nan')", 2),
    ]
    marks = play(cells, quick).marks
    assert marks == {"half": 0.5, "numpy": 0.5, "stderr": 0.0, "prints": 2.0, "above": 2.0, "nan": 0.0}


def test_setup_runs_on_both_sides(quick: Settings) -> None:
    cells = [
        setup("s", "import numpy as np\nrng = np.random.default_rng(0)\nlimit = 3"),
        answer("a", "mine = rng.normal(size=2)\ndef f():\n    return limit"),
        check("t", "assert f() == limit == 3\nassert np.array_equal(mine, rng.normal(size=2))", 1),
    ]
    assert play(cells, quick).marks == {"t": 1.0}


def test_setup_that_uses_the_learners_code_runs_on_their_side_only(quick: Settings) -> None:
    cells = [
        answer("a", "calls = 0\ndef f():\n    global calls\n    calls += 1\n    return calls"),
        setup("s", "first = f()"),
        check("t", "assert first == 1 and f() == 2", 1),
    ]
    assert play(cells, quick).marks == {"t": 1.0}


def test_what_a_call_prints_lands_in_the_test_cell(quick: Settings) -> None:
    played = play(
        [answer("a", "def f():\n    print('from f')\n    return 1"), check("t", "print('a')\nf()\nprint('b')", 1)],
        quick,
    )
    assert played.outputs("t") == [{"output_type": "stream", "name": "stdout", "text": "a\nfrom f\nb\n"}]


def test_cells_are_numbered_as_in_one_kernel(quick: Settings) -> None:
    cells = [NUMPY, answer("a", "x = 1\nx"), answer("b", ""), check("t", "x + 0.0", 1), answer("c", "x")]
    shown = [c for c in play(cells, quick).notebook["cells"] if c["cell_type"] == "code"]
    assert [c["execution_count"] for c in shown] == [1, 2, None, 3, 4]
    assert [o["execution_count"] for c in shown for o in c["outputs"]] == [2, 3, 4]


def test_a_warning_costs_the_mark_as_in_stock(quick: Settings) -> None:
    cells = [NUMPY, answer("a", "def f():\n    return np.log(np.zeros(1))"), check("t", "f()\nNone", 1)]
    played = play(cells, quick)
    assert played.marks == {"t": 0.0}
    assert "divide by zero" in played.text("t")


def test_an_unprotected_test_runs_with_the_learners_code_and_is_recorded(quick: Settings) -> None:
    given = "class P:\n    def __init__(self, x):\n        self.x = x\n    def __eq__(self, o):\n        return True"
    played = play([answer("a", given), check("t", "# grading: unprotected\nassert P(1) == P(1)", 1)], quick)
    assert played.marks == {"t": 1.0}
    assert played.record("t").role == "unprotected"


def test_a_test_that_cannot_work_is_recorded_as_such(quick: Settings) -> None:
    played = play([answer("a", "class P: pass"), check("t", "assert P() == 1", 1)], quick)
    assert played.record("t").outcome == "not plain data"


def test_the_same_seed_gives_the_same_notebook(quick: Settings) -> None:
    cells: list[Cell] = [
        NUMPY,
        answer("a", "print(np.random.rand(), {'b', 'a', 'c'})"),
        check("t", "import os, json, random\nprint(random.random(), os.environ['AUTOGRADER_SUBMISSION'])", 1),
    ]
    first, second = play(cells, quick), play(cells, quick)
    assert first.outcome.notebook == second.outcome.notebook
    assert play(cells, quick, seed="other").outcome.notebook != first.outcome.notebook


def test_tests_know_points_and_seed_and_the_learner_does_not(quick: Settings) -> None:
    test = (
        "import json, os\ntold = json.loads(os.environ['AUTOGRADER_SUBMISSION'])\n"
        "assert told['points'] == 3.0 and len(told['seed']) == 64"
    )
    played = play([answer("a", "import os\nprint('AUTOGRADER_SUBMISSION' in os.environ)"), check("t", test, 3)], quick)
    assert played.marks == {"t": 3.0}
    assert played.text("a").startswith("False")


def test_the_stand_in_does_nothing_and_the_reference_is_absent(quick: Settings) -> None:
    given = (
        "from autograder import check, hint\nimport autograder.checks\nprint(check('x'), hint())\n"
        "try:\n    import reference_impl\nexcept ModuleNotFoundError:\n    print('absent')"
    )
    assert play([answer("a", given), check("t", "1.0", 1)], quick).text("a").startswith("None None\nabsent")


CELLS = cases("cells")


@pytest.mark.parametrize("name", CELLS)
def test_cells_behave_as_in_a_notebook(patient: Settings, name: str) -> None:
    source, shown = CELLS[name]
    played = play([answer("a", source), answer("b", "z = 4"), check("t", "assert z == 4", 1)], patient)
    assert shown in played.text("a")
    assert played.marks == {"t": 1.0}


def test_the_submissions_files_are_there_and_the_instructors_win(quick: Settings) -> None:
    given = "print(open('data.txt').read(), open('own/mine.txt').read())"
    played = play(
        [answer("a", given), check("t", "assert open('data.txt').read() == 'true'", 1)],
        quick,
        files={"data.txt": b"false", "own/mine.txt": b"hello", "numpy.py": b"raise SystemExit"},
        given={"data.txt": b"true"},
    )
    assert played.text("a").startswith("true hello")
    assert played.marks == {"t": 1.0}


def test_modules_beside_the_notebook_are_the_instructors(quick: Settings) -> None:
    cells = [
        answer("a", "import helper\ndef f():\n    return helper.double(2)"),
        check("t", "import helper, parts.more\nassert f() == helper.double(2) == parts.more.four", 1),
        check("u", "import theirs", 1),
    ]
    given = {
        "helper.py": b"def double(x):\n    return 2 * x\n",
        "parts/__init__.py": b"",
        "parts/more.py": b"four = 4\n",
    }
    sent = {"helper.py": b"def double(x):\n    return 5\n", "theirs.py": b"print('taken in')\n"}
    played = play(cells, quick, given=given, files=sent)
    assert played.marks == {"t": 1.0, "u": 0.0}, played.text("t")
    assert "No module named 'theirs'" in played.text("u")


def test_objects_that_were_asked_are_in_the_record(quick: Settings) -> None:
    cells = [
        answer("a", "class P:\n    def __eq__(self, o):\n        return True"),
        check("t", "# grading: ask the learner's objects\nassert P() == P()", 1),
        check("u", "assert P() == P()", 1),
    ]
    played = play(cells, quick)
    assert played.marks == {"t": 1.0, "u": 0.0}
    assert [played.record(name).role for name in ("t", "u")] == ["asking", "test"]


def test_an_answer_that_reads_a_tests_name_is_told_so(quick: Settings) -> None:
    cells = [check("t", "A = 1\nassert A", 1), answer("a", "B = A + 1"), check("u", "B", 1)]
    played = play(cells, quick)
    assert "`A` is defined by a test cell" in played.text("a")
    assert "`A` is defined by a test cell" in played.record("a").error
