"""`mha watch NOTEBOOK|FOLDER`: check a notebook again whenever it is saved."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def run(
    path: Annotated[Path, typer.Argument(metavar="NOTEBOOK|FOLDER", help="A notebook, or a folder of them.")],
    timeout: Annotated[int, typer.Option(help="Seconds a cell may take.")] = 120,
) -> None:
    """Check a notebook whenever it is saved, and show the first question that is not solved. Ctrl-C ends it."""
    from ..notebook.running import notebooks_in
    from ..notebook.watching import saves
    from .check import summary

    notebooks = notebooks_in(path) if path.is_dir() else [path]
    typer.echo(f"Waiting for {path} to be saved (Ctrl-C ends it).")
    try:
        for notebook in saves(notebooks):
            if summary(notebook, timeout):
                typer.echo("  Every question here is solved.")
    except KeyboardInterrupt:
        typer.echo("")
