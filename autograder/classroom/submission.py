"""What lies under submitted/: one folder per learner and unit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ..grading.course import why_no_learner
from ..grading.outputs import one_line
from .room import Room


@dataclass(frozen=True)
class Submission:
    """What one learner handed in for one unit."""

    learner: str
    unit: str
    folder: Path


def submissions(room: Room, units: Iterable[str]) -> list[Submission]:
    """Everything handed in for these units, by unit and learner."""
    return [
        Submission(learner, unit, room.submitted(learner, unit))
        for unit in units
        for learner in room.course.students(unit)
    ]


def strays(room: Room) -> list[str]:
    """Notebooks under submitted/ that grading does not find, a sentence each."""
    folder = room.submitted(".", ".")
    found = [
        f"{path} lies where it is not looked for: move it to {room.submitted('LEARNER', 'UNIT')}/."
        for path in sorted([*folder.glob("*.ipynb"), *folder.glob("*/*.ipynb")])
    ] + [
        f"{path} is for a unit that is not in the gradebook; it was left alone."
        for path in sorted(folder.glob("*/*"))
        if path.is_dir() and path.name not in room.units and not path.name.startswith(".")
    ]
    unnamed = [
        f"{path} cannot be graded: the folder's name cannot be a learner's, because {why}. Rename the folder."
        for path in sorted(folder.glob("*"))
        if (why := why_no_learner(path.name)) and any((path / unit).is_dir() for unit in room.units)
    ] + [
        f"{path} is a symbolic link that leads nowhere; it was left alone."
        for path in sorted(folder.glob("*"))
        if path.is_symlink() and not path.exists()
    ]
    return [one_line(told, 1000) for told in found + unnamed]
