"""`mha grade DIR [UNIT …]`: grade what was handed in, and print the table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from ..classroom.directory import CourseDirectory
    from ..grading import Graded, HandedIn, Run


class Isolation(StrEnum):
    """How submissions are shut in; see autograder.grading.Settings."""

    AUTO = "auto"
    NESTED = "nested"
    ONCE = "once"
    NONE = "none"


def run(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A course directory, made by `mha init`.")],
    units: Annotated[list[str] | None, typer.Argument(metavar="UNIT", help="Which units (default: all).")] = None,
    regrade: Annotated[
        bool, typer.Option("--regrade", help="Grade everything again, and show whose marks would change first.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="With --regrade: write without asking.")] = False,
    feedback: Annotated[bool, typer.Option("--feedback", help="Make feedback pages for what was graded.")] = False,
    jobs: Annotated[
        int | None, typer.Option("--jobs", min=1, metavar="N", help="Submissions at a time (default: all cores).")
    ] = None,
    isolation: Annotated[
        Isolation | None,
        typer.Option("--isolation", help="How submissions are shut in; none is for code that is trusted."),
    ] = None,
    cluster: Annotated[
        str | None, typer.Option("--cluster", metavar="ADDRESS", help="Run submissions on this Dask cluster.")
    ] = None,
) -> None:
    """Grade what lies under DIR/submitted/ and print marks and mistakes. Without --regrade only what is new is graded:
    a new or changed submission, or one whose checks have changed.
    """
    from ..classroom.directory import CourseDirectory
    from ..grading.locks import course_lock
    from .bar import console

    directory = CourseDirectory.open(folder)
    chosen = directory.select(units or [])
    if not chosen:
        raise typer.BadParameter(f"{folder} has no units yet: `mha init {folder}` adds them.")
    on = console()
    with directory.grading(isolation, jobs, cluster) as run_, course_lock(directory.root, on.print):
        todo = run_.all(chosen)
        done = _regrade(run_, todo, yes, on) if regrade else grade(run_, run_.new(todo), on)
    if feedback and done:
        make_feedback(directory, done, on)
    show_class(directory, chosen, on)


def grade(run: Run, todo: Sequence[HandedIn], on: Console) -> list[Graded]:
    """Grade these submissions, with a progress bar, and say which marks changed."""
    from ..classroom.table import submissions
    from .bar import progress

    done = list(progress(run.write(run.execute(todo)), len(todo), "Grading", on))
    again = [g for g in done if g.before is not None and g.before != g.after]
    on.print(f"{submissions(len(done))} graded." if done else "Nothing new to grade.")
    if again:
        on.print(_changes(again))
    return done


def _regrade(run: Run, todo: Sequence[HandedIn], yes: bool, on: Console) -> list[Graded]:
    from ..classroom.regrade import rehearsal
    from ..classroom.table import submissions
    from .bar import progress

    with rehearsal(run, todo) as rehearsed:
        changed = [g for g in progress(rehearsed.changes(), len(todo), "Grading again", on) if g.before != g.after]
        if changed:
            on.print(_changes(changed))
        else:
            on.print(f"{submissions(len(todo))} graded again; no mark changes.")
        if changed and not yes and not typer.confirm(f"Write these {len(changed)} changes?", default=False):
            on.print("Nothing was written.")
            return []
        done = list(rehearsed.write())
    on.print("Written. Scores and comments given by people were kept.")
    return done


def _changes(changed: Iterable[Graded]) -> object:
    from rich.table import Table

    from ..classroom.table import plain

    table = Table(title="Marks that change, before any late penalty", title_justify="left")
    for column in ("Learner", "Unit", "Before", "After", "Change"):
        table.add_column(column, justify="left" if column in ("Learner", "Unit") else "right")
    for one in changed:
        before = "–" if one.before is None else f"{one.before:g}"
        by = f"{one.after - (one.before or 0):+g}"
        table.add_row(plain(one.handed_in.learner), plain(one.handed_in.unit), before, f"{one.after:g}", by)
    return table


def make_feedback(directory: CourseDirectory, done: Iterable[Graded], on: Console) -> None:
    """Feedback pages for what could be graded."""
    from ..classroom.feedback import generate_feedback
    from ..classroom.table import plain
    from .bar import progress

    todo = [g.handed_in for g in done if g.record.findings.status not in ("missing", "failed")]
    for one, why_not in progress(generate_feedback(directory, todo), len(todo), "Feedback", on):
        if why_not:
            on.print(plain(f"No feedback for {one.learner}, {one.unit}: {why_not}"))


def show_class(directory: CourseDirectory, units: Iterable[str], on: Console) -> None:
    """Print the marks of a class, the mistakes found, and what a person should know."""
    from ..classroom.results import results
    from ..classroom.strays import strays
    from ..classroom.table import LEGEND, marks_table, mistakes_table, notes

    found = results(directory, units)
    if not found:
        on.print(f"No learners yet. Put submissions into {directory.submitted('LEARNER', 'UNIT')}/.", markup=False)
        return
    on.print(marks_table(found))
    on.print(LEGEND)
    mistakes = mistakes_table(found)
    if mistakes is not None:
        on.print(mistakes)
    for note in [*notes(found), *strays(directory)]:
        on.print(note, markup=False, soft_wrap=True)
