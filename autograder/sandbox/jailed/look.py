"""Looks from inside a jail for files that must not be there, before any submission runs, and ends.

    python look.py < '{"inodes": [...], "sizes": [...], "suffixes": [...]}'

It prints a JSON list of what might be one of them: [path, inode in its folder, device, inode, size, hash or ""]. Which
files are meant, and whether one is found, only the process outside knows.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
import sys
from collections.abc import Iterator
from typing import Any

NOT_FILES = (("/", "proc"), ("/", "sys"))


def candidates(inodes: set[int], sizes: set[int], suffixes: tuple[str, ...]) -> Iterator[list[Any]]:
    """What has the inode of a wanted file, or its size and the end of its name."""
    for path in mount_points():  # The entry of a mount point in its folder shows the inode that is covered.
        found = os.lstat(path)
        if found.st_ino in inodes or found.st_size in sizes:
            yield described(path, found.st_ino, sizes)
    todo = ["/"]
    while todo:
        folder = todo.pop()
        try:
            place = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        except OSError:
            continue
        with os.scandir(place) as entries:
            for entry in entries:
                name, inode, folder_here = entry.name, entry.inode(), entry.is_dir(follow_symlinks=False)
                if folder_here and (folder, name) not in NOT_FILES:
                    todo.append(os.path.join(folder, name))
                alike = name.endswith(suffixes) and entry.stat(follow_symlinks=False).st_size in sizes
                if inode in inodes or (alike and not folder_here):
                    yield described(os.path.join(folder, name), inode, sizes)
        os.close(place)


def mount_points() -> list[str]:
    """Everything that is mounted here, apart from what holds no files."""
    with open("/proc/self/mountinfo", encoding="utf-8", errors="surrogateescape") as file:
        points = [line.split()[4].encode("utf-8", "surrogateescape") for line in file]
    paths = [os.fsdecode(point.decode("unicode_escape").encode("latin-1")) for point in points]
    return [path for path in paths if not path.startswith(("/proc", "/sys"))]


def described(path: str, listed: int, sizes: set[int]) -> list[Any]:
    """A candidate with its identity, and its content's hash if its size is one of the wanted."""
    try:
        found = os.lstat(path)
        digest = ""
        if stat.S_ISREG(found.st_mode) and found.st_size in sizes:
            with open(path, "rb") as file:
                digest = hashlib.sha256(file.read()).hexdigest()
        return [path, listed, found.st_dev, found.st_ino, found.st_size, digest]
    except OSError:
        return [path, listed, 0, 0, 0, ""]


if __name__ == "__main__":
    wanted = json.load(sys.stdin)
    found = candidates(set(wanted["inodes"]), set(wanted["sizes"]), tuple(wanted["suffixes"]))
    json.dump(list(found), sys.stdout)
