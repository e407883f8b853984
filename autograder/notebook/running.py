"""Running a notebook's checks outside Jupyter."""

from __future__ import annotations

import os
import subprocess
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..checks import UnknownQuestion, questions
from ..course import read
from ..environment import GRADED_CELL
from ..marking.executed import error_in, report_in
from ..problem import Problem
from ..slow_imports import without_addresses

CALL = "check("


@dataclass(frozen=True)
class Said:
    """What one check said, as text."""

    text: str
    passed: bool

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Checked:
    """The checks of a notebook in order, and the errors of other cells."""

    reports: tuple[Said, ...]
    errors: tuple[str, ...]

    @property
    def passed(self) -> int:
        return sum(report.passed for report in self.reports)

    @property
    def all_passed(self) -> bool:
        return self.passed == len(self.reports)

    @property
    def next(self) -> Said | None:
        """The first report that is not passed."""
        return next((report for report in self.reports if not report.passed), None)


def notebooks_in(folder: Path) -> list[Path]:
    """The course's notebooks in a learner's folder, or in the folder of one unit, in the course's order.

    Raises Problem where there is none.
    """
    units = read().units
    places = [
        place for unit in units for place in (folder / unit.name / unit.exercise.name, folder / unit.exercise.name)
    ]
    found = [place for place in places if place.is_file()]
    if not found:
        raise Problem(f"No notebook of the course is in {folder}: `mha lab {folder}` copies them there.")
    return found


def checked(path: Path, timeout: int) -> Checked:
    """Execute a notebook in a kernel of its own, in its folder, and collect what its checks say.

    Raises Problem where the file is no notebook, or has no checks.
    """
    notebook = read_notebook(path)
    calls = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.lstrip().startswith(CALL)]
    if not calls:
        raise Problem(f"{path} has no checks. Give one of the course's notebooks.")
    execute(notebook, path.resolve().parent, timeout)
    reports = [_said(cell) for cell in calls]
    reports += [Said(f"{question}: its check is not in this notebook.", False) for question in _left_out(path, calls)]
    errors = tuple(
        f"Cell {cell.get('id', place)} raised {error}"
        for place, cell in enumerate(notebook.cells, 1)
        if cell not in calls and (error := error_in(cell))
    )
    return Checked(tuple(reports), errors)


def read_notebook(path: Path) -> Any:
    """The notebook in a file. Raises Problem where there is none."""
    with without_addresses():
        import nbformat

    if path.is_dir():
        raise Problem(f"{path} is a folder. Give a notebook in it.")
    if not path.is_file():
        raise Problem(f"There is no file {path}.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of cells without ids, in notebooks of an older format
            notebook = nbformat.read(path, as_version=4)
            cells = [(cell.cell_type, cell.source, cell.metadata) for cell in notebook.cells]
    except (ValueError, RecursionError, AttributeError, TypeError, KeyError, nbformat.ValidationError):
        raise Problem(f"{path} is damaged, or is no notebook. Copy a new one with `mha lab`.") from None
    if not cells:
        raise Problem(f"{path} has no cells. Copy a new one with `mha lab`.")
    return notebook


def client_of(notebook: Any, folder: Path, timeout: int) -> Any:
    """What runs the cells of a notebook in place, going on after errors; no kernel is started yet."""
    with without_addresses():
        from nbclient import NotebookClient

    return NotebookClient(
        notebook,
        timeout=timeout,
        interrupt_on_timeout=True,
        allow_errors=True,
        kernel_name="python3",
        resources={"metadata": {"path": str(folder)}},
    )


def execute(notebook: Any, folder: Path, timeout: int) -> None:
    """Run all cells in place, going on after errors. A kernel that dies is a Problem."""
    client = client_of(notebook, folder, timeout)
    from nbclient.exceptions import CellTimeoutError, DeadKernelError

    env = {name: value for name, value in os.environ.items() if name != GRADED_CELL}
    try:
        client.execute(env=env, stderr=subprocess.DEVNULL)
    except CellTimeoutError:
        raise Problem(f"A cell ran for more than {timeout} seconds: is there a loop without an end?") from None
    except DeadKernelError:
        raise Problem("The notebook ended its own Python: look for exit() or for far too large arrays.") from None


def _said(cell: Any) -> Said:
    for output in cell.outputs:
        report = report_in(output)
        if report is not None:
            return Said(str(report.get("text", report.get("message", ""))), report["outcome"] == "passed")
    return Said(f"{cell.source.strip()}: {error_in(cell) or 'it gave no report.'}", False)


def _left_out(path: Path, calls: list[Any]) -> list[str]:
    """The questions of the unit that the file is named after whose checks are not there."""
    try:
        asked = questions(path.stem)
    except UnknownQuestion:
        return []
    return [name for name in asked if not any(f'"{name}"' in cell.source for cell in calls)]
