"""Waiting for notebooks to be saved."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

SECONDS = 1.0


def saves(notebooks: Sequence[Path], wait: Callable[[], None] = lambda: time.sleep(SECONDS)) -> Iterator[Path]:
    """Each notebook as it is saved, without an end. Editors that replace the file are noticed, too."""
    seen = {path: _stamp(path) for path in notebooks}
    while True:
        wait()
        for path in notebooks:
            now = _stamp(path)
            if now is not None and now != seen[path]:
                seen[path] = now
                yield path


def _stamp(path: Path) -> tuple[int, int, int] | None:
    """What changes when a file is written; None where it is not there, as in the middle of being replaced."""
    try:
        told = path.stat()
    except FileNotFoundError:
        return None
    return told.st_mtime_ns, told.st_size, told.st_ino
