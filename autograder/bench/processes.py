"""Running a command and watching what it and everything below it uses."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil  # type: ignore[import-untyped]

SAMPLE_SECONDS = 0.5


@dataclass(frozen=True)
class Used:
    """One command: wall and CPU seconds, and the most memory in bytes of all its processes together."""

    wall: float
    cpu: float
    memory: int


def use_of(command: Sequence[str | Path], folder: Path) -> Used:
    """Run a command in a folder. Raises RuntimeError with the end of what it said where it fails."""
    commands = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    process = subprocess.Popen(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        env={**os.environ, "PATH": commands},
    )  # fmt: skip
    watch = _Memory(process.pid)
    said, _ = process.communicate()
    wall = time.monotonic() - started
    watch.stop()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if process.returncode:
        raise RuntimeError(f"{' '.join(map(str, command))} failed:\n{said[-2000:]}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Used(wall, cpu, watch.highest)


class _Memory:
    """The highest sum, over samples, of a process's and its descendants' shares of memory."""

    def __init__(self, pid: int) -> None:
        self.highest, self.ended = 0, threading.Event()
        self.thread = threading.Thread(target=self._watch, args=(psutil.Process(pid),))
        self.thread.start()

    def _watch(self, root: psutil.Process) -> None:
        while not self.ended.wait(SAMPLE_SECONDS):
            try:
                total = sum(_share(process.pid) for process in [root, *root.children(recursive=True)])
            except psutil.Error:
                continue
            self.highest = max(self.highest, total)

    def stop(self) -> None:
        self.ended.set()
        self.thread.join()


def _share(pid: int) -> int:
    """A process's memory in bytes; what it shares with others counts in proportion."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in text.splitlines() if line.startswith("Pss:")), 0)
