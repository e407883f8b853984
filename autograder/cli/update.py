"""`mha update NOTEBOOK`: your answers in the course's present notebook."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer


def run(
    notebook: Annotated[Path, typer.Argument(metavar="NOTEBOOK", help="Your notebook.")],
    release: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="The notebook as it is handed out now (default: the course's own of that name)."
        ),
    ] = None,
) -> None:
    """Bring a notebook up to date: your answers and your own cells go into the new one. The old file is kept."""
    from ..kept_file import replace
    from ..notebook.update import is_current, put_aside, read_notebook, update

    mine = read_notebook(notebook)
    new = read_notebook(release or _release(notebook))
    if is_current(mine, new):
        typer.echo(f"{notebook} is up to date. Nothing was changed.")
        return
    done = update(mine, new, _is_untouched)
    old = put_aside(notebook)
    replace(notebook, done.notebook)
    typer.echo(f"{notebook} is the new one now; the old one is {old}.")
    typer.echo(f"Answers taken over: {', '.join(done.answers) or 'none'}.")
    if done.own:
        typer.echo(f"Cells of your own, kept where they stood: {done.own}.")
    if done.homeless:
        typer.echo(f"Answers that have no cell any more, now at the end: {', '.join(done.homeless)}.")
    if done.new:
        typer.echo(f"Asked for the first time: {', '.join(done.new)}.")
    typer.echo("Run all cells of the notebook again.")


def _release(notebook: Path) -> Path:
    from .. import course
    from ..problem import Problem

    known = {unit.short: unit.exercise for unit in course.read().units}
    name = next(
        (short for short in known if notebook.stem == short or notebook.stem.startswith((f"{short} ", f"{short}-"))),
        None,
    )
    if name is None:
        raise Problem(
            f"The course has no notebook {notebook.name}. It has: {', '.join(known)}. Give the new notebook with --release FILE."
        )
    return known[name]


def _is_untouched(cell: dict[str, Any]) -> bool:
    import nbformat
    from nbgrader.utils import compute_checksum

    joined = {**cell, "source": "".join(cell["source"])}
    return bool(cell["metadata"]["nbgrader"].get("checksum") == compute_checksum(nbformat.from_dict(joined)))
