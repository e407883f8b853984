"""`mha export DIR`: marks and feedback for other systems."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from ..classroom.directory import CourseDirectory
    from ..classroom.export.gradebook import Sheet
    from ..classroom.export.ledger import Ledger


class ExportFormat(StrEnum):
    """What is written."""

    CSV = "csv"
    XLSX = "xlsx"
    CANVAS = "canvas"
    MOODLE = "moodle"


def run(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A course directory, made by `mha init`.")],
    kind: Annotated[
        ExportFormat,
        typer.Option("--format", help="Marks per question (csv), a workbook (xlsx), or a platform's gradebook file."),
    ] = ExportFormat.CSV,
    fill: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The platform's gradebook as downloaded, to fill in (canvas, moodle)."),
    ] = None,
    feedback: Annotated[
        str | None,
        typer.Option(
            metavar="UNIT", help="Write this unit's feedback pages instead, as a zip to upload (canvas, moodle)."
        ),
    ] = None,
    to: Annotated[Path | None, typer.Option(help="The file to write (default: DIR/marks.csv and the like).")] = None,
) -> None:
    """Write marks per question, per unit and in total, or feedback pages, for a spreadsheet, Canvas or Moodle."""
    from ..classroom import policy
    from ..classroom.directory import CourseDirectory
    from ..classroom.export.ledger import ledger
    from ..classroom.export.questions import write_csv
    from ..classroom.export.workbook import write_workbook
    from ..classroom.results import results

    platform = kind in (ExportFormat.CANVAS, ExportFormat.MOODLE)
    if (fill is not None or feedback is not None) and not platform:
        raise typer.BadParameter("--fill and --feedback go with --format canvas or --format moodle.")
    directory = CourseDirectory.open(folder)
    if feedback is not None:
        _write_feedback(directory, directory.select([feedback])[0], kind, to)
        return
    found = results(directory, directory.units)
    book = ledger(found, policy.read(directory.root))
    path = to or directory.root / (f"{kind}.csv" if platform else f"marks.{kind}")
    if platform:
        sheet = _sheet(book, kind, fill)
        path.write_text(sheet.text(), encoding="utf-8", newline="")
        if sheet.left_out:
            typer.echo(f"Not in {fill}, and left out: {', '.join(one.id for one in sheet.left_out)}.", err=True)
        if book.waiting:
            typer.echo(f"Units that wait for a person, their marks left empty: {book.waiting}.", err=True)
    elif kind == ExportFormat.XLSX:
        write_workbook(path, book, found)
    else:
        write_csv(path, found)
    typer.echo(str(path))


def _sheet(book: Ledger, kind: ExportFormat, fill: Path | None) -> Sheet:
    from .. import course
    from ..classroom.export.gradebook import filled, new
    from ..classroom.export.lms import CANVAS, MOODLE

    lms = CANVAS if kind == ExportFormat.CANVAS else MOODLE
    if fill is None:
        return new(book, lms)
    return filled(book, lms, fill, {unit.name: unit.title for unit in course.read().units})


def _write_feedback(directory: CourseDirectory, unit: str, kind: ExportFormat, to: Path | None) -> None:
    from ..classroom.export.feedback_zip import feedback_zip
    from ..classroom.results import results

    path = to or directory.root / f"feedback-{kind}-{unit}.zip"
    learners = [one.learner for one in results(directory, [unit])]
    written, without = feedback_zip(directory, unit, learners, path)
    if without:
        typer.echo(f"No one file of the download is of: {', '.join(without)}. Their pages are left out.", err=True)
    typer.echo(f"{path}: {written} pages")
