"""`mha quiz`: a typer application that the course's command mounts. What is slow to import is imported where it is used."""

from __future__ import annotations

import random
import sys
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from ..problem import Problem


class Format(StrEnum):
    """What the bank can be exported as."""

    moodle = "moodle"
    qti3 = "qti3"
    csv = "csv"


class _AsksByDefault(TyperGroup):
    """A group in which `mha quiz one_head` asks, as if the command's name stood there."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if not args or args[0] not in self.commands:
            args = ["ask", *args]
        return super().parse_args(ctx, args)


class _Unnamed(TyperCommand):
    """The command that is run without being named, so its usage does not name it."""

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        formatter.write_usage(ctx.parent.command_path, " ".join(self.collect_usage_pieces(ctx)))


app = typer.Typer(cls=_AsksByDefault, add_completion=False, rich_markup_mode=None)

Unit = Annotated[str | None, typer.Argument(help="A unit, such as one_head; without one, the whole course.")]


@app.command(cls=_Unnamed, epilog="Another command: mha quiz export --help.")
def ask(
    unit: Unit = None,
    difficulty: Annotated[int | None, typer.Option(min=1, max=3, help="Only questions this hard.")] = None,
    seed: Annotated[int | None, typer.Option(help="Ask the same questions with the same numbers again.")] = None,
    count: Annotated[int, typer.Option(min=1, help="How many questions.")] = 10,
    review: Annotated[bool, typer.Option("--review", help="What was wrong before and is due today.")] = False,
    html: Annotated[Path | None, typer.Option(metavar="DIR", help="Write the quiz as a web page instead.")] = None,
) -> None:
    """Ask questions on multi-head attention, explain each answer, and say what to read next."""
    if html is not None:
        _write_page(html)
    else:
        _ask_in_terminal(unit, difficulty, seed, count, review)


@app.command()
def export(
    file: Annotated[Path, typer.Argument(help="The file to write.")],
    format: Annotated[Format, typer.Option(help="Moodle XML, a QTI 3 package, or a table.")],
    unit: Annotated[str | None, typer.Option(help="Only this unit.")] = None,
) -> None:
    """Write the questions for a learning platform."""
    from .bank import load_bank
    from .export import write_export

    bank = load_bank(only=unit)
    write_export(bank, format.value, file)
    typer.echo(f"Wrote {len(bank.questions)} questions to {file}.")


def _ask_in_terminal(unit: str | None, difficulty: int | None, seed: int | None, count: int, review: bool) -> None:
    from rich.console import Console

    from .bank import load_bank
    from .progress import Progress, progress_file
    from .terminal.keys import keys_for
    from .terminal.session import choose, choose_due, closing, run

    console = Console(highlight=False, soft_wrap=False)
    bank = load_bank(only=unit)
    progress = Progress(progress_file())
    while progress.notices:
        console.print(progress.notices.pop(0), style="yellow")
    seed = random.randrange(1, 100_000) if seed is None else seed
    today = date.today()
    if review:
        questions = choose_due(bank, progress, difficulty=difficulty, count=count, today=today)
        if not questions:
            console.print("There is nothing to review here today.")
            closing(console, progress, today)
            return
    else:
        questions = choose(bank, difficulty=difficulty, seed=seed, count=count)
    with keys_for(console) as keys:
        run(console, keys, bank, questions, progress, seed)
    closing(console, progress, today)
    if not review:
        words = ["mha quiz", *([unit] if unit else []), *([f"--difficulty {difficulty}"] if difficulty else [])]
        words += [f"--count {count}"] if count != 10 else []
        console.print(f"The same questions again: {' '.join(words)} --seed {seed}")


def _write_page(folder: Path) -> None:
    from .bank import load_bank
    from .page import write_page

    page = write_page(load_bank(), folder)
    typer.echo(f"Wrote {page} ({page.stat().st_size // 1000} kB). Open it in a browser, or put it on any web server.")


def main() -> None:
    """Run the quiz by itself; what the user can put right ends in a sentence and exit code 2."""
    try:
        app(prog_name="python -m autograder.quiz")
    except (Problem, OSError) as problem:
        print(problem, file=sys.stderr)
        sys.exit(2)
