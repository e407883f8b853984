"""`mha export DIR`: marks per question as CSV."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def run(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A course directory, made by `mha init`.")],
    to: Annotated[Path | None, typer.Option(help="The file to write (default: DIR/marks.csv).")] = None,
) -> None:
    """Write marks per question as CSV, with the LMS user ids that nbgrader knows."""
    from ..classroom.directory import CourseDirectory
    from ..classroom.export import write_csv
    from ..classroom.results import results

    directory = CourseDirectory.open(folder)
    path = to or directory.root / "marks.csv"
    write_csv(path, results(directory, directory.units))
    typer.echo(str(path))
