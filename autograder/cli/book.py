"""`mha book`: the book in a browser, served from this machine so that its notebooks run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def run(
    folder: Annotated[
        Path | None, typer.Argument(metavar="DIR", help="A built site (default: build/site of this repository).")
    ] = None,
    port: Annotated[int, typer.Option("--port", help="The port to serve on; 0 for any free one.")] = 0,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Serve, and open nothing.")] = False,
) -> None:
    """Serve the book with the notebooks that run in the browser, and open it."""
    import webbrowser

    from .. import paths
    from ..problem import Problem
    from ..site.serve import server

    folder = folder or paths.root() / "build" / "site"
    if not (folder / "index.html").is_file():
        raise Problem(
            f"There is no book in {folder}. Build it with `make book`, and the notebooks for it with `make lite`."
        )
    with server(folder, port) as serving:
        address = f"http://localhost:{serving.server_port}/"
        typer.echo(f"The book is at {address}  (Ctrl-C ends it)")
        if not no_browser:
            webbrowser.open(address)
        try:
            serving.serve_forever()
        except KeyboardInterrupt:
            typer.echo("")
