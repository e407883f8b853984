"""The command line: what it says, what it leaves behind, and how it ends."""

from __future__ import annotations

import csv
import errno
import os
import sys
from pathlib import Path

import nbformat
import pytest

from autograder import course, paths
from autograder.checks import home
from autograder.classroom.directory import CourseDirectory
from autograder.cli import main

from .mha import Mha, mha
from .tiny import RIGHT, SUBTRACTS, UNIT, exercise, hand_in

__all__ = ["mha"]


def test_help_lists_every_command(mha: Mha) -> None:
    said = mha("--help")
    assert said.code == 0
    names = "lab book progress check watch update show init audit extend grade report export demo"
    assert all(f"\n  {name} " in said.out for name in names.split())


@pytest.mark.parametrize("arguments", [["grades"], ["grade"], ["grade", "x", "--regrad"], ["check"]])
def test_a_wrong_call_ends_in_code_2_and_a_hint(mha: Mha, arguments: list[str]) -> None:
    said = mha(*arguments)
    assert said.code == 2
    assert "Usage: mha" in said.err
    assert "Traceback" not in said.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["show", "tiny_sum.product"], "There is no question 'tiny_sum.product'. Unit 'tiny_sum' has: tiny_sum.add"),
        (["show", "sums"], "There is no unit 'sums'. The units are: 01_tiny_sum, 02_tiny_mean."),
        (["check", "nothing.ipynb"], "There is no file nothing.ipynb."),
        (["check", "."], "No notebook of the course is in .: `mha lab .` copies them there."),
        (["grade", "nowhere"], "There is no folder nowhere. `mha init nowhere` makes a course directory there."),
        (["grade", "."], ". is not a course directory"),
        (["export", "."], ". is not a course directory"),
        (["init", "new", "tiny_product"], "There is no unit 'tiny_product'."),
        (["init", "a_file"], "a_file is a file."),
        (["grade", "a_file"], "a_file is a file. Give the folder that `mha init` made."),
        (["lab", "a_file", "--copy-only"], "mha: a_file is a file. Give another folder."),
        (["lab", "a_file/notebooks", "--copy-only"], "is a file where a folder is needed. Give another folder."),
        (["demo", "a_file"], "a_file: File exists. Give the name of a folder."),
        (["demo", "."], ". is not empty. Give the demo a folder of its own."),
    ],
)
def test_a_users_mistake_ends_in_one_sentence_and_code_2(
    mha: Mha, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], message: str
) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    (tmp_path / "here" / "a_file").write_text("")
    said = mha(*arguments)
    assert said.code == 2
    assert said.err.startswith("mha: ")
    assert message in said.err
    assert said.err.count("\n") == 1


@pytest.mark.parametrize(
    ("to", "message"),
    [
        ("nowhere/marks.csv", "nowhere/marks.csv: No such file or directory. Give a place in a folder that exists."),
        (".", ".: Is a directory. Give the name of a file."),
    ],
)
def test_a_place_that_cannot_be_written_is_told_with_what_to_do(
    mha: Mha, directory: CourseDirectory, monkeypatch: pytest.MonkeyPatch, to: str, message: str
) -> None:
    monkeypatch.chdir(directory.root)
    said = mha("export", directory.root, "--to", to)
    assert (said.code, said.err) == (2, f"mha: {message}\n")


