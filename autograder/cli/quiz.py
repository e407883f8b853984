"""`mha quiz`: the self-study quiz, which reads its arguments itself."""

from __future__ import annotations

import typer

PASSES_ON = {"ignore_unknown_options": True, "allow_extra_args": True, "help_option_names": []}


def run(context: typer.Context) -> None:
    """Ask questions and explain each answer; write the quiz as a page, or for a learning platform."""
    from ..quiz.cli import run

    run(context.args)
