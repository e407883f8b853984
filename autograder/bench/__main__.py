"""Run every benchmark, or those named. Those ON_REQUEST run only when named."""

from importlib import import_module
from typing import Annotated

import typer

from ..cli.bar import console

BENCHMARKS = ["start", "reference", "checks", "diagnosis", "breakdown", "grading", "feedback"]
ON_REQUEST = ["scale"]


def main(
    names: Annotated[
        list[str] | None,
        typer.Argument(help=f"Of {', '.join(BENCHMARKS)}, all unless given; or {', '.join(ON_REQUEST)}."),
    ] = None,
) -> None:
    """Measure what the course promises about speed and memory."""
    for name in names or []:
        if name not in BENCHMARKS + ON_REQUEST:
            raise typer.BadParameter(f"{name} is no benchmark; there are {', '.join(BENCHMARKS + ON_REQUEST)}.")
    on = console()
    for name in names or BENCHMARKS:
        import_module(f"{__package__}.{name}").run(on)


if __name__ == "__main__":
    typer.run(main)
