"""Attacks on what surrounds a submission's run: nbgrader's own steps, the gradebook, clocks, and isolation."""

from __future__ import annotations

import ast
import os
import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy

from autograder.grading import grade, writer
from autograder.grading.course import CourseError
from autograder.grading.tests.classroom import RIGHT
from autograder.grading.tests.make_course import fill, marks_in, nbgrader, released, submit
from autograder.sandbox import Settings

PACKAGE = Path(__file__).resolve().parents[2]


@pytest.fixture
def pair(course: Path) -> Path:
    """The course with two learners, both right."""
    for folder in (course / "submitted").iterdir():
        if folder.name != "right":
            shutil.rmtree(folder)
    submit(course, "evil", "ps1", "p1", fill(released(course, "ps1", "p1"), RIGHT))
    return course


# nbgrader's Autograde copies and reads these before any exporter is asked.
BEFORE: dict[str, Callable[[Path], object]] = {
    "a link to the gradebook": lambda f: (f / "marks.db").symlink_to(f.parents[2] / "gradebook.db"),
    "a link without end": lambda f: (f / "zero").symlink_to("/dev/zero"),
    "a linked folder": lambda f: (f / "all").symlink_to(f.parents[1]),
    "a pipe": lambda f: os.mkfifo(f / "timestamp.txt"),
    "a date that is none": lambda f: (f / "timestamp.txt").write_text("yesterday, in the evening"),
    "a date as long as a book": lambda f: (f / "timestamp.txt").write_text("2027-01-01 " * 100_000),
}


def test_nbgraders_own_steps_do_not_touch_what_they_would_follow(quick: Settings, pair: Path) -> None:
    with (pair / "nbgrader_config.py").open("a") as file:
        file.write("from autograder.grading import configure\nconfigure(c)\n")
        file.write(f"c.GradingEngine.isolation = {quick.isolation!r}\n")
    shutil.move(pair / "submitted" / "evil", pair / "evil")
    for number, put in enumerate(BEFORE.values()):
        shutil.copytree(pair / "evil", pair / "submitted" / f"evil{number}")
        put(pair / "submitted" / f"evil{number}" / "ps1")
    done = nbgrader(pair, "autograde", "ps1", check=False)
    assert done.returncode == 1
    assert marks_in(pair, "ps1").keys() == {"right"}
    assert sorted(path.name for path in (pair / "autograded").iterdir()) == ["right"]
    for number in range(len(BEFORE)):
        assert f"ps1 of evil{number} was not graded: " in done.stderr


def test_a_folder_with_a_notebooks_name_is_left_out(quick: Settings, pair: Path) -> None:
    folder = pair / "submitted" / "evil" / "ps1" / "more.ipynb"
    folder.mkdir()
    (folder / "p1.py").write_text("x")
    assert not grade(pair, settings=Settings(isolation=quick.isolation)).failed
    assert not (pair / "autograded" / "evil" / "ps1" / "more.ipynb").exists()
    nbgrader(pair, "generate_feedback", "ps1")
    assert (pair / "feedback" / "evil" / "ps1" / "p1.html").is_file()


@contextmanager
def held(course: Path, seconds: float) -> Iterator[None]:
    """Another program writes to the gradebook for so long, or until the block ends."""
    over = threading.Event()
    ready = threading.Event()

    def hold() -> None:
        with sqlite3.connect(course / "gradebook.db", isolation_level=None) as connection:
            connection.execute("BEGIN IMMEDIATE")
            ready.set()
            over.wait(seconds)
            connection.execute("ROLLBACK")
        connection.close()

    thread = threading.Thread(target=hold)
    thread.start()
    ready.wait(10)
    try:
        yield
    finally:
        over.set()
        thread.join()


def test_a_gradebook_that_is_held_for_a_while_is_waited_for(quick: Settings, pair: Path) -> None:
    with held(pair, 3):
        grade(pair, settings=Settings(isolation=quick.isolation))
    assert marks_in(pair, "ps1")["right"] == marks_in(pair, "ps1")["evil"]


def test_a_gradebook_that_is_held_for_minutes_ends_the_run_in_words_and_the_next_finishes_it(
    quick: Settings, pair: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(isolation=quick.isolation)
    monkeypatch.setattr(writer, "LOCKED_SECONDS", 1)
    with held(pair, 60), pytest.raises(CourseError, match="could not be written for 1 seconds: database is locked"):
        grade(pair, settings=settings)
    assert not marks_in(pair, "ps1")
    assert len(grade(pair, settings=settings).records) == 2
    assert marks_in(pair, "ps1").keys() == {"right", "evil"}


def test_rows_that_cannot_be_written_are_tried_a_few_times_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer.time, "sleep", lambda seconds: None)
    tried = []

    def write() -> None:
        tried.append(1)
        raise sqlalchemy.exc.IntegrityError("insert", {}, Exception("not null"))

    with pytest.raises(sqlalchemy.exc.IntegrityError):
        writer._patiently(write)
    assert len(tried) == writer.CONFLICTS + 1


def test_no_limit_is_measured_on_a_clock_that_can_jump() -> None:
    for path in [*(PACKAGE / "sandbox").rglob("*.py"), *(PACKAGE / "grading").rglob("*.py")]:
        if "tests" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            match node:
                case (
                    ast.Attribute(value=ast.Name("time"), attr="time" | "time_ns")
                    | ast.Attribute(attr="now" | "utcnow")
                ):
                    pytest.fail(f"{path}:{node.lineno} asks for the time of day")
