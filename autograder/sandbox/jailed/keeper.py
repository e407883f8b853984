"""What stands between one submission and the rest: its process's walls, its limits, and its end."""

from __future__ import annotations

import contextlib
import json
import os
import random
import select
import shutil
import signal
import socket
import sys
import tempfile
import time
from dataclasses import dataclass
from typing import Any

from . import memory, syscalls, walls
from .session import Session
from .shared import wire
from .shared.shell import Shell

POLL_SECONDS = 0.1
IN_MEMORY = ("/tmp", "/dev/shm")


@dataclass(frozen=True)
class Warm:
    """What a fork starts with: the settings, the mounts that stay in /tmp, a shell that has run, and the recorder."""

    settings: dict[str, Any]
    shown: list[tuple[str, str]]
    shell: Shell
    record: Any


class Keeper:
    """The parent of one learner's process: makes its walls, obeys orders, watches its memory, and reports its end."""

    def __init__(self, warm: Warm, job: dict[str, Any], line: int, orders: int) -> None:
        self.warm, self.job, self.mode = warm, job, warm.settings["mode"]
        self.line, self.orders = socket.socket(fileno=line), socket.socket(fileno=orders)
        self.child = 0
        self.proc: int | None = None
        self.readable = -1  # It ends when the learner's process lets us read how much memory it uses.
        self.known: frozenset[str] = frozenset()
        self.reason = ""
        self.ended_before = 0

    def run(self) -> None:
        folder = None
        self._open_proc()
        self.ended_before = self._ended_by_the_kernel()
        if self.mode == "nested":
            walls.prctl(walls.PR_SET_DUMPABLE, 1)
            walls.unshare(walls.CLONE_NEWUSER | walls.CLONE_NEWNS | walls.CLONE_NEWPID | walls.CLONE_NEWIPC)
            walls.prctl(walls.PR_SET_DUMPABLE, 0)
        else:
            folder = tempfile.mkdtemp(prefix="submission-")
            if sys.platform == "linux":
                walls.prctl(walls.PR_SET_CHILD_SUBREAPER, 1)
        self.readable, closed_when_readable = os.pipe()
        self.child = os.fork()
        if self.child == 0:
            self.orders.close()
            if self.proc is not None:
                os.close(self.proc)
            leave_after(lambda: self._learner(folder))
        self.line.close()
        os.close(closed_when_readable)
        status, usage = self._watch()
        if self._ended_by_the_kernel() > self.ended_before:
            self.reason = self.reason or "memory"
        report = {
            "status": os.waitstatus_to_exitcode(status),
            "reason": self.reason,
            "cpu": usage.ru_utime + usage.ru_stime,
            "memory": usage.ru_maxrss * (1024 if sys.platform == "linux" else 1),
        }
        self._sweep()
        if folder:
            shutil.rmtree(folder, ignore_errors=True)
        with contextlib.suppress(OSError):
            self.orders.send(json.dumps(report).encode())

    def _open_proc(self) -> None:
        """Keep the /proc of the world outside the learner's namespace, and the processes in it that are ours."""
        if sys.platform == "linux":
            self.proc = os.open("/proc", os.O_RDONLY | os.O_DIRECTORY)
            self.known = frozenset(os.listdir(self.proc))

    def _processes(self) -> list[str]:
        if self.mode == "none":
            return [str(pid) for pid in descendants()]
        return [name for name in os.listdir(self.proc) if name.isdigit() and name not in self.known]

    def _holds_too_much(self) -> bool:
        """Counted twice, because a process that starts another counts twice for a moment."""
        if self._ended_by_the_kernel() > self.ended_before:
            return True
        if self.proc is None or not select.select([self.readable], [], [], 0)[0]:
            return False
        limit, folders = self.job["limits"]["memory_bytes"], () if self.mode == "none" else IN_MEMORY
        return all(memory.held(self.proc, self._processes(), folders) > limit for _ in range(2))

    def _ended_by_the_kernel(self) -> int:
        """How many processes the control group has seen ended for want of memory."""
        if not self.warm.settings["group"]:
            return 0
        text = os.pread(self.warm.settings["group"][1], 4096, 0).decode()
        return sum(int(line.split()[1]) for line in text.splitlines() if line.startswith("oom_kill "))

    def _watch(self) -> tuple[int, Any]:
        deadline = time.monotonic() + self.job["limits"]["seconds"]
        ended = os.pidfd_open(self.child) if hasattr(os, "pidfd_open") else None
        watched = [fd for fd in (self.orders, ended) if fd is not None]
        while True:
            ready, _, _ = select.select(watched, [], [], POLL_SECONDS)
            if self.orders in ready:
                order = self._order()
                if order == b"interrupt":
                    os.kill(self.child, signal.SIGINT)
                else:
                    self._kill("")
            pid, status, usage = os.wait4(self.child, os.WNOHANG)
            if pid:
                return status, usage
            if time.monotonic() > deadline:
                self._kill("time")
            elif not ready and self._holds_too_much():
                self._kill("memory")

    def _order(self) -> bytes:
        try:
            return self.orders.recv(64)
        except OSError:
            return b""

    def _kill(self, reason: str) -> None:
        self.reason = self.reason or reason
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.child, signal.SIGKILL)

    def _sweep(self) -> None:
        """End what the learner's process left behind. A PID namespace does that by itself; elsewhere we must."""
        if self.mode == "nested" or sys.platform != "linux":
            return
        for _ in range(1000):
            for pid in descendants():
                with contextlib.suppress(OSError):
                    os.kill(pid, signal.SIGKILL)
            try:
                if os.waitpid(-1, os.WNOHANG) == (0, 0):
                    time.sleep(0.001)
            except ChildProcessError:
                return

    def _learner(self, folder: str | None) -> None:
        """In the learner's process: close the walls, then serve."""
        line = wire.Channel(self.line, limit=1 << 31)
        files = read_files(line)
        if sys.platform == "linux":
            walls.prctl(walls.PR_SET_PDEATHSIG, signal.SIGKILL)
            walls.prctl(walls.PR_SET_DUMPABLE, 1)  # The keeper reads how much memory we use.
        if self.warm.settings["group"]:
            with contextlib.suppress(OSError):  # Not every system lets a process go from its group to another.
                os.write(self.warm.settings["group"][0], b"0")
        if self.mode == "nested":
            walls.own_folders(self.job["limits"]["folder_bytes"], self.warm.shown)
            folder = "/tmp/submission"
            os.mkdir(folder)
        assert folder is not None
        home = os.path.join(folder, ".home")
        os.mkdir(home)  # before the submission's files, of which one may have the same name
        write_files(folder, files)
        os.environ.update(HOME=home, TMPDIR="/tmp" if self.mode == "nested" else home, IPYTHONDIR=home)
        tempfile.tempdir = None
        os.chdir(folder)
        null = os.open(os.devnull, os.O_RDWR)
        for fd in (0, 1, 2):
            os.dup2(null, fd)
        os.closerange(3, self.line.fileno())
        os.closerange(self.line.fileno() + 1, 1024)
        self._shut_in()
        session = Session(self.warm.shell, line, self.warm.record)
        signal.signal(signal.SIGINT, session.interrupt)
        seed(self.job["seed"])
        line.send(wire.READY)
        session.serve()

    def _shut_in(self) -> None:
        os.setsid()
        if sys.platform == "linux":
            with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as file:
                file.write("1000")
        walls.set_limits(self.job["limits"])
        if sys.platform == "linux":
            walls.drop_privileges()
            # On a machine whose calls nobody has listed, nothing but `none` gets this far (see jail.missing).
            if self.mode != "none" or os.uname().machine in syscalls.ARCHITECTURES:
                walls.filter_system_calls()


