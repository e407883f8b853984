"""The course directory of the demonstration."""

from __future__ import annotations

import shutil
from pathlib import Path

from .. import paths
from ..course import Course, Unit
from ..problem import Problem
from .create import create
from .directory import CourseDirectory
from .sample import enrol, hand_in, read_sample

MARKER = "made-by-mha-demo.txt"


def default_folder() -> Path:
    """`build/demo` in a repository, else a folder of the user's own."""
    import platformdirs

    if paths.in_repository():
        return paths.root() / "build" / "demo"
    return platformdirs.user_data_path("mha-course", appauthor=False) / "demo"


def prepare(folder: Path, course: Course, units: tuple[Unit, ...]) -> CourseDirectory:
    """A course directory in which the shipped class has handed in its answers. An earlier demo's is replaced.

    Raises Problem where the folder holds anything else.
    """
    if folder.is_dir() and any(folder.iterdir()):
        if not (folder / MARKER).is_file():
            raise Problem(f"{folder} is not empty. Give the demo a folder of its own.")
        shutil.rmtree(folder)
    sample = read_sample(course)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARKER).write_text("`mha demo` replaces this whole folder.\n", encoding="utf-8")
    directory, _ = create(folder, units)
    enrol(directory, sample)
    hand_in(directory, sample, units)
    return directory
