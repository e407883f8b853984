"""The same engine on a Dask cluster, one worker of which dies."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

import pytest

from autograder.grading import grade
from autograder.grading.tests.classroom import RIGHT
from autograder.grading.tests.dask_cluster import scheduler
from autograder.grading.tests.make_course import fill, marks_in, released, submit
from autograder.sandbox import Settings, cluster_executor

pytest.importorskip("distributed")
HOSTILE = """\
import gc, os, socket, sys
for name in [*sys.modules, *os.environ]:
    if name.lower().startswith(("dask", "distributed", "autograder_")):
        print('FOUND', name)
for place in ({host!r}, "127.0.0.1"):
    try:
        socket.create_connection((place, {port}), 1)
        print('FOUND the scheduler')
    except OSError:
        pass
if os.path.exists("/proc/1/cmdline") and "dask" in open("/proc/1/cmdline").read():
    print('FOUND the worker')
print("looked")
def mean(x):
    os._exit(1)
"""
__all__ = ["scheduler"]


@pytest.mark.filterwarnings("ignore")
def test_every_mark_arrives_though_a_worker_is_killed(
    quick: Settings, course: Path, graded: Path, scheduler: tuple[str, list[subprocess.Popen[bytes]]]
) -> None:
    address, workers = scheduler
    host, port = address.removeprefix("tcp://").split(":")
    hostile = {**RIGHT, "mean": HOSTILE.format(host=host, port=port)}
    submit(course, "hostile", "ps1", "p1", fill(released(course, "ps1", "p1"), hostile))
    executor = cluster_executor(address)
    killed: list[int] = []

    def kill_one(progress: object) -> None:
        if not killed:
            killed.append(workers[0].pid)
            os.killpg(workers[0].pid, signal.SIGKILL)

    from autograder.grading import batches

    before, batches.BATCH = batches.BATCH, 1
    try:
        summary = grade(course, settings=Settings(isolation=quick.isolation), executor=executor, on_progress=kill_one)
    finally:
        batches.BATCH = before
        executor.shutdown()
    assert killed
    assert len(summary.records) == 11
    marks = marks_in(course, "ps1")
    theirs = {name: auto for name, (auto, _, _) in marks.pop("hostile").items()}
    assert theirs == {"t_squares": 2.0, "t_error": 1.0, "t_mean": 0.0, "t_draw": 0.0, "why": None}
    assert marks == marks_in(graded, "ps1")
    shown = (course / "autograded" / "hostile" / "ps1" / "p1.ipynb").read_text()
    assert "looked" in shown
    assert "FOUND" not in shown.replace("'FOUND", "")  # which is in the cell itself
