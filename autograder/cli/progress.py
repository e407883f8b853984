"""`mha progress`: how far the learner has come whose folder this is."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def run(
    folder: Annotated[
        Path | None,
        typer.Argument(metavar="DIR", help="Your folder (default: this one, or else the one of `mha lab`)."),
    ] = None,
) -> None:
    """Show which questions are solved, what comes next and what to review. Nothing leaves this machine."""
    from ..learner_folder import default_folder
    from ..notebook.progress import progress_in
    from ..notebook.way import FILE, folder_of
    from ..problem import Problem

    here = folder_of((folder or Path.cwd()).resolve())
    if folder is None and not (here / FILE).is_file():
        here = default_folder()
    if not here.is_dir():
        raise Problem(f"There is no folder {here}. `mha lab` makes one with the notebooks.")
    typer.echo(f"{here}\n{progress_in(here)}")
