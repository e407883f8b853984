"""`mha audit DIR [UNIT …]`: whether the instructor's own solutions get full marks."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def run(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Any nbgrader course directory.")],
    units: Annotated[list[str] | None, typer.Argument(metavar="UNIT", help="Which units (default: all).")] = None,
) -> None:
    """Grade the source notebooks with their solutions, before the term, and list every test cell below full marks with
    the cause and what to do. Nothing is written. The exit code is 1 if a cell is below full marks.
    """
    from ..grading import audit
    from ..grading.course import NbgraderCourse
    from ..problem import Problem
    from ..sandbox import close_workers

    if not folder.is_dir():
        raise Problem(f"There is no folder {folder}. Give an nbgrader course directory.")
    course = NbgraderCourse(folder)
    below = 0
    try:
        for unit in audit.audit(course, units or None):
            below += len(unit.below)
            typer.echo(f"{unit.assignment}: {unit.full} of {unit.full + len(unit.below)} test cells get full marks.")
            for cell in unit.below:
                typer.echo(f"  {cell.notebook}/{cell.cell}: {cell.score:g} of {cell.points:g}")
                typer.echo(f"    Cause: {cell.cause}.")
                typer.echo(f"    What to do: {cell.advice}.")
            if unit.unprotected:
                typer.echo(f"  Unprotected: {', '.join(unit.unprotected)}")
    finally:
        close_workers()
    if below:
        raise typer.Exit(1)
