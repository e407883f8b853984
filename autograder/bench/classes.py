"""Classes of any size, for timing how they are graded: the shipped class's answers to one unit, over and over."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import nbformat

from ..classroom.demo import prepare
from ..course import read
from ..sandbox import IsolationUnavailable, Settings, close_workers
from ..sandbox.pool import isolation_of

UNIT = "01_one_head"
# In a unit's first function: loops, ends the process, takes memory without end.
RUNAWAYS = ("while True:\n        pass", "import os\n    os._exit(0)", "x = [0]\n    while True:\n        x += x")


def make_class(folder: Path, size: int) -> Path:
    """A course directory at `folder` in which `size` learners have handed in the unit."""
    course = read()
    directory = prepare(folder, course, (course.unit(UNIT),))
    handed_in = sorted(directory.root.glob(f"submitted/*/{UNIT}"))
    kept = [Path(shutil.move(path, folder / f"kept{i}")) for i, path in enumerate(handed_in)]
    shutil.rmtree(directory.root / "submitted")
    for number in range(size):
        shutil.copytree(kept[number % len(kept)], directory.root / "submitted" / f"s{number:05d}" / UNIT)
    for path in kept:
        shutil.rmtree(path)
    return directory.root


def make_runaways(folder: Path, size: int) -> Path:
    """A course directory in which every submission's first function loops, dies, or takes memory without end."""
    root = make_class(folder, size)
    add_to_config(root, "c.GradingEngine.cell_seconds = 2\nc.GradingEngine.memory_mb = 400")
    for number, path in enumerate(sorted(root.glob(f"submitted/*/{UNIT}/*.ipynb"))):
        notebook = nbformat.read(path, as_version=4)
        cell = next(c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("solution"))
        cell.source = f"def project(*args):\n    {RUNAWAYS[number % len(RUNAWAYS)]}"
        nbformat.write(notebook, path)
    return root


def add_to_config(root: Path, text: str) -> None:
    """Append to a course directory's nbgrader_config.py."""
    with (root / "nbgrader_config.py").open("a", encoding="utf-8") as file:
        file.write(f"\n{text}\n")


def isolation() -> str:
    """How `mha grade` can shut submissions in here: nested or once; none where nothing can."""
    try:
        return isolation_of(Settings())
    except IsolationUnavailable:
        return "none"
    finally:
        close_workers()


def mha_grade(root: Path, isolation: str) -> list[str | Path]:
    """The command that grades the whole directory."""
    return [Path(sys.executable).with_name("mha"), "grade", root, "--isolation", isolation]
