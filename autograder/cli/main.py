"""The command line as a whole, and how it ends when something is wrong."""

from __future__ import annotations

import importlib.util
import os
import sys

import typer

from ..problem import Problem
from . import check, demo, export, grade, init, lab, show

DEBUG = "MHA_DEBUG"

app = typer.Typer(
    name="mha",
    help="Multi-head attention, built by hand: notebooks to learn from, and tools to grade them with nbgrader.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    add_completion=False,
)
for command in (lab, check, show, init, grade, export, demo):
    app.command(name=command.__name__.rpartition(".")[2])(command.run)
if importlib.util.find_spec("autograder.quiz") is not None:
    app.add_typer(importlib.import_module("autograder.quiz.cli").app, name="quiz")


def main() -> None:
    """Run `mha`. A user's mistake ends in one sentence on stderr and exit code 2; MHA_DEBUG=1 shows where it arose."""
    try:
        app(prog_name="mha")
    except Problem as problem:
        _end(str(problem), 2, problem)
    except OSError as error:
        where = f": {error.filename}" if error.filename else ""
        _end(f"{error.strerror or error}{where}", 2, error)
    except Exception as error:  # ours: said in a sentence too, with the way to the whole story
        _end(f"stopped by an error of its own, {type(error).__name__}: {error}. {DEBUG}=1 shows where.", 1, error)


def _end(message: str, code: int, error: Exception) -> None:
    if os.environ.get(DEBUG):
        raise error
    print(f"mha: {message}", file=sys.stderr)
    sys.exit(code)
