"""Notebooks under submitted/ that grading does not find."""

from __future__ import annotations

from ..grading.course import why_no_learner
from ..sandbox.outputs import one_line
from .directory import CourseDirectory


def strays(directory: CourseDirectory) -> list[str]:
    """A sentence for each of them."""
    folder = directory.submitted(".", ".")
    found = [
        f"{path} lies where it is not looked for: move it to {directory.submitted('LEARNER', 'UNIT')}/."
        for path in sorted([*folder.glob("*.ipynb"), *folder.glob("*/*.ipynb")])
    ] + [
        f"{path} is for a unit that is not in the gradebook; it was left alone."
        for path in sorted(folder.glob("*/*"))
        if path.is_dir() and path.name not in directory.units and not path.name.startswith(".")
    ]
    unnamed = [
        f"{path} cannot be graded: the folder's name cannot be a learner's, because {why}. Rename the folder."
        for path in sorted(folder.glob("*"))
        if (why := why_no_learner(path.name)) and any((path / unit).is_dir() for unit in directory.units)
    ] + [
        f"{path} is a symbolic link that leads nowhere; it was left alone."
        for path in sorted(folder.glob("*"))
        if path.is_symlink() and not path.exists()
    ]
    return [one_line(told, 1000) for told in found + unnamed]
