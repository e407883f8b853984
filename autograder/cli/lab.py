"""`mha lab`: the notebooks in a folder of one's own, open in JupyterLab."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def run(
    folder: Annotated[
        Path | None, typer.Argument(metavar="DIR", help="Where your notebooks live (default: below Documents).")
    ] = None,
    solutions: Annotated[bool, typer.Option("--solutions", help="Open the worked solutions instead.")] = False,
    copy_only: Annotated[bool, typer.Option("--copy-only", help="Copy the notebooks and do not open them.")] = False,
) -> None:
    """Copy the notebooks into your own folder, never over your work, and open JupyterLab there."""
    from .. import course, learner_folder

    folder = folder or learner_folder.default_folder(solutions)
    copy = learner_folder.copy_solutions if solutions else learner_folder.copy_exercises
    copied, kept = copy(course.read(), folder)
    typer.echo(f"{folder}: {len(copied)} files copied, {len(kept)} left as they were.")
    if not copy_only:
        learner_folder.open_lab(folder)
