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
    learner: Annotated[
        str | None,
        typer.Option("--learner", metavar="ID", help="Grade and show this learner only, with every mistake."),
    ] = None,
    regrade: Annotated[
        bool, typer.Option("--regrade", help="Grade everything again, and show whose marks would change first.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Write changed marks without asking.")] = False,
    everyone: Annotated[bool, typer.Option("--all", help="Show also those who handed in nothing.")] = False,
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
    """Grade what lies under DIR/submitted/ and print marks and mistakes. Without --regrade only what is new is graded. Where
    marks that stand already would change, by a mended check, a late policy or an extension, that is shown first.
    """
    from ..classroom.directory import CourseDirectory
    from ..grading.locks import course_lock
    from ..problem import Problem
    from .bar import console

    directory = CourseDirectory.open(folder)
    chosen = directory.select(units or [])
    if not chosen:
        raise typer.BadParameter(f"{folder} has no units yet: `mha init {folder}` adds them.")
    on = console()
    with directory.grading(isolation, jobs, cluster) as run_, course_lock(directory.root, on.print):
        todo = [one for one in run_.all(chosen) if learner in (None, one.learner)]
        if learner is not None and not todo:
            raise Problem(f"There is nothing of {learner!r} in {directory.submitted('LEARNER', 'UNIT').parent.parent}.")
        new = todo if regrade else run_.new(todo)
        again = [one for one in new if run_.was_graded(one)]
        done = (
            grade(run_, [one for one in new if one not in set(again)], on) if len(again) < len(new) or not new else []
        )
        if again:
            done += grade_again(run_, again, yes, on)
    if feedback and done:
        make_feedback(directory, done, on)
    show_class(directory, chosen, on, learner, everyone)


def grade(run: Run, todo: Sequence[HandedIn], on: Console) -> list[Graded]:
    """Grade these submissions, with a progress bar, and say which marks changed and who was added to the gradebook."""
    from ..classroom.table import plain, submissions
    from .bar import progress

    before = _learners(run)
    done = list(progress(run.write(run.execute(todo)), len(todo), "Grading", on))
    handed_in_again = [g for g in done if g.before is not None and g.before != g.after]
    on.print(f"{submissions(len(done))} graded." if done else "Nothing new to grade.")
    if handed_in_again:
        on.print(_changes(handed_in_again))
    if added := sorted(_learners(run) - before):
        on.print(plain(f"Added to the gradebook, because they have a folder under submitted/: {', '.join(added)}."))
    return done


def _learners(run: Run) -> set[str]:
    with run.course.gradebook() as gradebook:
        return {student.id for student in gradebook.students}


def grade_again(run: Run, todo: Sequence[HandedIn], yes: bool, on: Console) -> list[Graded]:
    """Grade again what has marks; show what the gradebook would say, and write it if a person agrees.

    Raises Problem where there is nobody to ask.
    """
    from ..classroom.regrade import rehearsal
    from ..classroom.table import submissions
    from .bar import progress

    with rehearsal(run, todo) as rehearsed:
        changed = [g for g in progress(rehearsed.changes(), len(todo), "Grading again", on) if g.before != g.after]
        if changed:
            on.print(_changes(changed))
            question = f"Write these {len(changed)} changes?"
        else:
            on.print(f"{submissions(len(todo))} graded again; no mark changes.")
            question = "Write the new reports and records?"
        if not yes and not _agrees(question):
            on.print("Nothing was written.")
            return []
        done = list(rehearsed.write())
    on.print("Written. Scores and comments given by people were kept.")
    return done


def _agrees(question: str) -> bool:
    from ..problem import Problem

    try:
        return typer.confirm(question, default=False)
    except typer.Abort:
        raise Problem("Nothing of this was written, because nobody answered. --yes writes without asking.") from None


def _changes(changed: Iterable[Graded]) -> object:
    from rich.table import Table

    from ..classroom.table import plain

    table = Table(title="Marks that change, late penalties taken off", title_justify="left")
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


def show_class(
    directory: CourseDirectory, units: Iterable[str], on: Console, learner: str | None = None, everyone: bool = False
) -> None:
    """Print marks, mistakes, and what a person should know: of the class, or of one learner."""
    from ..classroom import policy
    from ..classroom.results import results
    from ..classroom.strays import strays
    from ..classroom.table import LEGEND, class_mistakes, learners_mistakes, marks_table, notes, who_handed_in

    found = [one for one in results(directory, units) if learner in (None, one.learner.id)]
    shown = found if everyone else who_handed_in(found)
    if not shown:
        on.print(f"Nothing was handed in yet. Put it into {directory.submitted('LEARNER', 'UNIT')}/.", markup=False)
        return
    on.print(marks_table(shown, policy.read(directory.root)))
    on.print(LEGEND)
    if len(shown) < len(found):
        learners = len({one.learner for one in found}) - len({one.learner for one in shown})
        on.print(f"{learners} of the gradebook's learners handed in nothing for these units; --all lists them.")
    mistakes = class_mistakes(shown) if learner is None else learners_mistakes(shown)
    if mistakes is not None:
        on.print(mistakes)
    if mistakes is not None and learner is None:
        on.print("--learner ID shows one learner's.")
    for note in [*notes(shown), *(strays(directory) if learner is None else [])]:
        on.print(note, markup=False, soft_wrap=True)
