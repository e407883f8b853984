"""One grading run at a time per course: the second waits and says for whom."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path


@contextlib.contextmanager
def course_lock(root: Path, waiting: Callable[[str], None] | None = None) -> Iterator[None]:
    """Hold the course for the block. While another run holds it, wait; `waiting` is told once who that is.

    The lock ends with the process that holds it, however that ends.
    """
    path = root / ".grading.lock"
    fd = os.open(path, os.O_RDWR | os.O_CREAT, 0o664)
    try:
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if waiting is not None:
                waiting(f"Waiting for {holder(path)}.")
            fcntl.flock(fd, fcntl.LOCK_EX)
        os.ftruncate(fd, 0)
        told = {"pid": os.getpid(), "host": socket.gethostname(), "since": time.strftime("%Y-%m-%d %H:%M:%S")}
        os.pwrite(fd, json.dumps(told).encode(), 0)
        yield
    finally:
        os.close(fd)


def holder(path: Path) -> str:
    """Who holds the lock, in words."""
    try:
        told = json.loads(path.read_text())
        return f"another grading run (process {told['pid']} on {told['host']}, since {told['since']})"
    except (OSError, ValueError, KeyError):
        return "another grading run"
