"""A gradebook file for Canvas or Moodle: a new one, or the one they let us download, filled in."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ...problem import Problem
from ...sandbox.outputs import csv_cell
from ..results import Learner
from .ledger import LONGEST_COMMENT, Ledger, LedgerLine
from .lms import Lms

READ_ONLY = "(read only)"
PLATFORMS_OWN = ("", "-", READ_ONLY, "Points Possible", "Manual Posting")
Row = list[str]


@dataclass(frozen=True)
class Sheet:
    """Rows for the platform, the first one of headings; and learners who have marks and are not in them."""

    rows: Sequence[Row]
    left_out: tuple[Learner, ...] = ()

    def text(self) -> str:
        """The file's text. What a spreadsheet would take for a formula is defused."""
        file = io.StringIO()
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerows([_cell(value) for value in row] for row in self.rows)
        return file.getvalue()


def new(ledger: Ledger, lms: Lms) -> Sheet:
    """A file with everybody of the gradebook."""
    units = [*ledger.points]
    heads = [*lms.who, *(lms.marks.format(unit=unit) for unit in units)]
    heads += [lms.comments.format(unit=unit) for unit in units if lms.comments]
    rows: list[Row] = [[*heads, lms.total]]
    if lms.points:
        points = [f"{ledger.points[unit]:g}" for unit in units]
        rows.append([f"    {lms.points}", *[""] * (len(lms.who) - 1), *points, READ_ONLY])
    for line in ledger.lines:
        comments = [line.comments.get(unit, "") for unit in units if lms.comments]
        rows.append(
            [
                *(name(line.learner) for name in lms.who.values()),
                *(_marks(line, unit) for unit in units),
                *comments,
                f"{line.total:g}",
            ]
        )
    return Sheet(rows)


def filled(ledger: Ledger, lms: Lms, path: Path, titles: Mapping[str, str]) -> Sheet:
    """The file that the platform let us download, with the marks of the units whose columns it has.

    titles  what else a unit may be called there, by name
    Everything else in the file stays as it is. Raises Problem where it is no such file.
    """
    rows = _read(path)
    columns = _columns(rows, lms, path, [*ledger.points], titles)
    lines, places = _finder(ledger, lms, rows[0])
    found: set[Learner] = set()
    for row in rows[1:]:
        line = next((lines[key] for key in _keys(row, places) if key in lines), None)
        if line is None or line.learner in found:
            continue
        found.add(line.learner)
        row += [""] * (len(rows[0]) - len(row))
        for unit, (place, comments) in columns.items():
            if unit in line.marks:
                row[place] = _marks(line, unit)
            if comments is not None and line.comments.get(unit):
                row[comments] = line.comments[unit]
    return Sheet(rows, tuple(line.learner for line in ledger.lines if line.marks and line.learner not in found))


def _marks(line: LedgerLine, unit: str) -> str:
    return f"{line.marks[unit]:g}" if unit in line.marks else ""


def _cell(value: str) -> str:
    """Numbers, and what the platform itself writes for no mark and for its points, stay; a text is defused."""
    if value.strip() in PLATFORMS_OWN:
        return value
    try:
        float(value)
    except ValueError:
        return csv_cell(value, LONGEST_COMMENT)
    return value


def _read(path: Path) -> list[Row]:
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise Problem(f"{path} cannot be read: {error}. Give the gradebook as it was downloaded, a CSV file.") from None
    first = text.partition("\n")[0]
    divider = max(",;\t", key=first.count)
    rows = [row for row in csv.reader(io.StringIO(text), delimiter=divider) if any(row)]
    if not rows:
        raise Problem(f"{path} is empty. Give the gradebook as it was downloaded.")
    return rows


def _columns(
    rows: Sequence[Row], lms: Lms, path: Path, units: Sequence[str], titles: Mapping[str, str]
) -> dict[str, tuple[int, int | None]]:
    """Where each unit's marks are, and its comments if the file has a column for them."""
    called = {
        name.casefold(): unit for unit in units for name in (unit, unit.partition("_")[2], titles.get(unit, unit))
    }
    found: dict[str, tuple[int, int | None]] = {}
    comments = (
        {lms.comments.format(unit=name).casefold(): unit for name, unit in called.items()} if lms.comments else {}
    )
    told = {
        comments[head.rpartition(": ")[2].casefold()]: i
        for i, head in enumerate(rows[0])
        if head.rpartition(": ")[2].casefold() in comments
    }
    for place, head in enumerate(rows[0]):
        match = lms.heading.fullmatch(head.strip())
        unit = called.get(match["unit"].casefold()) if match else None
        if unit is not None and unit not in found:
            found[unit] = (place, told.get(unit))
    if not found:
        raise Problem(
            f"{path} has no column for any of: {', '.join(units)}. Name the platform's assignments like the units, and "
            "download its gradebook again."
        )
    return found


def _finder(ledger: Ledger, lms: Lms, heads: Row) -> tuple[Mapping[tuple[int, str], LedgerLine], Sequence[int]]:
    """Lines by place and content of the cell that names the learner; and those places, the surest first.

    What names two learners names none.
    """
    lines: dict[tuple[int, str], LedgerLine] = {}
    twice: set[tuple[int, str]] = set()
    places = [(heads.index(column), name) for column, name in lms.known_by if column in heads]
    for line in ledger.lines:
        for place, name in places:
            key = (place, name(line.learner).strip().casefold())
            if key[1] and lines.setdefault(key, line) is not line:
                twice.add(key)
    return {key: line for key, line in lines.items() if key not in twice}, list(dict.fromkeys(p for p, _ in places))


def _keys(row: Row, places: Sequence[int]) -> list[tuple[int, str]]:
    return [(place, row[place].strip().casefold()) for place in places if place < len(row)]
