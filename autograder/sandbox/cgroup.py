"""The kernel's own limit of memory, where this process may make control groups: as root, or where systemd delegates.

Elsewhere the jail's keeper counts by itself, ten times a second (see jailed/memory.py). It does so here too.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_PREFIX = "grading"
_numbers = itertools.count()


@dataclass
class Group:
    """A control group. Who writes "0" to `members` belongs to it; `events` counts those that the kernel ended."""

    folder: Path
    members: int
    events: int

    def remove(self) -> None:
        """Remove it, when its last process has ended; wait for that no longer than a second."""
        os.close(self.members)
        os.close(self.events)
        ends = time.monotonic() + 1
        while not _remove(self.folder) and time.monotonic() < ends:
            time.sleep(0.01)


def memory_group(limit: int) -> Group | None:
    """A group whose processes hold at most `limit` bytes together, or nothing if there cannot be one."""
    for parent, settings, events in _places():
        with contextlib.suppress(OSError):
            _remove_leftovers(parent)
            folder = parent / f"{_PREFIX}-{os.getpid()}-{next(_numbers)}"
            folder.mkdir()
            try:
                for name, value in settings.items():
                    if (folder / name).exists():  # That of swap is missing in some kernels.
                        (folder / name).write_text(value.format(limit=limit))
                members = os.open(folder / "cgroup.procs", os.O_WRONLY)
                return Group(folder, members, os.open(folder / events, os.O_RDONLY))
            except OSError:
                folder.rmdir()
    return None


_SECOND = {"memory.max": "{limit}", "memory.swap.max": "0", "memory.oom.group": "1"}
_FIRST = {"memory.limit_in_bytes": "{limit}", "memory.memsw.limit_in_bytes": "{limit}"}


def _places() -> Iterator[tuple[Path, dict[str, str], str]]:
    """Groups in which a group with a limit of memory might be made, with its settings and its file of events."""
    for kind, options, mounted in _mounted():
        here = mounted / _own_path(kind).lstrip("/")
        here = here if here.is_dir() else mounted
        if kind == "cgroup2":
            for parent in (here, *here.parents):
                with contextlib.suppress(OSError):
                    if "memory" in (parent / "cgroup.subtree_control").read_text().split():
                        yield parent, _SECOND, "memory.events"
        elif "memory" in options:
            yield here, _FIRST, "memory.oom_control"


def _mounted() -> Iterator[tuple[str, list[str], Path]]:
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/mountinfo").read_text().splitlines():
            mount, _, system = line.partition(" - ")
            if system.startswith("cgroup"):
                yield system.split()[0], system.split()[2].split(","), Path(mount.split()[4])


def _own_path(kind: str) -> str:
    for line in Path("/proc/self/cgroup").read_text().splitlines():
        _, controllers, path = line.split(":", 2)
        if controllers == "" if kind == "cgroup2" else "memory" in controllers.split(","):
            return path
    return "/"


def _remove_leftovers(parent: Path) -> None:
    for folder in parent.glob(f"{_PREFIX}-*-*"):
        if not os.path.exists(f"/proc/{folder.name.split('-')[1]}"):
            _remove(folder)


def _remove(folder: Path) -> bool:
    with contextlib.suppress(OSError):
        folder.rmdir()
    return not folder.exists()
