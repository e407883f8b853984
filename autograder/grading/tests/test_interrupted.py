"""A run that is killed, two runs at once, and a worker that is lost: nothing is lost or wrong afterwards."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

from autograder.conftest import environ
from autograder.grading import grade
from autograder.grading.locks import course_lock
from autograder.grading.tests.make_course import environment, marks_in, nbgrader
from autograder.sandbox import Settings

SCRIPT = """
import sys
from autograder.sandbox import Settings
from autograder.grading import grade
from autograder.grading import batches
batches.BATCH = 2
grade(sys.argv[1], jobs=2, settings=Settings(isolation=sys.argv[2]), on_progress=lambda p: print(p.done, flush=True),
      on_wait=lambda text: print(text, flush=True))
"""


def start(course: Path, settings: Settings) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", SCRIPT, str(course), settings.isolation],
        stdout=subprocess.PIPE, text=True, env=environment(),
    )  # fmt: skip


def test_a_killed_run_is_finished_by_the_next(quick: Settings, course: Path, graded: Path) -> None:
    process = start(course, quick)
    assert process.stdout is not None
    process.stdout.readline()
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()
    done = len(list((course / "records").rglob("*.json")))
    assert 0 < done < 10
    again = grade(course, settings=Settings(isolation=quick.isolation), jobs=2)
    assert len(again.records) + again.up_to_date == 10
    assert again.up_to_date >= done - 1
    assert marks_in(course, "ps1") == marks_in(graded, "ps1")
    assert environ()["PATH"]


def test_a_run_killed_between_gradebook_and_record_is_repeated(quick: Settings, course: Path, graded: Path) -> None:
    settings = Settings(isolation=quick.isolation)
    grade(course, settings=settings, jobs=2)
    (course / "records" / "ps1" / "right.json").unlink()
    (course / "records" / "ps1" / "half.json").write_text('{"half')
    again = grade(course, settings=settings, jobs=2)
    assert {record.learner for record in again.records} == {"right", "half"}
    assert marks_in(course, "ps1") == marks_in(graded, "ps1")


def test_the_second_run_waits_and_says_for_whom(quick: Settings, course: Path) -> None:
    said: list[str] = []
    with course_lock(course):
        second = threading.Thread(
            target=grade, args=(course,), kwargs={"students": ["right"], "settings": quick, "on_wait": said.append}
        )
        second.start()
        ends = time.monotonic() + 30
        while not said and time.monotonic() < ends:
            time.sleep(0.05)
        assert not (course / "records").exists()
    second.join(60)
    assert f"process {os.getpid()}" in said[0]
    assert json.loads((course / "records" / "ps1" / "right.json").read_text())["score"] == 6.0


def test_beside_a_stock_command_nothing_is_lost(quick: Settings, course: Path) -> None:
    process = start(course, quick)
    for name in ("x", "y"):
        nbgrader(course, "db", "student", "add", name)
    assert process.stdout is not None
    process.stdout.read()
    assert process.wait(120) == 0
    process.stdout.close()
    assert len(marks_in(course, "ps1")) == 10
