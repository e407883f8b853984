"""`mha check NOTEBOOK|FOLDER`: what the checks of a notebook, or of all notebooks in a folder, say without Jupyter."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def run(
    path: Annotated[
        Path, typer.Argument(metavar="NOTEBOOK|FOLDER", help="A notebook with checks in it, or a folder of them.")
    ],
    timeout: Annotated[int, typer.Option(help="Seconds a cell may take.")] = 120,
) -> None:
    """Run notebooks and show what their checks say. Exit code 0 only where every one passes. The files are not changed."""
    from ..notebook.running import checked, notebooks_in

    if not path.is_dir():
        done = checked(path, timeout)
        for line in [*done.errors, *done.reports]:
            typer.echo(f"{line}\n")
        typer.echo(f"{done.passed} of {len(done.reports)} checks passed.")
        raise typer.Exit(0 if done.all_passed else 1)
    passed = [summary(notebook, timeout) for notebook in notebooks_in(path)]
    raise typer.Exit(0 if all(passed) else 1)


def summary(notebook: Path, timeout: int) -> bool:
    """One line for a notebook, and the first report that is not passed. Returns whether every check passed."""
    from ..notebook.running import checked
    from ..problem import Problem

    try:
        done = checked(notebook, timeout)
    except Problem as problem:  # the other notebooks are checked all the same
        typer.echo(f"{notebook}: {problem}")
        return False
    typer.echo(f"{notebook}: {done.passed} of {len(done.reports)} checks passed.")
    if done.next is not None:
        typer.echo("\n".join(f"  {line}" for line in str(done.next).splitlines()))
    return done.all_passed
