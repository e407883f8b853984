"""`mha show one_head.scores`: what a question checks."""

from __future__ import annotations

from typing import Annotated

import typer


def run(
    name: Annotated[str, typer.Argument(metavar="QUESTION|UNIT", help="one_head.scores, or one_head for all.")],
) -> None:
    """Print what a question checks: facets with their share of the points, the mistakes it knows, where it lives."""
    from .. import course
    from ..checks import home, question, questions
    from ..marking import describe

    asked = [question(name)] if "." in name else list(questions(course.read().unit(name).short).values())
    for i, one in enumerate(asked):
        found = describe(one)
        lines = [
            f"{found.question}: {found.title}, {found.points:g} point{'s' * (found.points != 1)}",
            *(f"  {100 * share:3.0f} %  {title}" for title, share in found.facets),
            f"  Lesson: {found.read}",
            f"  Checked in: {home(found.question.partition('.')[0])}",
            "  Mistakes it can name:" if found.mistakes else "  It names no mistakes.",
            *(f"    {m.name}: {m.says}" for m in found.mistakes),
        ]
        typer.echo(("\n" if i else "") + "\n".join(lines))