@pytest.mark.parametrize("number", [errno.EACCES, errno.EROFS])
def test_a_folder_that_refuses_is_told_with_what_to_do(
    mha: Mha, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def refuse(self: Path, *_: object, **__: object) -> None:  # root may write anywhere, so the refusal is made here
        raise OSError(number, os.strerror(number), str(self))

    monkeypatch.setattr(Path, "mkdir", refuse)
    said = mha("init", tmp_path / "new")
    assert said.code == 2
    assert said.err.startswith(f"mha: {tmp_path / 'new'}")
    assert f": {os.strerror(number)}. Give a" in said.err


def test_an_error_of_its_own_is_a_sentence_too_and_debug_shows_where(mha: Mha, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(root: Path | None = None) -> course.Course:
        raise RuntimeError("lost")

    monkeypatch.setattr(course, "read", broken)
    said = mha("show", "tiny_sum")
    assert (said.code, said.err) == (
        1,
        "mha: stopped by an error of its own, RuntimeError: lost. MHA_DEBUG=1 shows where.\n",
    )
    monkeypatch.setenv("MHA_DEBUG", "1")
    monkeypatch.setattr(sys, "argv", ["mha", "show", "tiny_sum"])
    with pytest.raises(RuntimeError, match="lost"):
        main()


def test_show_tells_what_a_question_checks(mha: Mha) -> None:
    said = mha("show", "tiny_sum.add")
    assert said.code == 0
    assert "tiny_sum.add: A sum, 6 points" in said.out
    assert " 50 %  vectors" in said.out
    assert f"Checked in: {paths.root() / 'checks' / 'tiny_sum.py'}\n" in said.out


def test_show_names_the_file_of_the_courses_own_checks() -> None:
    assert home("one_head") == paths.PACKAGE / "checks" / "one_head.py"


def test_show_on_a_unit_tells_all_its_questions(mha: Mha) -> None:
    out = mha("show", "tiny_sum").out
    assert "tiny_sum.add: A sum" in out
    assert "number_of_heads: That is the number of heads." in out


def test_lab_copies_notebooks_and_lessons_and_never_writes_over_work(mha: Mha, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    assert mha("lab", folder, "--copy-only").code == 0
    mine = folder / UNIT / "tiny_sum.ipynb"
    assert mine.read_bytes() == (paths.root() / "exercises" / UNIT / "tiny_sum.ipynb").read_bytes()
    assert (folder / "lessons" / "01_tiny_sum.md").is_file()
    mine.write_text("my work")
    (folder / "02_tiny_mean" / "tiny_mean.ipynb").unlink()
    said = mha("lab", folder, "--copy-only")
    assert "1 files copied, 4 left as they were" in said.out
    assert mine.read_text() == "my work"


def test_lab_copies_the_lessons_pictures_without_what_draws_them(mha: Mha, tmp_path: Path) -> None:
    pictures = paths.root() / "course" / "lessons" / "pictures"
    (pictures / "__pycache__").mkdir(parents=True)
    for name in ("sum.svg", "sum.py", "__pycache__/sum.cpython-311.pyc"):
        (pictures / name).write_bytes(b"")
    assert mha("lab", tmp_path / "mine", "--copy-only").code == 0
    assert [path.name for path in (tmp_path / "mine" / "lessons" / "pictures").rglob("*")] == ["sum.svg"]


def test_lab_becomes_jupyterlab_in_that_folder(mha: Mha, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[tuple[list[str], Path]] = []
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("os.execve", lambda program, command, environment: ran.append((command[:4], Path.cwd())))
    monkeypatch.setattr("subprocess.run", lambda command, env: type("Done", (), {"returncode": 0}))
    assert mha("lab", "mine").code == 0
    assert ran == [([sys.executable, "-P", "-m", "jupyterlab"], tmp_path / "mine")]


def test_solutions_open_as_plain_notebooks(mha: Mha, tmp_path: Path) -> None:
    assert mha("lab", tmp_path / "solved", "--solutions", "--copy-only").code == 0
    notebook = nbformat.read(tmp_path / "solved" / UNIT / "tiny_sum.ipynb", as_version=4)
    nbformat.validate(notebook)
    assert any("return a + b" in cell.source for cell in notebook.cells)
    assert "nbgrader" not in (tmp_path / "solved" / UNIT / "tiny_sum.ipynb").read_text()


def test_check_passes_only_where_every_check_does(mha: Mha, directory: CourseDirectory, tmp_path: Path) -> None:
    right, wrong = tmp_path / "a" / "tiny_sum.ipynb", tmp_path / "b" / "tiny_sum.ipynb"
    for path, answers in ((right, RIGHT), (wrong, {**SUBTRACTS, "try-it": "1 / 0"})):
        path.parent.mkdir()
        nbformat.write(exercise(directory, answers), path)
    before = wrong.read_bytes()
    said = mha("check", right)
    assert (said.code, said.err) == (0, "")
    assert "A sum: passed, 6 of 6 points" in said.out
    assert "2 of 2 checks passed." in said.out
    said = mha("check", wrong)
    assert said.code == 1
    assert "Cell try-it raised ZeroDivisionError" in said.out
    assert "That is the difference." in said.out
    assert "1 of 2 checks passed." in said.out
    assert wrong.read_bytes() == before


def test_check_misses_a_check_that_was_deleted(mha: Mha, directory: CourseDirectory, tmp_path: Path) -> None:
    notebook = exercise(directory, RIGHT)
    notebook.cells = [cell for cell in notebook.cells if cell.id != "check_add"]
    nbformat.write(notebook, tmp_path / "tiny_sum.ipynb")
    said = mha("check", tmp_path / "tiny_sum.ipynb")
    assert said.code == 1
    assert "tiny_sum.add: its check is not in this notebook." in said.out


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "is damaged, or is no notebook"),
        (b"%PDF", "is damaged, or is no notebook"),
        (b"[]", "is damaged, or is no notebook"),
        (b'{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}', "has no cells"),
        (
            b'{"cells": [{"cell_type": "markdown", "id": "a", "metadata": {}, "source": "hello"}], "metadata": {}, '
            b'"nbformat": 4, "nbformat_minor": 5}',
            "has no checks. Give one of the course's notebooks",
        ),
    ],
)
def test_check_tells_what_is_no_notebook_of_the_course(mha: Mha, tmp_path: Path, data: bytes, message: str) -> None:
    (tmp_path / "n.ipynb").write_bytes(data)
    said = mha("check", tmp_path / "n.ipynb")
    assert said.code == 2
    assert message in said.err


def test_check_survives_a_notebook_that_ends_its_kernel(mha: Mha, directory: CourseDirectory, tmp_path: Path) -> None:
    nbformat.write(exercise(directory, {**RIGHT, "add": "import os\nos._exit(1)"}), tmp_path / "tiny_sum.ipynb")
    said = mha("check", tmp_path / "tiny_sum.ipynb")
    assert said.code == 2
    assert "The notebook ended its own Python" in said.err


def test_init_makes_a_course_directory(mha: Mha, tmp_path: Path) -> None:
    said = mha("init", tmp_path / "new", "tiny_mean")
    assert said.code == 0
    assert "is ready, with 1 unit: 02_tiny_mean." in said.out
    assert CourseDirectory.open(tmp_path / "new").units == ("02_tiny_mean",)


def test_grade_prints_the_table_and_export_writes_the_csv(mha: Mha, directory: CourseDirectory) -> None:
    hand_in(directory, "ada", SUBTRACTS)
    hand_in(directory, "eve", b"damaged")
    said = mha("grade", directory.root, "tiny_sum", "--feedback")
    assert (said.code, said.err) == (0, "")
    assert "2 submissions graded." in said.out
    assert "That is the difference." in said.out
    assert "tiny_sum.ipynb: the file is not a notebook" in said.out
    ada = next(line for line in said.out.splitlines() if "│ ada " in line)
    assert [part.strip() for part in ada.split("│")[1:-1]] == ["ada", "ada", "4", "4"]
    assert (directory.feedback("ada", UNIT) / "tiny_sum.html").is_file()
    assert "Nothing new to grade." in mha("grade", directory.root).out

    said = mha("export", directory.root)
    with Path(said.out.strip()).open(newline="", encoding="utf-8") as file:
        lines = list(csv.DictReader(file))
    assert [(x["unit"], x["learner"], x["question"], x["marks"]) for x in lines[:2]] == [
        (UNIT, "ada", "tiny_sum.add", "0"),
        (UNIT, "ada", "tiny_sum.width", "4"),
    ]


@pytest.mark.parametrize(("answer", "written"), [("n\n", False), ("y\n", True)])
def test_regrade_shows_changes_and_asks(
    mha: Mha, directory: CourseDirectory, monkeypatch: pytest.MonkeyPatch, answer: str, written: bool
) -> None:
    hand_in(directory, "ada", RIGHT)
    mha("grade", directory.root)
    with directory.course.gradebook() as gradebook:
        gradebook.update_or_create_grade_cell("check_add", "tiny_sum", UNIT, max_score=3.0)
    monkeypatch.setattr("typer.confirm", lambda *a, **k: answer == "y\n")
    said = mha("grade", directory.root, "--regrade")
    assert said.code == 0
    row = next(line for line in said.out.splitlines() if "01_tiny_sum" in line and "ada" in line)
    assert [part.strip() for part in row.split("│")[1:-1]] == ["ada", "01_tiny_sum", "10", "7", "-3"]
    assert ("Nothing was written." in said.out) is not written
    with directory.course.gradebook() as gradebook:
        assert gradebook.find_submission(UNIT, "ada").score == (7.0 if written else 10.0)


def test_a_class_without_learners_is_no_error(mha: Mha, directory: CourseDirectory) -> None:
    said = mha("grade", directory.root)
    assert said.code == 0
    assert "Nothing was handed in yet. Put it into" in said.out
