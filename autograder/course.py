"""The manifest, course/course.yaml: which units there are, in which order, and where each one's files are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import paths
from .problem import Problem

FIELDS = {"name": str, "title": str, "minutes": int, "prerequisites": list, "points": (int, float)}


@dataclass(frozen=True)
class Unit:
    """One unit of the course.

    name           ``04_head_dimensions``: the nbgrader assignment, the lesson and the solution script
    minutes        what a learner who knows NumPy needs
    prerequisites  names of the units that come before
    points         what its questions add up to
    root           the folder that holds course/, exercises/ and solutions/
    """

    name: str
    title: str
    minutes: int
    prerequisites: tuple[str, ...]
    points: float
    root: Path

    @property
    def short(self) -> str:
        """The name without its number, ``head_dimensions``: the notebook, the checks, the hints and the quiz."""
        return self.name.partition("_")[2]

    @property
    def lesson(self) -> Path:
        return self.root / "course" / "lessons" / f"{self.name}.md"

    @property
    def quiz(self) -> Path:
        return self.root / "course" / "quiz" / f"{self.short}.yaml"

    @property
    def script(self) -> Path:
        """The only source of the unit's notebook."""
        return self.root / "solutions" / f"{self.name}.py"

    @property
    def exercise(self) -> Path:
        """The notebook learners fill in, generated from the script."""
        return self.root / "exercises" / self.name / f"{self.short}.ipynb"

    @property
    def hints(self) -> Path:
        return self.root / "course" / "hints" / f"{self.short}.yaml"

    @property
    def checks(self) -> Path:
        return paths.PACKAGE / "checks" / f"{self.short}.py"


@dataclass(frozen=True)
class Course:
    title: str
    units: tuple[Unit, ...]
    root: Path

    def unit(self, name: str) -> Unit:
        """The unit of that name, with or without its number.

        Raises Problem, listing the units, where there is none.
        """
        for unit in self.units:
            if name in (unit.name, unit.short):
                return unit
        raise Problem(f"There is no unit {name!r}. The units are: {', '.join(u.name for u in self.units)}.")

    def select(self, names: Iterable[str]) -> tuple[Unit, ...]:
        """The units named, in the course's order; all of them where none is named."""
        chosen = {self.unit(name).name for name in names}
        return tuple(u for u in self.units if not chosen or u.name in chosen)

    def problems(self) -> list[str]:
        """What does not fit the manifest, a sentence each: a unit's file that is missing, a file of no unit."""
        found = []
        for kind, expected in self._files().items():
            if kind == "quiz" and not any(expected[0].parent.glob("*.yaml")):
                continue  # the quiz is a part of its own, and may be left out as a whole
            found += [
                f"{unit.name} has no {kind}: {_below(self.root, path)} is missing."
                for unit, path in zip(self.units, expected, strict=True)
                if not path.is_file()
            ]
            found += [
                f"{_below(self.root, path)} belongs to no unit in course/course.yaml: add the unit, or remove the file."
                for path in sorted(_there(kind, expected[0]))
                if path not in expected
            ]
        return found

    def _files(self) -> Mapping[str, list[Path]]:
        return {
            "lesson": [u.lesson for u in self.units],
            "solution script": [u.script for u in self.units],
            "exercise": [u.exercise for u in self.units],
            "checks": [u.checks for u in self.units],
            "hints": [u.hints for u in self.units],
            "quiz": [u.quiz for u in self.units],
        }


def read(root: Path | None = None) -> Course:
    """The course as its manifest describes it.

    root  the folder that holds course/; the shipped one by default
    Raises Problem where the manifest is missing or is not what it should be.
    """
    import yaml

    root = paths.root() if root is None else root
    manifest = root / "course" / "course.yaml"
    try:
        data = yaml.safe_load(manifest.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise Problem(f"The course's manifest {manifest} is missing: the installation is incomplete.") from None
    except yaml.YAMLError as error:
        raise Problem(f"{manifest} is not valid YAML: {error}") from None
    if not isinstance(data, dict) or set(data) != {"title", "units"} or not isinstance(data["units"], list):
        raise Problem(f"{manifest} must hold `title` and a list of `units`, and nothing else.")
    units: list[Unit] = []
    for entry in data["units"]:
        units.append(_unit(entry, manifest, root, [u.name for u in units]))
    return Course(str(data["title"]), tuple(units), root)


def _unit(entry: Any, manifest: Path, root: Path, before: list[str]) -> Unit:
    """One entry of the manifest; `before` holds the names of the units above it."""
    name = entry.get("name") if isinstance(entry, dict) else None
    where = f"{manifest}, unit {name or len(before) + 1}"
    if not isinstance(entry, dict) or set(entry) != set(FIELDS):
        raise Problem(f"{where}: a unit has exactly the fields {', '.join(FIELDS)}.")
    for field, kind in FIELDS.items():
        if not isinstance(entry[field], kind) or isinstance(entry[field], bool):  # type: ignore[arg-type]
            raise Problem(f"{where}: `{field}` is {entry[field]!r}, which is of the wrong kind.")
    number, _, short = entry["name"].partition("_")
    if not (number.isdigit() and short.isidentifier()):
        raise Problem(f"{where}: a name is a number, an underscore and an identifier, such as 04_head_dimensions.")
    if any(short == other.partition("_")[2] for other in before):
        raise Problem(f"{where}: two units are called {short}.")
    unknown = [p for p in entry["prerequisites"] if p not in before]
    if unknown:
        raise Problem(f"{where}: the prerequisite {unknown[0]!r} is not one of the units above it.")
    if entry["minutes"] <= 0 or entry["points"] <= 0:
        raise Problem(f"{where}: minutes and points must be above 0.")
    return Unit(**{**entry, "prerequisites": tuple(entry["prerequisites"])}, root=root)


def _there(kind: str, example: Path) -> Iterable[Path]:
    """The files of a kind that there are, whether or not a unit has them."""
    if kind == "exercise":
        return (p for p in example.parents[1].glob("*/*") if not p.name.startswith("."))
    there = example.parent.glob(f"*{example.suffix}")
    if kind == "checks":  # beside helpers, which have no questions
        return (p for p in there if re.search(r"^QUESTIONS\b", p.read_text(encoding="utf-8"), re.MULTILINE))
    return there


def _below(root: Path, path: Path) -> str:
    return path.relative_to(root if path.is_relative_to(root) else paths.PACKAGE.parent).as_posix()
