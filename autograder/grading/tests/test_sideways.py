"""Attacks on what surrounds a test: its outputs, its warnings, the terminal, the line, the room on disk."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.grading import NbgraderCourse, grade
from autograder.grading.folders import LONGEST_PATH
from autograder.grading.tests.classroom import CELLS, RIGHT
from autograder.grading.tests.make_course import answer, check, fill, make_course, marks_in, released, submit
from autograder.sandbox.settings import Settings
from autograder.sandbox.tests.play import Played, play

HONEST = answer("total", "def total(xs):\n    return sum(xs)")
TOTAL = check("t_total", "assert total([1, 2]) == 3", 2)

DISPLAYS = {
    "many": "for _ in range(600):\n        display(1)",
    "large": "for _ in range(2):\n        display({'image/png': picture}, raw=True)",
    "large and printed": "for i in range(300):\n        display(1)\n        print(i)",
    "a score of its own": "display({'text/plain': '2.0'}, raw=True)",
}
PICTURE = "import base64\npicture = base64.b64encode(b'\\x89PNG\\r\\n\\x1a\\n' + bytes(3_700_000)).decode()\n"


def sideways(quick: Settings, source: str, test: str) -> Played:
    return play([answer("f", source), check("t", test, 2), HONEST, TOTAL], quick)


@pytest.mark.parametrize("name", DISPLAYS)
def test_what_a_call_displays_does_not_push_out_the_score(quick: Settings, name: str) -> None:
    source = f"from IPython.display import display\n{PICTURE}def f():\n    {DISPLAYS[name]}"
    played = sideways(quick, source, "f()\nf()\nf()\ndisplay('report')\n0.25")
    assert played.marks == {"t": 0.25, "t_total": 2.0}
    assert "report" in played.text("t")


def test_what_all_cells_show_together_is_bounded(quick: Settings) -> None:
    show = f"{PICTURE}display({{'image/png': picture[:400_000]}}, raw=True)\nprint('shown')"
    raises = f"{show}\nraise ValueError('x' * 10_000)"
    answers = [answer(f"a{n}", source) for n, source in enumerate([show, show, show, show, raises, show])]
    played = play([*answers, HONEST, TOTAL], quick.with_limits(output_bytes=1_000_000))
    assert played.marks["t_total"] == 2.0
    assert len(played.outcome.notebook) < 1_500_000
    pictures = [any("image/png" in output.get("data", {}) for output in played.outputs(f"a{n}")) for n in range(6)]
    assert pictures == [True, True, False, False, False, False]
    assert "The rest of the output was cut" in played.text("a2")
    assert "ValueError" in played.text("a4")
    assert len(played.text("a4")) < 3_000


def test_a_test_that_displays_without_end_keeps_its_score(quick: Settings) -> None:
    assert sideways(quick, "", "for _ in range(600):\n    display(1)\n0.25").marks["t"] == 0.25


def test_a_warning_shows_no_line_of_the_instructors_files(quick: Settings, tmp_path: Path) -> None:
    secret = tmp_path / "course_secret.txt"
    secret.write_text("4711 is the secret\n")
    source = f"import warnings\ndef f():\n    warnings.warn_explicit('careful', UserWarning, {str(secret)!r}, 1)"
    text = sideways(quick, source, "f()").text("t")
    assert "careful" in text
    assert "4711" not in text


FORGED = """
import gc
session = next(o for o in gc.get_objects() if type(o).__name__ == 'Session')
pack = session.pack
said = {'output_type': 'stream', 'name': 'stderr', 'text': 'said beside the cell'}
session.pack = lambda reply, outputs: pack(reply, [said, *outputs])
"""


def test_nothing_a_learner_says_gets_to_the_terminal(quick: Settings, capfd: pytest.CaptureFixture[str]) -> None:
    from autograder.sandbox import close_workers

    close_workers()  # The next one writes where capfd sees it.
    played = sideways(quick, FORGED, "1.0")
    close_workers()
    assert "said beside the cell" in played.text("f") + played.text("total")
    assert "said beside the cell" not in capfd.readouterr().err


@pytest.mark.parametrize("source", ["import os\nos.fork()", "import os\ndef f():\n    os.fork()"])
def test_a_forked_copy_does_not_answer(quick: Settings, source: str) -> None:
    for _ in range(3):  # Which copy is first is chance.
        played = sideways(quick, source, "f()\nf()\n0.25")
        assert played.marks["t_total"] == 2.0


@pytest.mark.parametrize("count", [89_000, 99_999, 200_000])
def test_many_objects_cost_their_own_question_only(quick: Settings, count: int) -> None:
    played = sideways(quick, f"def f():\n    return [object() for _ in range({count})]", "assert f() == 1")
    assert played.marks == {"t": 0.0, "t_total": 2.0}
    assert played.result.restarts == 0


def test_an_object_is_told_by_its_type(quick: Settings) -> None:
    source = "class Weights:\n    pass\ndef f():\n    return Weights()"
    played = sideways(quick, source, "assert type(f()).__name__ == 'Weights'\nassert type(f) is not type(f())")
    assert played.marks["t"] == 2.0


def crowded(tmp_path: Path) -> Path:
    """A course with given files, and right answers of two learners."""
    course = make_course(tmp_path / "course", {"ps1": {"p1": CELLS}})
    (course / "source/ps1/data").mkdir()
    (course / "source/ps1/data/x.csv").write_text("1")
    (course / "source/ps1/y.csv").write_text("1")
    for student in ("first", "last", "odd"):
        submit(course, student, "ps1", "p1", fill(released(course, "ps1", "p1"), RIGHT))
    return course


def a_file_for_a_folder(folder: Path) -> None:
    (folder / "data").write_text("x")


def a_folder_for_a_file(folder: Path) -> None:
    (folder / "y.csv").mkdir()
    (folder / "y.csv/z").write_text("x")


def a_long_path(folder: Path) -> None:
    deep = folder / "/".join(["d" * 200] * (LONGEST_PATH // 200 + 1))
    deep.mkdir(parents=True)
    (deep / "x").write_text("x")


@pytest.mark.parametrize("put", [a_file_for_a_folder, a_folder_for_a_file, a_long_path])
def test_files_in_the_way_are_left_out_and_the_class_is_graded(quick: Settings, tmp_path: Path, put: object) -> None:
    course = crowded(tmp_path)
    put(course / "submitted/odd/ps1")  # type: ignore[operator]
    summary = grade(course, settings=quick, jobs=1)
    marks = marks_in(course, "ps1")
    assert marks["odd"] == marks["first"] == marks["last"]
    assert not summary.failed
    assert (course / "autograded/odd/ps1/data/x.csv").read_text() == "1"
    assert (course / "autograded/odd/ps1/y.csv").read_text() == "1"
    record = (course / "records/ps1/odd.json").read_text()
    assert "was left out" in record


def test_a_folder_that_no_gradebook_can_name_is_no_learner(tmp_path: Path) -> None:
    course = crowded(tmp_path)
    for name in ("sur\udcff", "new\nline"):
        (course / "submitted" / name / "ps1").mkdir(parents=True)
    assert NbgraderCourse(course).students("ps1") == ["first", "last", "odd"]
