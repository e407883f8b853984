"""A small JSON file that outlives crashes: replaced in one step, locked against a second writer, set aside when damaged."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any


def replace(path: Path, content: Any) -> None:
    """Write `content` to a file beside `path`, which then takes its place: a crash leaves either the old or the new.

    Raises OSError where the folder cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    # The browser's file system loses what `tempfile.mkstemp` writes, and goes by the ending of a name.
    beside = path.with_name(f".{path.stem}-{secrets.token_hex(6)}{path.suffix}")
    try:
        with open(beside, "w", encoding="utf-8") as file:
            json.dump(content, file, indent=1, sort_keys=True)
            file.write("\n")
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Keep two processes from changing the file at once, where the system has such locks."""
    try:
        from fcntl import LOCK_EX, flock
    except ImportError:  # on Windows and in a browser the later of two writers wins
        yield
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path.with_name(f".{path.stem}.lock"), "w") as lock:
        flock(lock, LOCK_EX)
        yield


def set_aside(path: Path) -> Path:
    """Rename a file that cannot be read, so that nothing in it is lost. Returns its new place.

    Raises OSError where it cannot be renamed.
    """
    aside = path.with_name(f"{path.stem}.damaged-{datetime.now():%Y%m%d-%H%M%S-%f}.json")
    path.rename(aside)
    return aside
