"""One JSON record per submission: what ran, how long, what came of it. A submission with a record is done."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any


def path_of(root: Path, assignment: str, student: str) -> Path:
    """Where the record of a submission is."""
    return root / "records" / assignment / f"{student}.json"


def read(root: Path, assignment: str, student: str) -> dict[str, Any] | None:
    """The record of a submission, or None if there is none that can be read."""
    try:
        record = json.loads(path_of(root, assignment, student).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return record if isinstance(record, dict) else None


def write(root: Path, assignment: str, student: str, record: dict[str, Any]) -> None:
    """Write a record, all of it or nothing."""
    replace(path_of(root, assignment, student), json.dumps(record, indent=1).encode() + b"\n")


def replace(path: Path, data: bytes, mode: int = 0o644) -> None:
    """Put `data` at `path` so that nobody ever sees half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".new.{os.getpid()}")  # not made of the name, which may be as long as a name can be
    fd = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with open(fd, "wb") as file:
        file.write(data)
    os.replace(fresh, path)
