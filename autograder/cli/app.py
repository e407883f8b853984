"""The commands of `mha`, as one typer application."""

from __future__ import annotations

import typer

from . import audit, book, check, demo, export, extend, grade, init, lab, progress, quiz, report, show, update, watch

app = typer.Typer(
    name="mha",
    help="Multi-head attention, built by hand: notebooks to learn from, and tools to grade them with nbgrader.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    add_completion=False,
)
for command in (lab, book, progress, check, watch, update, show, init, audit, extend, grade, report, export, demo):
    app.command(name=command.__name__.rpartition(".")[2])(command.run)
app.command(name="quiz", add_help_option=False, context_settings=quiz.PASSES_ON)(quiz.run)
