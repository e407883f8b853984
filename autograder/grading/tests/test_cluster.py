"""The same engine on a Dask cluster, one worker of which dies."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from autograder.grading import Settings, cluster_executor, grade
from autograder.grading.tests.make_course import environment, marks_in

pytest.importorskip("distributed")


@pytest.fixture
def scheduler(tmp_path: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A Dask scheduler with two workers, as a site would run them."""
    told = tmp_path / "scheduler.json"
    dask = (
        [sys.executable, "-m", "distributed.cli.dask_scheduler"],
        [sys.executable, "-m", "distributed.cli.dask_worker"],
    )
    started = [launch([*dask[0], "--port", "0", "--no-dashboard", "--scheduler-file", str(told)])]
    for _ in range(2):
        more = ["--nthreads", "1", "--no-dashboard", "--scheduler-file", str(told)]
        started.append(launch([*dask[1], *more, "--local-directory", str(tmp_path)]))
    ends = time.monotonic() + 60
    while not told.exists() or not told.read_text().strip():
        assert time.monotonic() < ends
        time.sleep(0.1)
    import json

    yield json.loads(told.read_text())["address"], started[1:]
    for process in started:
        for child in [*psutil.Process(process.pid).children(recursive=True)] if process.poll() is None else []:
            child.kill()
        process.kill()
        process.wait()


def launch(command: list[str]) -> subprocess.Popen[bytes]:
    quiet = subprocess.DEVNULL
    return subprocess.Popen(command, stdout=quiet, stderr=quiet, env=environment(), start_new_session=True)


@pytest.mark.filterwarnings("ignore")
def test_every_mark_arrives_though_a_worker_is_killed(
    quick: Settings, course: Path, graded: Path, scheduler: tuple[str, list[subprocess.Popen[bytes]]]
) -> None:
    address, workers = scheduler
    executor = cluster_executor(address)
    killed: list[int] = []

    def kill_one(progress: object) -> None:
        if not killed:
            killed.append(workers[0].pid)
            os.killpg(workers[0].pid, signal.SIGKILL)

    from autograder.grading import run

    before, run.BATCH = run.BATCH, 1
    try:
        summary = grade(course, settings=Settings(isolation=quick.isolation), executor=executor, on_progress=kill_one)
    finally:
        run.BATCH = before
        executor.shutdown()
    assert killed
    assert len(summary.records) == 10
    assert marks_in(course, "ps1") == marks_in(graded, "ps1")
