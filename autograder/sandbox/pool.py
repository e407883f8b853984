"""Executing a submission: a pure function of bytes, for any concurrent.futures.Executor.

Each process that executes submissions keeps its idle worker processes for the next call. They hold no state of any
submission; keeping them saves their start.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import socket
import subprocess
import threading
import time
from concurrent.futures import Executor, ThreadPoolExecutor

from ..own_python import own_environment, own_python
from .jail import IsolationUnavailable
from .jailed.shared import wire
from .packing import TRUSTED_BYTES, Result, pack_settings, result_from
from .settings import Settings
from .temporary import remove_leftovers

START_SECONDS = 180


def execute(assignment: bytes, submission: bytes, seed: str, settings: Settings) -> Result:
    """Run one submission against one assignment (see packing) and return what became of it.

    It touches no gradebook and no course folder; the same arguments give the same marks, always. Raises
    IsolationUnavailable where submissions cannot be shut in.
    """
    if settings not in _looked:  # on a cluster, where no run begins in this process
        isolation_of(settings)
    for attempt in (1, 2):
        worker = _take(settings)
        try:
            result = worker.run(assignment, submission, seed)
        except (wire.Closed, wire.Late, wire.Broken) as error:
            worker.kill()
            if attempt == 2:
                return Result({}, failed=f"the worker process ended twice while grading it ({type(error).__name__})")
            continue
        _give_back(settings, worker)
        return result
    raise AssertionError("unreachable")


def local_executor(jobs: int | None = None) -> Executor:
    """`jobs` submissions at a time on this machine (default: all cores this process may use)."""
    return ThreadPoolExecutor(jobs or available_cores(), thread_name_prefix="grading")


def available_cores() -> int:
    """The cores this process may use."""
    with contextlib.suppress(AttributeError):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def isolation_of(settings: Settings) -> str:
    """How this machine will shut submissions in: nested, once or none; for the start of a run.

    It looks from inside for what a submission must not see. Raises IsolationUnavailable.
    """
    _looked.discard(settings)  # what was in order at the last run need not be now
    worker = _take(settings, look=True)
    _looked.add(settings)
    _give_back(settings, worker)
    return worker.mode


class WorkerProcess:
    """This process's end of one worker (see worker)."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        ours, theirs = socket.socketpair()
        environment = own_environment(
            PYTHONHASHSEED="0", OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", MKL_NUM_THREADS="1"
        )
        self.process = subprocess.Popen(
            own_python("-m", "autograder.sandbox.worker", str(theirs.fileno())), cwd="/", env=environment,
            pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        theirs.close()
        self.channel = wire.Channel(ours, TRUSTED_BYTES)
        self.mode = ""

    def begin(self, look: bool) -> None:
        """Block until it can grade, and has looked from inside if asked. Raises IsolationUnavailable."""
        deadline = time.monotonic() + START_SECONDS
        if not self.mode:
            self.channel.send(pack_settings(self.settings), deadline)
        self.channel.send(wire.encode({"look": look}), deadline)
        told = wire.decode(self.channel.recv(deadline))
        if "refused" in told:
            raise IsolationUnavailable(told["refused"])
        self.mode = told["mode"]

    def run(self, assignment: bytes, submission: bytes, seed: str) -> Result:
        """Grade one submission. Raises Closed, Late or Broken if the worker fails."""
        job = {"assignment": assignment, "submission": submission, "seed": seed}
        limits = self.settings.limits
        deadline = time.monotonic() + 20 * (limits.seconds + limits.cell_seconds) + 60
        self.channel.send(wire.encode(job, limit=TRUSTED_BYTES), deadline)
        return result_from(wire.decode(self.channel.recv(deadline), limit=TRUSTED_BYTES))

    def close(self) -> None:
        """Let it end by itself, with everything it started."""
        self.channel.sock.close()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """End it at once. Its jail ends with it."""
        self.channel.sock.close()
        self.process.kill()
        self.process.wait()
        remove_leftovers()


_lock = threading.Lock()
_idle: dict[Settings, list[WorkerProcess]] = {}
_looked: set[Settings] = set()  # settings for which a run has begun in this process


def _take(settings: Settings, look: bool = False) -> WorkerProcess:
    with _lock:
        worker = _idle.get(settings, []).pop() if _idle.get(settings) else None
    if worker is None or worker.process.poll() is not None:
        worker = WorkerProcess(settings)
    if worker.mode and not look:
        return worker
    try:
        worker.begin(look)
    except (wire.Closed, wire.Late, wire.Broken):
        worker.kill()
        raise IsolationUnavailable("The process that grades did not start; what it said stands above.") from None
    except IsolationUnavailable:
        worker.kill()
        raise
    return worker


def _give_back(settings: Settings, worker: WorkerProcess) -> None:
    with _lock:
        _idle.setdefault(settings, []).append(worker)


def close_workers() -> None:
    """End all idle workers of this process. It happens by itself at exit."""
    with _lock:
        workers = [worker for idle in _idle.values() for worker in idle]
        _idle.clear()
    for worker in workers:
        worker.close()


atexit.register(close_workers)
