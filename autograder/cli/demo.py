"""`mha demo`: the main job from start to end, on the class shipped with the course."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer


def run(
    folder: Annotated[
        Path | None,
        typer.Argument(metavar="DIR", help="Where the results go (default: build/demo, or your data folder)."),
    ] = None,
    units: Annotated[list[str] | None, typer.Argument(metavar="UNIT", help="Which units (default: all).")] = None,
) -> None:
    """Make a course directory, hand in the shipped class's answers, grade them, make feedback, and print the table."""
    from .. import course
    from ..classroom.demo import default_folder, prepare
    from ..classroom.export.questions import write_csv
    from ..classroom.results import results
    from ..classroom.table import submissions
    from ..sandbox import IsolationUnavailable
    from .bar import console
    from .grade import grade, make_feedback, show_class

    on = console()
    manifest = course.read()
    folder = folder or default_folder()
    directory = prepare(folder, manifest, manifest.select(units or []))
    with ExitStack() as stack:
        run = stack.enter_context(directory.grading())
        try:
            run.isolation()
        except IsolationUnavailable as error:
            on.print(f"{error}\nThe shipped class is trusted: it is graded without isolation.", markup=False)
            run = stack.enter_context(directory.grading("none"))
        todo = run.new(run.all(directory.units))
        on.print(f"{submissions(len(todo))} of {len(directory.units)} unit{'s' * (len(directory.units) != 1)}.")
        done = grade(run, todo, on)
    make_feedback(directory, done, on)
    show_class(directory, directory.units, on)
    marks = directory.root / "marks.csv"
    write_csv(marks, results(directory, directory.units))
    on.print(f"\nResults: {directory.root}", markup=False, soft_wrap=True)
    on.print(f"  {marks.name}: marks per question\n  gradebook.db: nbgrader's gradebook", markup=False)
    on.print("  feedback/: a page for every learner and unit\n  records/: what was found, as JSON", markup=False)
