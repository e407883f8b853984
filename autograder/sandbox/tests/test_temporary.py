"""Nothing temporary stays behind: not after a run, and after a killed run not longer than until the next."""

from __future__ import annotations

import fcntl
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from autograder.sandbox import temporary
from autograder.sandbox.settings import Settings

# Four notebooks, two at a time; one ends its process, one leaves files in every place it can write to.
RUN = """
import sys
from concurrent.futures import ThreadPoolExecutor
from autograder.grading.tests.make_course import answer, check
from autograder.sandbox import Settings, close_workers
from autograder.sandbox.tests.play import play

cells = [answer("a", "pass"), check("t", "import tempfile\\nassert tempfile.mkdtemp()", 1)]
sources = [
    "import os; os._exit(1)",
    "import os, tempfile; tempfile.mkdtemp(); open('left', 'w').close(); os.makedirs('/'.join('d' * 200))",
    "import time; time.sleep(1)",
    "while True: pass",
]
settings = Settings(isolation=sys.argv[1]).with_limits(cell_seconds=2, seconds=20, grace_seconds=0.2)
print("begun", flush=True)
with ThreadPoolExecutor(2) as pool:
    played = list(pool.map(lambda source: play(cells, settings, {"a": source}), sources))
assert [one.marks for one in played] == 4 * [{"t": 1.0}], [one.marks for one in played]
close_workers()
"""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    folder = tmp_path / "temporary"
    folder.mkdir(mode=0o777)
    return folder


def start(place: Path, mode: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", RUN, mode], stdout=subprocess.PIPE, text=True, env={**os.environ, "TMPDIR": str(place)}
    )


@pytest.mark.parametrize("mode", ["nested", "once", "none"])
def test_a_run_leaves_nothing(quick: Settings, place: Path, mode: str) -> None:
    if mode == "nested" and quick.isolation != "nested":
        pytest.skip("this machine refuses namespaces inside a jail")
    process = start(place, mode)
    seen = set()
    while process.poll() is None:
        seen |= {name.rpartition("-")[0] for name in os.listdir(place)}
        time.sleep(0.2)
    process.communicate()
    assert process.returncode == 0
    assert seen == {"grading-run"}
    assert os.listdir(place) == []


@pytest.mark.parametrize("victim", ["main", "worker", "bwrap", "everything"])
def test_the_next_run_removes_what_a_killed_one_left(quick: Settings, place: Path, victim: str) -> None:
    process = start(place, quick.isolation)
    assert process.stdout
    process.stdout.readline()
    time.sleep(random.uniform(1.0, 5.0))
    main = psutil.Process(process.pid)
    family = [main, *main.children(recursive=True)]
    for one in family:
        try:
            if victim == "everything" or victim in (names_of(one) if one.pid != main.pid else ["main"]):
                one.kill()
        except psutil.NoSuchProcess:
            pass
    process.communicate(timeout=120)
    _, left = psutil.wait_procs(family, timeout=60)
    assert not left
    again = start(place, quick.isolation)
    again.communicate(timeout=120)
    assert again.returncode == 0
    assert os.listdir(place) == []


def names_of(process: psutil.Process) -> list[str]:
    """What the processes of a run are known by."""
    command = process.cmdline()
    return [
        name for name, part in (("worker", "autograder.sandbox.worker"), ("bwrap", "bwrap"))
        if any(part in word for word in command[:6])
    ]  # fmt: skip


@pytest.fixture
def here(place: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    monkeypatch.setenv("TMPDIR", str(place))
    yield place
    assert os.environ["TMPDIR"] == tempfile.tempdir == str(place)


def test_a_folder_in_use_is_not_removed(here: Path) -> None:
    with temporary.own_folder() as folder:
        temporary.remove_leftovers()
        with temporary.own_folder() as inner:
            assert inner.is_dir()
        assert folder.is_dir()
        assert tempfile.mkdtemp().startswith(str(folder))
    assert not folder.exists()


def test_a_folder_is_in_use_until_the_last_forked_process_ends(here: Path) -> None:
    folder, lock = temporary._locked_folder()
    pid = os.fork()
    if pid == 0:
        signal.pause()
    os.close(lock)
    temporary.remove_leftovers()
    assert folder.is_dir()
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    temporary.remove_leftovers()
    assert not folder.exists()


def test_a_folder_that_was_taken_for_a_leftover_is_made_again(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real, removed = fcntl.flock, []

    def late(lock: int, how: int) -> None:
        if not removed:
            removed.extend(here.iterdir())
            removed[0].rmdir()
        real(lock, how)

    monkeypatch.setattr("fcntl.flock", late)
    folder, lock = temporary._locked_folder()
    os.close(lock)
    assert folder.is_dir()
    assert folder != removed[0]


def test_links_and_other_folders_are_left_alone(here: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    (kept / "inner").mkdir(parents=True)
    (here / "grading-run-link").symlink_to(kept)
    (here / "grading-run-file").write_text("text")
    (here / "other").mkdir()
    left = here / "grading-run-left"
    left.mkdir()
    (left / "link").symlink_to(kept)
    temporary.remove_leftovers()
    assert sorted(os.listdir(here)) == ["grading-run-file", "grading-run-link", "other"]
    assert (kept / "inner").is_dir()


def test_a_folder_of_any_depth_is_removed(tmp_path: Path) -> None:
    top = tmp_path / "top"
    top.mkdir()
    before = os.getcwd()
    os.chdir(top)
    try:
        for _ in range(3000):
            os.mkdir("inner")
            os.chdir("inner")
        Path("file").write_text("text")
    finally:
        os.chdir(before)
    (top / "closed" / "inner").mkdir(parents=True)
    (top / "closed" / "inner").chmod(0)
    (top / "closed").chmod(0)
    temporary.remove(top)
    assert not top.exists()
