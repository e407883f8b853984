"""`mha extend DIR LEARNER UNIT DATE`: a due date of one learner's own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def run(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A course directory, made by `mha init`.")],
    learner: Annotated[str, typer.Argument(metavar="LEARNER", help="The learner's id in the gradebook.")],
    unit: Annotated[str, typer.Argument(metavar="UNIT", help="The unit.")],
    due: Annotated[str, typer.Argument(metavar="DATE", help='Until when, like "2027-02-08 18:00 UTC".')],
) -> None:
    """Give a learner until DATE for a unit, before or after they hand in. The next `mha grade` shows what that changes."""
    from ..classroom import extensions
    from ..classroom.directory import CourseDirectory
    from ..problem import Problem

    directory = CourseDirectory.open(folder)
    (chosen,) = directory.select([unit])
    date = extensions.when(due, "The date")
    with directory.course.gradebook() as gradebook:
        if learner not in {student.id for student in gradebook.students}:
            raise Problem(
                f"There is no learner {learner!r} in the gradebook. `nbgrader db student list` shows the ids."
            )
        usual = gradebook.find_assignment(chosen).duedate
    if usual is None:
        raise Problem(
            f"{chosen} has no due date that could be extended. Set one first: "
            f'nbgrader db assignment add {chosen} --duedate "2027-02-01 18:00 UTC"'
        )
    if date < usual:
        raise Problem(f"{date} UTC is before {chosen} is due for everybody, {usual} UTC. Give a later date.")
    extensions.grant(directory.root, chosen, learner, date)
    typer.echo(f"{learner} has until {date} UTC for {chosen}. {extensions.NAME} lists all such dates.")
