"""Submitted folders that lead elsewhere, or are too much, cost themselves only and say why; and any error does."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.grading import NbgraderCourse, grade, records, run
from autograder.grading.folders import DEEPEST, MOST_FILES, Refused, read_learners_folder, read_own_folder
from autograder.grading.hooks import Hooks
from autograder.grading.run import Run
from autograder.grading.tests.classroom import RIGHT
from autograder.grading.tests.make_course import fill, marks_in, released, submit
from autograder.grading.writer import GradebookEntry, Writer
from autograder.sandbox import Settings


def reason(root: Path, student: str) -> str:
    """Why a submission could not be graded, as its record says."""
    record = json.loads((root / "records" / "ps1" / f"{student}.json").read_text())
    assert record["score"] == 0
    return str(record["failed"])


@pytest.fixture
def small(course: Path) -> Path:
    """The course with two learners, both right."""
    for folder in (course / "submitted").iterdir():
        if folder.name != "right":
            shutil.rmtree(folder)
    submit(course, "zoe", "ps1", "p1", fill(released(course, "ps1", "p1"), RIGHT))
    return course


LINKS: dict[str, Callable[[Path], Any]] = {
    "a learner's folder to another's": lambda s: (s / "evil").symlink_to(s / "right"),
    "a relative link": lambda s: (s / "evil").symlink_to("right"),
    "a unit's folder to another's": lambda s: unit_link(s, s / "right" / "ps1"),
    "a unit's folder to the source": lambda s: unit_link(s, s.parent / "source" / "ps1"),
    "a link to a link": lambda s: ((s / "between").symlink_to("right"), (s / "evil").symlink_to("between")),
    "a learner's folder to the source": lambda s: (s / "evil").symlink_to(s.parent / "source"),
    "a unit's folder that leads nowhere": lambda s: unit_link(s, Path("nowhere")),
    "a unit's folder to itself": lambda s: unit_link(s, Path("ps1")),
    "a unit's folder to a file": lambda s: unit_link(s, s / "right" / "ps1" / "p1.ipynb"),
}


def unit_link(submitted: Path, target: Path) -> None:
    (submitted / "evil").mkdir()
    (submitted / "evil" / "ps1").symlink_to(target)


@pytest.mark.parametrize("name", LINKS)
def test_a_link_in_place_of_a_folder_is_refused_in_words(quick: Settings, small: Path, name: str) -> None:
    LINKS[name](small / "submitted")
    summary = grade(small, settings=quick, jobs=1)
    failed = {record.learner: record.failed for record in summary.failed}
    assert set(failed) == {"evil", "between"} & set(os.listdir(small / "submitted"))
    assert "is a symbolic link, and links are not followed" in failed["evil"]
    assert reason(small, "evil") == failed["evil"]
    marks = marks_in(small, "ps1")
    assert set(marks) == {"right", "zoe"}
    assert marks["right"] == marks["zoe"]
    assert not (small / "autograded" / "evil").exists()


def test_a_link_below_a_submission_is_left_out_with_a_note(quick: Settings, small: Path) -> None:
    folder = small / "submitted" / "evil" / "ps1"
    folder.mkdir(parents=True)
    (folder / "p1.ipynb").symlink_to(small / "submitted" / "right" / "ps1" / "p1.ipynb")
    (folder / "data").symlink_to(small / "source" / "ps1")
    grade(small, settings=quick, jobs=1)
    assert {mark[0] for mark in marks_in(small, "ps1")["evil"].values()} == {0.0}
    record = records.read(small, "ps1", "evil")
    assert record is not None
    assert list(record.notes) == [
        "data was left out: it is a link",
        "p1.ipynb was left out: it is a link",
        "p1.ipynb was not submitted",
    ]


def test_the_folder_of_all_submissions_may_be_a_link_of_the_instructors(quick: Settings, small: Path) -> None:
    (small / "submitted").rename(small.parent / "elsewhere")
    (small / "submitted").symlink_to(small.parent / "elsewhere")
    assert not grade(small, settings=quick, jobs=1).failed
    assert set(marks_in(small, "ps1")) == {"right", "zoe"}


@pytest.fixture
def deep(small: Path) -> Iterator[Path]:
    """A submission that holds 1,500 folders, each within the one before."""
    folder = small / "submitted" / "right" / "ps1"
    subprocess.run(["mkdir", "-p", str(folder / "/".join("d" * 1500))], check=True)
    (folder / "/".join("d" * (DEEPEST + 1)) / "x").write_text("x")
    yield small
    subprocess.run(["rm", "-rf", str(folder / "d")], check=True)


def test_nested_folders_cost_what_lies_in_them_only(quick: Settings, deep: Path) -> None:
    assert not grade(deep, settings=quick, jobs=1).failed
    marks = marks_in(deep, "ps1")
    assert marks["right"] == marks["zoe"]
    record = records.read(deep, "ps1", "right")
    assert record is not None
    assert any("was left out: it lies too deep" in note for note in list(record.notes))
    assert not grade(deep, settings=quick, jobs=1).records


@pytest.mark.parametrize("length", [245, 250])
def test_a_long_name_is_graded_as_any_other(quick: Settings, small: Path, length: int) -> None:
    long = "n" * length
    (small / "submitted" / "right").rename(small / "submitted" / long)
    assert not grade(small, settings=quick, jobs=1).failed
    marks = marks_in(small, "ps1")
    assert marks[long] == marks["zoe"]
    assert not grade(small, settings=quick, jobs=1).records


@pytest.mark.parametrize("name", ["..x", ".x", "n" * 251])
def test_a_name_that_cannot_be_used_stops_nobody(quick: Settings, small: Path, name: str) -> None:
    (small / "submitted" / "right").rename(small / "submitted" / name)
    grade(small, settings=quick, jobs=1)
    assert set(marks_in(small, "ps1")) == {"zoe"}


def test_a_timestamp_as_long_as_a_book_is_not_read(quick: Settings, small: Path) -> None:
    (small / "submitted" / "right" / "ps1" / "timestamp.txt").write_text("1 " * 500_000)
    grade(small, settings=quick, jobs=1, students=["right"])
    record = records.read(small, "ps1", "right")
    assert record is not None
    assert list(record.notes) == ["timestamp.txt is too long for a date and was ignored"]


def test_a_walk_reads_what_is_there_and_notes_the_rest(tmp_path: Path) -> None:
    folder = tmp_path / "m" / "u"
    (folder / "b" / "c").mkdir(parents=True)
    (folder / "z.txt").write_text("z")
    (folder / "b" / "c" / "y.txt").write_text("y")
    os.link(folder / "z.txt", folder / "b" / "hard.txt")
    os.mkfifo(folder / "pipe")
    (folder / "b" / ".cache").mkdir()
    (folder / "b" / ".cache" / "x").write_text("x")
    (folder / "long").write_bytes(bytes(2_000_000))
    files, notes = read_learners_folder(str(tmp_path), str(folder), [".cache"], 1_000_000)
    assert files == {"z.txt": b"z", "b/hard.txt": b"z", "b/c/y.txt": b"y"}
    assert notes == [
        "long was left out: it is too large (2 MB)",
        "pipe was left out: it is no regular file",
    ]
    assert read_own_folder(str(folder / "b"), []) == {"hard.txt": b"z", "c/y.txt": b"y", ".cache/x": b"x"}
    assert read_own_folder(str(tmp_path / "nowhere"), []) == {}
    with pytest.raises(Refused, match="nowhere cannot be read: No such file"):
        read_learners_folder(str(tmp_path), str(tmp_path / "nowhere"), [], 1)


def test_more_files_than_anybody_hands_in_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "m").mkdir()
    for number in range(MOST_FILES + 5):
        (tmp_path / "m" / f"{number:06}").touch()
    files, notes = read_learners_folder(str(tmp_path), str(tmp_path / "m"), [], 1)
    assert len(files) == MOST_FILES
    assert max(files) == f"{MOST_FILES - 1:06}"
    assert notes == [f"{MOST_FILES:06} and what follows were left out: there are more than {MOST_FILES}"]


class Fault(Exception):
    """An error that nobody foresaw."""


def faulty(place: Any, name: str, is_hit: Callable[..., bool], error: Exception, patch: pytest.MonkeyPatch) -> None:
    real = getattr(place, name)

    def instead(*args: Any, **kwargs: Any) -> Any:
        if is_hit(*args):
            raise error
        return real(*args, **kwargs)

    patch.setattr(place, name, instead)


def speaks_of(student: str) -> Callable[..., bool]:
    """Whether a call is about this student: by name, path, submission, or what the gradebook is told."""

    def is_hit(*args: Any) -> bool:
        for told in args:
            if isinstance(told, list) and any(isinstance(e, GradebookEntry) and e.student == student for e in told):
                return True
            about = getattr(told, "handed_in", told)
            name = getattr(about, "student", getattr(about, "learner", told))
            if name == student or f"/{student}/" in str(told):
                return True
        return False

    return is_hit


PLACES: dict[str, tuple[Any, str]] = {
    "reading": (run, "read_submission"),
    "its seed": (NbgraderCourse, "seed"),
    "asking the course": (Hooks, "refuses"),
    "its marks": (Run, "_graded"),
    "what the course says": (Hooks, "findings"),
    "its files": (Run, "write_files"),
    "the gradebook": (Writer, "write"),
    "its record": (run.records, "write"),
}
TRIALS = [(place, Fault("boom")) for place in PLACES] + [
    ("reading", OSError(36, "File name too long")),
    ("its files", RecursionError("too deep")),
    ("its marks", MemoryError()),
]


@pytest.mark.parametrize(("place", "error"), TRIALS, ids=lambda value: str(value) or type(value).__name__)
def test_an_error_costs_its_submission_and_not_the_run(
    quick: Settings, small: Path, place: str, error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        faulty(*PLACES[place], speaks_of("right"), error, patch)
        summary = grade(small, settings=quick, jobs=1)
    assert {r.learner for r in summary.records} == {"right", "zoe"}
    (failed,) = summary.failed
    assert failed.learner == "right"
    assert type(error).__name__ in failed.failed
    assert marks_in(small, "ps1")["zoe"]["t_squares"][0] == 2.0
    again = grade(small, settings=quick, jobs=1)
    assert [r.learner for r in again.records] == ["right"]
    assert not again.failed
    marks = marks_in(small, "ps1")
    assert marks["right"] == marks["zoe"]


def test_an_error_in_seeing_whether_it_is_new_makes_it_new(
    quick: Settings, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    grade(small, settings=quick, jobs=1)
    with monkeypatch.context() as patch:
        faulty(Run, "_is_done", speaks_of("right"), Fault("boom"), patch)
        assert [r.learner for r in grade(small, settings=quick, jobs=1).records] == ["right"]
