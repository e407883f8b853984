"""`mha quiz`: reads its arguments and hands over.

It stands on argparse and imports what is slow only where it is used, so that the first question comes at once; the
command line of the rest of the course takes longer to import than this whole program.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from ..problem import Problem
from .export import FORMATS, write_export


def run(arguments: Sequence[str], prog: str = "mha quiz") -> None:
    """Do what the arguments ask for.

    Raises Problem for what the user can put right, and SystemExit(2) with a sentence on stderr for a wrong argument.
    """
    if arguments and arguments[0] == "export":
        _export(_export_parser(f"{prog} export").parse_args(arguments[1:]))
        return
    parser = _parser(prog)
    given = parser.parse_args(arguments)
    if given.html is not None:
        asking = ("difficulty", "seed", "count", "review", "known")
        unused = [f"--{name}" for name in asking if getattr(given, name) != parser.get_default(name)]
        if unused:
            parser.error(f"{', '.join(unused)} cannot go with --html: on the page everyone chooses for themselves")
        _write_page(given.unit, given.html, given.lessons)
    elif given.known:
        _show_known(given.unit)
    else:
        _ask_in_terminal(prog, given.unit, given.difficulty, given.seed, given.count, given.review)


def _parser(prog: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=prog,
        description="Ask questions on multi-head attention, explain each answer, and say what to read next.",
        epilog=f"For a learning platform: {prog} export --help.",
        allow_abbrev=False,
    )
    parser.add_argument("unit", nargs="?", help="a unit, such as one_head; without one, the whole course")
    parser.add_argument(
        "--difficulty", type=_whole(1, 3), metavar="N", help="only questions this hard: 1 easy, 2 medium or 3 hard"
    )
    parser.add_argument("--seed", type=_whole(), metavar="N", help="ask the same questions with the same numbers again")
    parser.add_argument("--count", type=_whole(1), default=10, metavar="N", help="how many questions, 10 by default")
    parser.add_argument("--review", action="store_true", help="ask what is due today, before it is forgotten")
    parser.add_argument("--known", action="store_true", help="show what you know, concept by concept")
    parser.add_argument("--html", type=Path, metavar="DIR", help="write the quiz as a web page instead")
    parser.add_argument("--lessons", metavar="URL", help="with --html: where the lessons are; written along otherwise")
    return parser


def _export_parser(prog: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=prog, description="Write the questions for a learning platform.", allow_abbrev=False
    )
    parser.add_argument(
        "--format",
        choices=FORMATS,
        required=True,
        help="Moodle XML, QTI 1.2 for Canvas, QTI 2.1 or QTI 3 (a .zip each), an Anki deck (an .apkg), or a table",
    )
    parser.add_argument("--unit", help="only this unit, such as one_head")
    parser.add_argument("file", type=Path, metavar="FILE", help="the file to write")
    return parser


def _whole(least: int | None = None, most: int | None = None) -> Callable[[str], int]:
    """A reader of whole numbers between two bounds, either of which may be missing."""

    def read(written: str) -> int:
        between = f" from {least}" if least is not None else ""
        between += f" to {most}" if most is not None else ""
        try:
            number = int(written)
        except ValueError:
            number = None
        if number is None or (least is not None and number < least) or (most is not None and number > most):
            raise argparse.ArgumentTypeError(f"give a whole number{between}, not '{written}'")
        return number

    return read


def _ask_in_terminal(
    prog: str, unit: str | None, difficulty: int | None, seed: int | None, count: int, review: bool
) -> None:
    from rich.console import Console

    from .bank import load_bank
    from .progress import QuizProgress, progress_file
    from .terminal.keys import keys_for
    from .terminal.session import choose, choose_due, closing, run

    console = Console(highlight=False, soft_wrap=False, emoji=False)
    bank = load_bank(only=unit)
    progress = QuizProgress(progress_file())
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
        words = [prog, *([unit] if unit else []), *([f"--difficulty {difficulty}"] if difficulty else [])]
        words += [f"--count {count}"] if count != 10 else []
        console.print(f"The same questions again: {' '.join(words)} --seed {seed}")


def _show_known(unit: str | None) -> None:
    from rich.console import Console

    from .bank import load_bank
    from .progress import QuizProgress, progress_file
    from .terminal import show

    console, progress = Console(highlight=False, emoji=False), QuizProgress(progress_file())
    for notice in progress.notices:
        console.print(notice, style="yellow")
    show.known(console, load_bank(only=unit), progress.records, date.today())
    console.print(f"\nKept in {progress.path}, a file that the quiz's page can open.", style="dim", soft_wrap=True)


def _write_page(unit: str | None, folder: Path, lessons: str | None) -> None:
    from .bank import load_bank
    from .page import write_page

    page = write_page(load_bank(only=unit), folder, lessons and lessons.rstrip("/") + "/")
    print(f"Wrote {page} ({page.stat().st_size // 1000} kB). Open it in a browser, or put it on any web server.")


def _export(given: argparse.Namespace) -> None:
    from .bank import load_bank

    bank = load_bank(only=given.unit)
    changed = write_export(bank, given.format, given.file)
    print(f"Wrote {len(bank.questions)} questions to {given.file}.", *changed, sep="\n")


def main() -> None:
    """Run the quiz by itself; what the user can put right ends in a sentence and exit code 2."""
    try:
        run(sys.argv[1:], "python -m autograder.quiz")
    except (Problem, OSError) as problem:
        print(problem, file=sys.stderr)
        sys.exit(2)
