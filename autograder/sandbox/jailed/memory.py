"""How much memory a submission holds: what its processes map, its files in memory, and what its sockets may keep.

Nothing else in the kernel grows at a submission's wish: it has no other system calls (see syscalls.py).
"""

from __future__ import annotations

import contextlib
import math
import os
import resource
from collections.abc import Iterable

BUFFER_BYTES = 256 * 1024  # what a socket or a pipe may keep, with the kernel's defaults
INODE_BYTES = 2 * 1024  # what a file in memory takes besides its content
_PF_EXITING = 4  # among the flags of a thread in /proc


def held(proc: int, processes: Iterable[str], folders: Iterable[str]) -> float:
    """Bytes held by processes of an open /proc, and by file systems in memory; infinite where it cannot be read.

    A page of a file in memory that a process maps counts twice.
    """
    total = 0.0
    buffers: set[str] = set()
    measure = _proportional if _exists(proc, "self/smaps_rollup") else _resident
    for process in processes:
        size = 0
        # Memory outlives the first thread, and a thread may have files of its own.
        for name in _list(proc, f"{process}/task"):
            thread = f"{process}/task/{name}"
            try:
                size = size or measure(proc, thread)
                buffers |= _buffers(proc, f"{thread}/fd")
            except OSError:
                if not _exiting(proc, thread):
                    return math.inf  # It hides from us: nothing honest does.
        total += size
    return total + len(buffers) * BUFFER_BYTES + sum(map(_in_memory, folders))


def _exiting(proc: int, thread: str) -> bool:
    """Whether a thread is ending or has ended: it holds nothing more, and the kernel shows it to root only."""
    try:
        text = _read(proc, f"{thread}/stat")
    except (FileNotFoundError, ProcessLookupError):
        return True
    except OSError:
        return False
    return bool(int(text.rpartition(")")[2].split()[6]) & _PF_EXITING)


def _proportional(proc: int, thread: str) -> int:
    """Its share of the pages it maps, each divided among those who map it. Raises OSError when it has no memory."""
    text = _read(proc, f"{thread}/smaps_rollup")
    return next((int(line.split()[1]) * 1024 for line in text.splitlines() if line.startswith("Pss:")), 0)


def _resident(proc: int, thread: str) -> int:
    """All pages it maps: more than its share, for kernels that do not tell shares."""
    return int(_read(proc, f"{thread}/statm").split()[1]) * resource.getpagesize()


def _buffers(proc: int, folder: str) -> set[str]:
    """The sockets and pipes that a thread has open, each by a name of its own."""
    found = set()
    for name in _list(proc, folder):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            found.add(os.readlink(f"{folder}/{name}", dir_fd=proc))
    return {name for name in found if name.startswith(("socket:", "pipe:"))}


def _in_memory(folder: str) -> float:
    try:
        found = os.statvfs(folder)
    except OSError:
        return math.inf
    return (found.f_blocks - found.f_bfree) * found.f_frsize + (found.f_files - found.f_ffree) * INODE_BYTES


def _ended() -> contextlib.AbstractContextManager[None]:
    """A process that ends while it is looked at holds nothing."""
    return contextlib.suppress(FileNotFoundError, ProcessLookupError)


def _list(proc: int, path: str) -> list[str]:
    with _ended():
        place = os.open(path, os.O_RDONLY | os.O_DIRECTORY, dir_fd=proc)
        try:
            return os.listdir(place)
        finally:
            os.close(place)
    return []


def _read(proc: int, path: str) -> str:
    with open(path, opener=lambda name, flags: os.open(name, flags, dir_fd=proc)) as file:
        return file.read()


def _exists(proc: int, path: str) -> bool:
    with contextlib.suppress(FileNotFoundError):
        os.stat(path, dir_fd=proc)
        return True
    return False
