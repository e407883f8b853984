"""The same engine on a Dask cluster, one worker of which dies."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

import pytest

from autograder.grading import grade
from autograder.grading.tests.dask_cluster import scheduler
from autograder.grading.tests.make_course import marks_in
from autograder.sandbox import Settings, cluster_executor

pytest.importorskip("distributed")
__all__ = ["scheduler"]


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
