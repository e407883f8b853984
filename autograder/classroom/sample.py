"""The class shipped with the course: answers that were really written, put into the notebooks handed out."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..course import Course, Unit
from ..problem import Problem
from .directory import CourseDirectory


@dataclass(frozen=True)
class SampleLearner:
    id: str
    first_name: str
    last_name: str
    lms_user_id: str
    note: str


@dataclass(frozen=True)
class SampleClass:
    """A class on disk: class.yaml, and a folder per learner.

    due  when every unit was due, in nbgrader's form, or None
    """

    folder: Path
    due: str | None
    learners: tuple[SampleLearner, ...]

    def files(self, learner: str, unit: Unit) -> list[Path]:
        """What a learner has for a unit: answers (.py) or a notebook as it is (.ipynb)."""
        return [p for ending in ("py", "ipynb") if (p := self.folder / learner / f"{unit.name}.{ending}").is_file()]


def read_sample(course: Course) -> SampleClass:
    """The class in course/sample_class/. Raises Problem where its list and its folders do not fit each other."""
    import yaml

    folder = course.root / "course" / "sample_class"
    try:
        data = yaml.safe_load((folder / "class.yaml").read_text(encoding="utf-8"))
        learners = tuple(
            SampleLearner(**{key: str(entry[key]) for key in SampleLearner.__annotations__})
            for entry in data["learners"]
        )
    except (OSError, yaml.YAMLError, KeyError, TypeError) as error:
        raise Problem(f"{folder / 'class.yaml'} cannot be read: {error}.") from None
    there = {path.name for path in folder.iterdir() if path.is_dir()}
    listed = {learner.id for learner in learners}
    if there != listed:
        raise Problem(f"{folder}: these are a folder or in class.yaml, not both: {', '.join(sorted(there ^ listed))}.")
    known = {f"{unit.name}{ending}" for unit in course.units for ending in (".py", ".ipynb")} | {"timestamp.txt"}
    unknown = [path for path in folder.glob("*/*") if path.name not in known and not path.name.startswith((".", "__"))]
    if unknown:
        raise Problem(f"{unknown[0]} is for no unit of the course.")
    due = data.get("due")
    return SampleClass(folder, None if due is None else str(due), learners)


def enrol(directory: CourseDirectory, sample: SampleClass) -> None:
    """Enter the learners, and when the units were due, into the gradebook."""
    from nbgrader.utils import parse_utc

    with directory.course.gradebook() as gradebook:
        for one in sample.learners:
            gradebook.update_or_create_student(
                one.id, first_name=one.first_name, last_name=one.last_name, lms_user_id=one.lms_user_id
            )
        for unit in directory.units:
            gradebook.update_or_create_assignment(unit, duedate=parse_utc(sample.due))


def hand_in(directory: CourseDirectory, sample: SampleClass, units: tuple[Unit, ...]) -> None:
    """Put every learner's submissions of these units under submitted/."""
    for learner in sample.learners:
        for unit in units:
            for path in sample.files(learner.id, unit):
                folder = directory.submitted(learner.id, unit.name)
                folder.mkdir(parents=True, exist_ok=True)
                target = folder / f"{unit.short}.ipynb"
                if path.suffix == ".ipynb":
                    shutil.copyfile(path, target)
                else:
                    target.write_bytes(filled(directory.released(unit.name) / target.name, path))
                stamp = sample.folder / learner.id / "timestamp.txt"
                if stamp.is_file():
                    shutil.copyfile(stamp, folder / stamp.name)


def filled(released: Path, answers: Path) -> bytes:
    """The released notebook with a learner's cells in it.

    answers  a percent script; the title of each cell is the grade_id or id of the cell that it replaces
    Raises Problem where a title is no cell that a learner may change.
    """
    import nbformat

    from ..build.notebook import to_bytes

    notebook = nbformat.read(released, as_version=4)
    cells: Mapping[str, Any] = {cell.id: cell for cell in notebook.cells if cell.metadata.get("editable", True)}
    for title, source in read_answers(answers).items():
        if title not in cells:
            asked = [name for name, cell in cells.items() if cell.metadata.get("nbgrader", {}).get("solution")]
            raise Problem(f"{answers}: {title!r} is no cell that a learner fills in. There are: {', '.join(asked)}.")
        cells[title].source = source
    return to_bytes(notebook)


def read_answers(path: Path) -> dict[str, str]:
    """The cells of a learner's script: source by title. What stands above the first cell is a remark."""
    import jupytext

    from ..build.percent import HEADER

    text = path.read_text(encoding="utf-8")
    first = HEADER.search(text)
    if first is None:
        return {}
    notebook = jupytext.reads(text[first.start() :], fmt="py:percent")
    titles = [cell.metadata.get("title", "") for cell in notebook.cells]
    if "" in titles or len(set(titles)) < len(titles):
        raise Problem(f"{path}: every cell needs the name of the cell it replaces, once: # %% scaled_scores")
    return {title: cell.source for title, cell in zip(titles, notebook.cells, strict=True)}
