"""The executed notebooks and the other files of a graded submission, under autograded/."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path


def replace_folder(target: Path, files: Mapping[str, bytes], groupshared: bool) -> None:
    """Put a folder with these files, by relative path, in the place of what is there. Nobody ever sees half of it."""
    fresh = target.with_name(f".new.{os.getpid()}")  # not made of the name, which may be as long as a name can be
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    for name, data in files.items():
        path = fresh / name
        if "/" in name:
            path.parent.mkdir(parents=True, exist_ok=True)
        fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o664 if groupshared else 0o444)
        with open(fd, "wb") as file:
            file.write(data)
    if groupshared:
        for folder in (fresh, *(path for path in fresh.rglob("*") if path.is_dir())):
            folder.chmod((folder.stat().st_mode | 0o2770) & 0o2777)
    if target.exists():
        shutil.rmtree(target)
    fresh.rename(target)