def descendants() -> list[int]:
    """Every living process below this one."""
    children: dict[int, list[int]] = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            with contextlib.suppress(OSError), open(f"/proc/{name}/stat") as file:
                fields = file.read().rpartition(")")[2].split()
                children.setdefault(int(fields[1]), []).append(int(name))
    found, todo = [], [os.getpid()]
    while todo:
        below = children.get(todo.pop(), [])
        found += below
        todo += below
    return found


def read_files(line: wire.Channel) -> dict[str, bytes]:
    """The first frame on the line: the submission's folder, as a dictionary of relative paths."""
    files = wire.decode(line.recv())
    return files if isinstance(files, dict) else {}


def write_files(folder: str, files: dict[str, bytes]) -> None:
    """Write the files below `folder`; those that cannot be written are left out."""
    for name, data in files.items():
        path = os.path.join(folder, name)
        with contextlib.suppress(OSError):
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "wb") as file:
                file.write(data)


def seed(value: int) -> None:
    """The same random numbers for the same submission, each time it is graded."""
    import numpy as np

    random.seed(value)
    np.random.seed(value % (1 << 32))


def leave_after(function: Any) -> None:
    """Run `function` in a forked child and leave without the parent's exit handlers."""
    try:
        function()
    except BaseException:
        if os.environ.get("GRADING_DEBUG"):
            import traceback

            traceback.print_exc()
        os._exit(70)
    os._exit(0)
