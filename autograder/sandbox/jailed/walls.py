"""What Linux offers to shut a process in: own namespaces, private folders, limits, no way back to privileges."""

from __future__ import annotations

import ctypes
import os
import resource
import struct
import sys
from typing import Any

from .syscalls import program

CLONE_NEWNS, CLONE_NEWIPC, CLONE_NEWUSER, CLONE_NEWPID = 0x00020000, 0x08000000, 0x10000000, 0x20000000
MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_BIND, MS_REC, MS_PRIVATE = 2, 4, 8, 4096, 16384, 1 << 18
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_SECCOMP, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS = 1, 4, 22, 24, 38
PR_SET_CHILD_SUBREAPER, PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL = 36, 47, 4

_libc = ctypes.CDLL(None, use_errno=True)


def _check(result: int, what: str) -> None:
    if result != 0:
        error = ctypes.get_errno()
        raise OSError(error, f"{what}: {os.strerror(error)}")


def prctl(option: int, *values: int) -> None:
    """prctl(2). Raises OSError."""
    padded = [ctypes.c_ulong(v) for v in (*values, 0, 0, 0, 0)[:4]]
    _check(_libc.prctl(option, *padded), "prctl")


def unshare(flags: int) -> None:
    """unshare(2), with this process's user mapped to itself if CLONE_NEWUSER is among the flags. Raises OSError."""
    uid, gid = os.getuid(), os.getgid()
    _check(_libc.unshare(flags), "unshare")
    if flags & CLONE_NEWUSER:
        for name, text in (("setgroups", "deny"), ("uid_map", f"{uid} {uid} 1"), ("gid_map", f"{gid} {gid} 1")):
            with open(f"/proc/self/{name}", "w") as file:
                file.write(text)


def mount(kind: str, target: str, flags: int = 0, data: str = "") -> None:
    """mount(2) of a file system that needs no device. Raises OSError."""
    _check(_libc.mount(kind.encode(), target.encode(), kind.encode(), flags, data.encode()), f"mount {target}")


def keep_mounts_private() -> None:
    """Let no mount that is made from now on be seen outside this process's namespace. Raises OSError."""
    _check(_libc.mount(b"none", b"/", None, MS_REC | MS_PRIVATE, None), "mount /")


def bind(source: str, path: str) -> None:
    """Show what is at `source`, with everything mounted in it, at `path`, which is made if need be. Raises OSError."""
    if os.path.isdir(source):
        os.makedirs(path, exist_ok=True)
    else:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        if not os.path.lexists(path):
            os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o644))
    _check(_libc.mount(os.fsencode(source), os.fsencode(path), None, MS_BIND | MS_REC, None), f"mount {path}")


def own_folders(size: int, shown: list[tuple[str, str]]) -> None:
    """Private, size-limited /tmp and /dev/shm, and a /proc that shows this process's children only.

    `shown` is what shown_below("/tmp") said of the jail.
    """
    keep_mounts_private()
    kept = [(path, os.open(path, os.O_PATH)) for path, target in shown if not target]
    for target in ("/tmp", "/dev/shm"):
        mount("tmpfs", target, MS_NOSUID | MS_NODEV, f"size={size},nr_inodes=10000,mode=1777")
    for path, place in kept:
        _mount_again(path, place)
    for path, target in shown:
        if target:
            _link_again(path, target)
    try:
        mount("proc", "/proc", MS_NOSUID | MS_NODEV | MS_NOEXEC)
    except OSError:
        # Refused where the outer /proc is partly covered (bubblewrap run by root): an empty one hides it as well.
        mount("tmpfs", "/proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, "size=4k,mode=555")


def shown_below(folder: str) -> list[tuple[str, str]]:
    """What the jail shows below a folder, parts of a Python that lives there: mount points, and links with their targets.

    What is mounted inside one comes with it.
    """
    with open("/proc/self/mountinfo") as mounts:
        points = sorted(line.split()[4].encode().decode("unicode_escape") for line in mounts)
    outermost: list[str] = []
    for point in points:
        if point.startswith(f"{folder}/") and not any(point.startswith(f"{outer}/") for outer in outermost):
            outermost.append(point)
    return [*((point, "") for point in outermost), *_links_below(folder, frozenset(outermost))]


def _links_below(folder: str, mounted: frozenset[str]) -> list[tuple[str, str]]:
    found = []
    for entry in os.scandir(folder):
        if entry.is_symlink():
            found.append((entry.path, os.readlink(entry.path)))
        elif entry.path not in mounted and entry.is_dir() and os.access(entry.path, os.R_OK | os.X_OK):
            found += _links_below(entry.path, mounted)
    return found


def _link_again(path: str, target: str) -> None:
    before = os.umask(0o022)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    os.umask(before)
    os.symlink(target, path)


def _mount_again(path: str, place: int) -> None:
    """Put what an open descriptor stands for back at its path, and close the descriptor."""
    before = os.umask(0o022)
    bind(f"/proc/self/fd/{place}", path)
    os.umask(before)
    os.close(place)


def drop_privileges() -> None:
    """Give up every capability, for good, and the ability to be traced by anything beside us."""
    prctl(PR_SET_NO_NEW_PRIVS, 1)
    drop_bounding_set()
    header = ctypes.create_string_buffer(struct.pack("Ii", 0x20080522, 0))
    _check(_libc.capset(header, ctypes.create_string_buffer(24)), "capset")


def drop_bounding_set() -> None:
    """Let no program that is started from now on get a capability, as far as this process may decide that."""
    for capability in range(64):
        try:
            prctl(PR_CAPBSET_DROP, capability)
        except OSError:
            break


def filter_system_calls() -> None:
    """Leave this process, and all that it starts, the system calls that syscalls.py lists. Raises KeyError for a machine
    that it does not know.
    """
    steps = program(os.uname().machine)
    buffer = ctypes.create_string_buffer(steps)
    filter_struct = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(steps) // 8, ctypes.addressof(buffer)))
    prctl(PR_SET_SECCOMP, 2, ctypes.addressof(filter_struct))


def set_limits(limits: dict[str, Any]) -> None:
    """Limits per process: CPU time, address space, file size, open files, processes, no core file."""
    wanted = {
        resource.RLIMIT_CPU: int(limits["cpu_seconds"]),
        resource.RLIMIT_FSIZE: int(limits["file_bytes"]),
        resource.RLIMIT_NOFILE: 256,
        resource.RLIMIT_CORE: 0,
    }
    if sys.platform == "linux":
        wanted[resource.RLIMIT_AS] = int(limits["memory_bytes"]) + address_space()
        wanted[resource.RLIMIT_NPROC] = int(limits["processes"])
        wanted[resource.RLIMIT_MEMLOCK] = 0
        wanted[resource.RLIMIT_MSGQUEUE] = 0
    for name, value in wanted.items():
        hard = resource.getrlimit(name)[1]
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(name, (value, value))


def address_space() -> int:
    """Bytes of address space this process has now: libraries reserve much that they never use."""
    try:
        with open("/proc/self/statm") as file:
            return int(file.read().split()[0]) * resource.getpagesize()
    except OSError:
        return 1 << 30
