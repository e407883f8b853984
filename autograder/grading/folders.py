"""Reads a folder that somebody else made: regular files only, links not followed."""

from __future__ import annotations

import fnmatch
import os
import stat

from ..sandbox.outputs import one_line

# In bytes, below a submission's folder. What can be read there has to fit into other folders with longer names too.
LONGEST_PATH = 1000


def read_folder(folder: str, ignore: list[str], limit: int, follow: bool = False) -> tuple[dict[str, bytes], list[str]]:
    """The regular files below `folder` by relative path, and a note on everything that was left out."""
    files: dict[str, bytes] = {}
    notes: list[str] = []
    total = 0
    for place, folders, names in os.walk(folder, followlinks=follow):
        folders[:] = sorted(name for name in folders if not any(fnmatch.fnmatch(name, p) for p in ignore))
        for name in sorted(names):
            path = os.path.join(place, name)
            relative = os.path.relpath(path, folder)
            if any(fnmatch.fnmatch(name, pattern) for pattern in ignore):
                continue
            long = len(os.fsencode(relative)) > LONGEST_PATH
            data = "its path is too long" if long else _read_file(path, limit - total, follow)
            if isinstance(data, str):
                notes.append(f"{one_line(relative, 100)} was left out: {data}")
                continue
            total += len(data)
            files[relative] = data
    return files, notes


def _read_file(path: str, limit: int, follow: bool) -> bytes | str:
    try:
        fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK | (0 if follow else os.O_NOFOLLOW))
    except OSError as error:
        return "it is a link" if os.path.islink(path) else error.strerror or "it cannot be read"
    with open(fd, "rb") as file:
        status = os.fstat(fd)
        if not stat.S_ISREG(status.st_mode):
            return "it is no regular file"
        if status.st_size > limit:
            return f"it is too large ({status.st_size // 1_000_000} MB)"
        return file.read(limit)
