"""`mha init DIR [UNIT …]`: a course directory for nbgrader."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def run(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The course directory to make, or to add units to.")],
    units: Annotated[list[str] | None, typer.Argument(metavar="UNIT", help="Which units (default: all).")] = None,
) -> None:
    """Make a course directory that nbgrader's own commands and formgrader work in at once."""
    from .. import course
    from ..classroom.create import create

    chosen = course.read().select(units or [])
    directory, kept = create(folder, chosen)
    for line in kept:
        typer.echo(line)
    typer.echo(
        f"{directory.root} is ready, with {len(directory.units)} unit{'s' * (len(directory.units) != 1)}: {', '.join(directory.units)}."
    )
    typer.echo(f"Hand out release/, put what comes back into submitted/LEARNER/UNIT/, then: mha grade {folder}")
