"""Marks as a workbook for a spreadsheet: units and total, comments, and questions. Text stays text: nothing in it is a formula."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from ...sandbox.outputs import one_line
from ..results import LearnerResult
from .ledger import LONGEST_COMMENT, Ledger
from .questions import COLUMNS, lines

WHO = ("id", "last name", "first name", "email", "LMS user id")


def write_workbook(path: Path, ledger: Ledger, results: Iterable[LearnerResult]) -> None:
    """Three sheets: marks per unit with the total, what the mistakes are, and a line per learner and question."""
    import xlsxwriter

    units = [*ledger.points]
    with xlsxwriter.Workbook(
        path, {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    ) as book:
        marks = [[*who, *(line.marks.get(unit, "") for unit in units), line.total] for line, who in _who(ledger)]
        points = ["points", "", "", "", "", *ledger.points.values(), sum(ledger.points.values())]
        _sheet(book, "Marks", [*WHO, *units, "total"], [points, *marks])
        comments = [[*who, *(line.comments.get(unit, "") for unit in units)] for line, who in _who(ledger)]
        _sheet(book, "Comments", [*WHO, *units], comments)
        _sheet(book, "Questions", COLUMNS, (line for one in results for line in lines(one)))


def _who(ledger: Ledger) -> Iterable[tuple[Any, list[str]]]:
    for line in ledger.lines:
        one = line.learner
        yield line, [one.id, one.last_name, one.first_name, one.email, one.lms_user_id]


def _sheet(book: Any, name: str, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    sheet.write_row(0, 0, heads, book.add_format({"bold": True}))
    for place, row in enumerate(rows, 1):
        for column, value in enumerate(row):
            if isinstance(value, int | float):
                sheet.write_number(place, column, value)
            elif value:
                sheet.write_string(place, column, one_line(value, LONGEST_COMMENT))
