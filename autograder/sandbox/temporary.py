"""One folder for everything temporary that a process makes, gone when the process is.

The folder is locked as long as the process, or one that it forked, lives. So what a killed process left can be told
from what is in use, and the next process that makes such a folder removes it.
"""

from __future__ import annotations

import contextlib
import fcntl
import itertools
import os
import secrets
import tempfile
from collections.abc import Iterator
from pathlib import Path

PREFIX = "grading-run-"


@contextlib.contextmanager
def own_folder() -> Iterator[Path]:
    """This process's folder for temporary files while the block runs; `tempfile` and child processes use it."""
    remove_leftovers()
    folder, lock = _locked_folder()
    before = os.environ.get("TMPDIR"), tempfile.tempdir
    os.environ["TMPDIR"] = tempfile.tempdir = str(folder)
    try:
        yield folder
    finally:
        os.environ.pop("TMPDIR")
        if before[0] is not None:
            os.environ["TMPDIR"] = before[0]
        tempfile.tempdir = before[1]
        with contextlib.suppress(OSError):
            remove(folder)
        os.close(lock)


def remove_leftovers() -> None:
    """Remove the folders of processes of this user that have ended."""
    for entry in os.scandir(tempfile.gettempdir()):
        if entry.name.startswith(PREFIX):
            with contextlib.suppress(OSError):
                _remove_if_free(Path(entry.path))


def _locked_folder() -> tuple[Path, int]:
    while True:
        folder = Path(tempfile.mkdtemp(prefix=PREFIX))
        lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        fcntl.flock(lock, fcntl.LOCK_EX)
        if folder.exists():  # Another process may have taken it for a leftover before it was locked.
            return folder, lock
        os.close(lock)


def _remove_if_free(folder: Path) -> None:
    lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        if os.fstat(lock).st_uid == os.geteuid():
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            remove(folder)
    finally:
        os.close(lock)


def remove(folder: Path) -> None:
    """Remove a folder with what is in it, however deep, and whatever may not be entered. Raises OSError.

    What is in an inner folder moves up before that is removed, so no path gets long.
    """
    unused = secrets.token_hex(8)
    names = (f"{unused}-{number}" for number in itertools.count())
    while entries := list(os.scandir(folder)):
        for entry in entries:
            if not entry.is_dir(follow_symlinks=False):
                os.unlink(entry.path)
                continue
            os.chmod(entry.path, 0o700)
            for inner in os.scandir(entry.path):
                if inner.is_dir(follow_symlinks=False):
                    os.chmod(inner.path, 0o700)
                os.rename(inner.path, folder / next(names))
            os.rmdir(entry.path)
    os.rmdir(folder)
