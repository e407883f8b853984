"""exercises/: written from solutions/, or compared with it byte for byte."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from ..course import Course, Unit
from .notebook import source_notebook, to_bytes
from .release import released
from .script import read_script


def source_bytes(unit: Unit) -> bytes:
    """The unit's nbgrader source notebook."""
    return to_bytes(source_notebook(unit, read_script(unit)))


def exercise_bytes(units: Iterable[Unit]) -> dict[Unit, bytes]:
    """The exercise notebooks of these units, as learners get them."""
    return released({unit: source_bytes(unit) for unit in units})


def write(units: Iterable[Unit]) -> list[Path]:
    """Write the exercise notebooks of these units; returns the files that changed."""
    changed = []
    for unit, made in exercise_bytes(units).items():
        if not unit.exercise.is_file() or unit.exercise.read_bytes() != made:
            unit.exercise.parent.mkdir(parents=True, exist_ok=True)
            unit.exercise.write_bytes(made)
            changed.append(unit.exercise)
    return changed


def differences(course: Course, units: Iterable[Unit]) -> list[str]:
    """What in exercises/ is not what solutions/ gives, a sentence each. A file that is missing is no difference."""
    there = [unit for unit in units if unit.exercise.is_file()]
    return [
        f"{unit.exercise.relative_to(course.root).as_posix()} differs from what {unit.script.name} gives."
        for unit, made in exercise_bytes(there).items()
        if unit.exercise.read_bytes() != made
    ]
