"""Where the course's files are: beside the code in a checkout, inside the package where a wheel was installed."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]


def course_folder() -> Path:
    """The `course` folder with course.yaml, lessons/ and quiz/."""
    installed = _PACKAGE / "_files" / "course"
    return installed if installed.is_dir() else _PACKAGE.parent / "course"
