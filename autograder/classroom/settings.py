"""The nbgrader_config.py of a course directory: how it is written and how it is read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..build.release import CODE_STUB

NAME = "nbgrader_config.py"
HOOKS = "autograder.classroom.hooks.CourseHooks"


def text() -> str:
    """The configuration that a new course directory gets."""
    return (
        Path(__file__)
        .with_name("nbgrader_config.txt")
        .read_text("utf-8")
        .replace("@CODE_STUB@", f'"{CODE_STUB}"')
        .replace("@HOOKS@", f'"{HOOKS}"')
    )


def load(root: Path) -> Any:
    """The configuration of a course directory, with the user's own nbgrader_config.py below it, as nbgrader reads them.

    Raises Problem where a file cannot be read or fails.
    """
    from ..grading.course import load_config

    return load_config(root)


def is_ours(root: Path) -> bool:
    """Whether `root` is a course directory that `mha init` made."""
    return (root / NAME).is_file() and HOOKS in (root / NAME).read_text("utf-8", errors="replace")
