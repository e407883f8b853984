"""`mha report DIR`: what the class understood."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from ..classroom.report.understood import Understood

MOST_SHOWN = 10


class ReportFormat(StrEnum):
    """What is written: the page, everything as JSON, or a line per question as CSV."""

    HTML = "html"
    JSON = "json"
    CSV = "csv"


def run(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A course directory, made by `mha init`.")],
    units: Annotated[list[str] | None, typer.Argument(metavar="UNIT", help="Which units (default: all).")] = None,
    kind: Annotated[
        ReportFormat, typer.Option("--format", help="The page, everything as JSON, or a line per question as CSV.")
    ] = ReportFormat.HTML,
    anonymous: Annotated[
        bool, typer.Option("--anonymous", help="Pseudonyms instead of names, always the same.")
    ] = False,
) -> None:
    """Write DIR/report/index.html: the class, its mistakes, how well questions measure, and each learner. Nothing is graded.
    JSON and CSV go to DIR/report/ too.
    """
    import json

    from ..classroom.directory import CourseDirectory
    from ..classroom.report.page import page
    from ..classroom.report.understood import understood
    from ..sandbox.outputs import csv_cell
    from .bar import console

    directory = CourseDirectory.open(folder)
    found = understood(directory, directory.select(units or []), anonymous)
    place = directory.root / "report"
    place.mkdir(exist_ok=True)
    path = place / ("index.html" if kind == ReportFormat.HTML else f"report.{kind}")
    if kind == ReportFormat.HTML:
        path.write_text(page(found, f"What the class understood: {directory.course.course_id}"), encoding="utf-8")
    elif kind == ReportFormat.JSON:
        path.write_text(json.dumps(found.as_data(), indent=1), encoding="utf-8")
    else:
        import csv

        columns = ["unit", "question", "answers", "attempted", "hand_ins", "facility", "discrimination", "alpha"]
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, [*columns, "failing_seconds", "remark"], extrasaction="ignore")
            writer.writeheader()
            for item in found.as_data()["items"]:
                writer.writerow({k: csv_cell(v) if isinstance(v, str) else v for k, v in item.items()})
    _show(found, console())
    typer.echo(str(path))


def _show(found: Understood, on: Console) -> None:
    """The short form: the units, and the most frequent mistakes."""
    from rich.table import Table

    from ..classroom.table import plain

    table = Table()
    for column in ("Unit", "Handed in", "Median", "Late", "Not graded"):
        table.add_column(column, justify="left" if column == "Unit" else "right")
    for unit in found.units:
        median = "–" if unit.quartiles is None else f"{unit.quartiles[1]:.0%}"
        table.add_row(
            plain(unit.name), f"{unit.handed_in} of {unit.learners}", median, str(unit.late), str(unit.failed)
        )
    on.print(table)
    for one in found.overall[:MOST_SHOWN]:
        on.print(plain(f"{one.learners} of {one.of}  {one.name}: {', '.join(asked for asked, _ in one.questions)}"))
    if len(found.overall) > MOST_SHOWN:
        on.print(f"{len(found.overall) - MOST_SHOWN} more mistakes are in the report.")
    if found.pairs:
        on.print(f"{len(found.pairs)} pairs of submissions have much code in common; the report shows them.")
