"""Where the course's files are: beside the package in a repository, inside it in an installed wheel."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


def root() -> Path:
    """The folder that holds course/, exercises/ and solutions/."""
    return root_of(PACKAGE)


def root_of(package: Path) -> Path:
    """The same for a copy of the package."""
    shipped = package / "_files"
    return shipped if shipped.is_dir() else package.parent


def in_repository() -> bool:
    """Whether the package runs from a checkout, whose `build/` folder takes what a run makes."""
    return (root() / "pyproject.toml").is_file()
