"""The lessons' pictures: each script beside them computes its own, and what is committed is what it computes."""

from __future__ import annotations

import runpy
from collections.abc import Mapping
from pathlib import Path

from ..course import Course
from ..notebook.drawing import Picture


def drawn(course: Course) -> Mapping[Path, Picture]:
    """Every picture of the lessons, computed anew, by the path of its committed file."""
    folder = course.root / "course" / "lessons" / "pictures"
    found: dict[Path, Picture] = {}
    for script in sorted(folder.glob("*.py")):
        for name, picture in runpy.run_path(str(script))["pictures"]().items():
            found[folder / f"{name}.svg"] = picture
    return found


def write(course: Course) -> list[Path]:
    """Write the pictures that differ; returns their paths."""
    written = []
    for path, picture in drawn(course).items():
        if not _same(path, picture):
            path.write_text(picture.svg + "\n", encoding="utf-8")
            written.append(path)
    return written


def differences(course: Course) -> list[str]:
    """What does not stand as it is computed, a sentence each; and pictures that no script draws any more."""
    computed = drawn(course)
    committed = sorted((course.root / "course" / "lessons" / "pictures").glob("*.svg"))
    return [
        *(
            f"{path.relative_to(course.root).as_posix()} is not what its script draws: run `make build`."
            for path, picture in computed.items()
            if not _same(path, picture)
        ),
        *(
            f"{path.relative_to(course.root).as_posix()} is drawn by no script: delete it."
            for path in committed
            if path not in computed
        ),
    ]


def _same(path: Path, picture: Picture) -> bool:
    return path.is_file() and path.read_text(encoding="utf-8") == picture.svg + "\n"
