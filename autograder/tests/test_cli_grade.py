"""`mha grade` and `mha demo`: how submissions are shut in, where they run, and who waits for whom."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console

from autograder import course
from autograder.classroom.directory import CourseDirectory
from autograder.cli import bar as progress_module
from autograder.grading.locks import course_lock
from autograder.grading.records import path_of
from autograder.grading.tests.dask_cluster import scheduler
from autograder.grading.tests.postgresql_server import server

from .mha import Mha, mha
from .tiny import RIGHT, SUBTRACTS, UNIT, hand_in

__all__ = ["mha", "scheduler", "server"]


@pytest.fixture
def no_bubblewrap(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine on which bubblewrap is not installed."""
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent))


def told(directory: CourseDirectory, learner: str) -> dict[str, object]:
    """The record of a submission."""
    found: dict[str, object] = json.loads(path_of(directory.root, UNIT, learner).read_text())
    return found


def test_grading_shuts_submissions_in_and_the_record_says_how(mha: Mha, directory: CourseDirectory, bwrap: str) -> None:
    hand_in(directory, "ada", RIGHT)
    said = mha("grade", directory.root)
    assert said.code == 0
    assert "ithout isolation" not in said.out
    assert told(directory, "ada")["isolation"] in ("nested", "once")


def test_grading_without_isolation_says_so_in_the_table_and_in_every_record(
    mha: Mha, directory: CourseDirectory
) -> None:
    hand_in(directory, "ada", RIGHT)
    hand_in(directory, "bob", SUBTRACTS)
    said = mha("grade", directory.root, "--isolation", "none")
    assert said.code == 0
    assert "Run without isolation: 2 submissions." in said.out
    assert {told(directory, learner)["isolation"] for learner in ("ada", "bob")} == {"none"}
    assert "Run without isolation: 2 submissions." in mha("grade", directory.root).out


def test_where_nothing_can_shut_in_grading_refuses_in_one_message(
    mha: Mha, directory: CourseDirectory, no_bubblewrap: None
) -> None:
    hand_in(directory, "ada", RIGHT)
    said = mha("grade", directory.root)
    assert said.code == 2
    assert "bubblewrap is not installed" in said.err
    assert "apt-get install bubblewrap" in said.err
    assert not path_of(directory.root, UNIT, "ada").exists()
    assert not directory.autograded("ada", UNIT).exists()


def test_demo_does_the_main_job_without_bubblewrap_and_says_so(
    mha: Mha, tmp_path: Path, built_course: course.Course, monkeypatch: pytest.MonkeyPatch, no_bubblewrap: None
) -> None:
    monkeypatch.setattr("autograder.classroom.demo.create", _with_checks_of(built_course))
    said = mha("demo", tmp_path / "demo")
    assert (said.code, said.err) == (0, "")
    assert "The shipped class is trusted: it is graded without isolation." in said.out
    assert "Run without isolation: 5 submissions." in said.out


def test_submissions_run_on_a_cluster_with_the_courses_own_checks(
    mha: Mha, directory: CourseDirectory, scheduler: tuple[str, list[subprocess.Popen[bytes]]]
) -> None:
    for learner in ("ada", "bob"):
        hand_in(directory, learner, SUBTRACTS)
    said = mha("grade", directory.root, "--cluster", scheduler[0], "--isolation", "none")
    assert (said.code, said.err) == (0, "")
    assert "That is the difference." in said.out
    with directory.course.gradebook() as gradebook:
        assert [gradebook.find_submission(UNIT, learner).score for learner in ("ada", "bob")] == [4.0, 4.0]


def test_a_course_directory_may_keep_its_gradebook_in_postgresql(
    mha: Mha, directory: CourseDirectory, built_course: course.Course, server: str
) -> None:
    with (directory.root / "nbgrader_config.py").open("a") as file:
        file.write(f"\nc.CourseDirectory.db_url = {server!r}\n")
    (directory.root / "gradebook.db").unlink()
    assert mha("init", directory.root).code == 0
    hand_in(directory, "ada", SUBTRACTS)
    said = mha("grade", directory.root, "--isolation", "none")
    assert (said.code, said.err) == (0, "")
    assert "That is the difference." in said.out
    assert "no mark changes" in mha("grade", directory.root, "--isolation", "none", "--regrade", "--yes").out
    assert mha("export", directory.root).code == 0
    assert "01_tiny_sum,ada" in (directory.root / "marks.csv").read_text()
    assert not (directory.root / "gradebook.db").exists()


def test_a_second_run_waits_and_says_for_whom(directory: CourseDirectory) -> None:
    hand_in(directory, "ada", RIGHT)
    command = [Path(sys.executable).with_name("mha"), "grade", directory.root, "--isolation", "none"]
    with course_lock(directory.root):
        second = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert second.stdout is not None
        assert second.stdout.readline().startswith("Waiting for another grading run (process ")
        assert not path_of(directory.root, UNIT, "ada").exists()
    said, _ = second.communicate(timeout=120)
    assert "1 submission graded." in said


def test_what_is_no_terminal_gets_lines_with_rate_and_time_left(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(progress_module, "SECONDS_BETWEEN_LINES", -1.0)
    with (tmp_path / "said").open("w+") as file:
        console = Console(file=file, width=100)
        assert list(progress_module.progress("abc", 3, "Grading", console)) == ["a", "b", "c"]
        file.seek(0)
        lines = file.read().splitlines()
    assert [line.partition(",")[0] for line in lines] == ["Grading: 1 of 3", "Grading: 2 of 3"]
    assert all("per second" in line and "s left" in line for line in lines)


def test_demo_does_the_main_job_from_start_to_end(
    mha: Mha, tmp_path: Path, built_course: course.Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("autograder.classroom.demo.create", _with_checks_of(built_course))
    said = mha("demo", tmp_path / "demo")
    assert (said.code, said.err) == (0, "")
    assert "5 submissions of 2 units" in said.out
    rows = {
        parts[1].strip(): [part.strip() for part in parts[2:-1]]
        for parts in (line.split("│") for line in said.out.splitlines())
        if len(parts) == 7 and parts[5].strip()[:1].isdigit()
    }
    assert rows == {
        "Ada Lovelace": ["ada", "10", "10", "20"],
        "Bob Bell": ["bob", "0 L", "–", "0"],
        "Eve Ex": ["eve", "0 !", "–", "0"],
        "Tim Tay": ["tim", "0", "–", "0"],
    }
    assert "That is the difference." in said.out
    assert "Eve Ex (eve), 01_tiny_sum:" in said.out
    demo = tmp_path / "demo"
    assert f"Results: {demo.resolve()}" in said.out
    assert (demo / "marks.csv").is_file()
    assert sorted(p.name for p in (demo / "feedback").iterdir()) == ["ada", "bob", "eve", "tim"]


def _with_checks_of(built: course.Course) -> Callable[..., object]:
    """`create`, with the tiny course's checks put where an instructor's own checks are."""
    import shutil

    from autograder.classroom.create import create

    def made(root: Path, units: tuple[course.Unit, ...]) -> object:
        shutil.copytree(built.root / "checks", root / "checks")
        return create(root, units)

    return made
