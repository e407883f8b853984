"""A real Dask cluster for tests."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from autograder.grading.tests.make_course import environment


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
    yield json.loads(told.read_text())["address"], started[1:]
    for process in started:
        for child in [*psutil.Process(process.pid).children(recursive=True)] if process.poll() is None else []:
            child.kill()
        process.kill()
        process.wait()


def launch(command: list[str]) -> subprocess.Popen[bytes]:
    quiet = subprocess.DEVNULL
    return subprocess.Popen(command, stdout=quiet, stderr=quiet, env=environment(), start_new_session=True)
