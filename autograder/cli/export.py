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
    from ..classroom.export import write_csv
    from ..classroom.results import results
    from ..classroom.room import Room

    room = Room.open(folder)
    path = to or room.root / "marks.csv"
    write_csv(path, results(room, room.units))
    typer.echo(str(path))
