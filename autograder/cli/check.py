"""`mha check NOTEBOOK`: what a notebook's checks say, without Jupyter."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def run(
    notebook: Annotated[Path, typer.Argument(metavar="NOTEBOOK", help="A notebook with checks in it.")],
    timeout: Annotated[int, typer.Option(help="Seconds a cell may take.")] = 120,
) -> None:
    """Run a notebook and show what its checks say. Exit code 0 only where every one passes. The file is not changed."""
    from ..notebook.running import checked

    done = checked(notebook, timeout)
    for line in done.errors:
        typer.echo(f"{line}\n")
    for report in done.reports:
        typer.echo(f"{report}\n")
    passed = sum(report.passed for report in done.reports)
    typer.echo(f"{passed} of {len(done.reports)} checks passed.")
    raise typer.Exit(0 if passed == len(done.reports) else 1)
