"""A new course directory, or further units in one that is there."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from ..build.exercises import source_bytes
from ..course import Unit
from ..grading import why_not
from ..problem import Problem
from . import policy, settings
from .directory import CourseDirectory


def create(root: Path, units: Iterable[Unit]) -> tuple[CourseDirectory, list[str]]:
    """Make `root` a course directory with these units, generated; what is there already stays as it is.

    Returns the course directory and what was kept, a sentence each.
    Raises Problem where the folder is another nbgrader course's, or nbgrader refuses.
    """
    _prepare(root)
    directory, kept = CourseDirectory.of(root), []
    directory.course.secret()
    for unit in units:
        made = source_bytes(unit)
        notebook = directory.source(unit.name) / f"{unit.short}.ipynb"
        if notebook.is_file() and notebook.read_bytes() != made:
            kept.append(
                f"{notebook} was kept: it differs from the course's, by your changes or because it is older. To take "
                f"the course's, delete {notebook.parent} and run this again."
            )
        else:
            notebook.parent.mkdir(parents=True, exist_ok=True)
            notebook.write_bytes(made)
        generate(directory, unit.name)
    return directory, kept


def generate(directory: CourseDirectory, unit: str) -> None:
    """nbgrader's generate_assignment: writes release/ and the gradebook's cells."""
    refused = why_not(directory.api.generate_assignment(unit))
    if refused:
        raise Problem(f"nbgrader could not generate {unit}: {refused}")


def _prepare(root: Path) -> None:
    if root.exists() and not root.is_dir():
        raise Problem(f"{root} is a file. Give the name of a folder for the course directory.")
    if any(sign in str(root.resolve()) for sign in "[]*?"):
        raise Problem(
            f"nbgrader cannot work below {root.resolve()}: its path holds one of [ ] * ?. Give another folder."
        )
    there = [name for name in (settings.NAME, "gradebook.db", "source") if (root / name).exists()]
    if there and not settings.is_ours(root):
        raise Problem(f"{root} already holds another course: {there[0]} is there. Give a folder of its own.")
    (root / "checks").mkdir(parents=True, exist_ok=True)
    if not (root / settings.NAME).exists():
        (root / settings.NAME).write_text(settings.text(), encoding="utf-8")
    if not (root / policy.NAME).exists():
        (root / policy.NAME).write_bytes(Path(__file__).with_name("policy.txt").read_bytes())
