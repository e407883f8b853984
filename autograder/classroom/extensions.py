"""Dates of single learners: extensions.csv in the course directory, with the columns learner, unit and due."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from nbgrader.utils import parse_utc

from ..problem import Problem

NAME = "extensions.csv"
COLUMNS = ["learner", "unit", "due"]


def read(root: Path) -> Mapping[tuple[str, str], datetime]:
    """When each learner's work for a unit is due (UTC), by unit and learner, where that is a date of their own.

    Raises Problem, with the line, where the file cannot be read.
    """
    path = root / NAME
    if not path.is_file():
        return {}
    with path.open(newline="", encoding="utf-8-sig") as file:
        lines = csv.DictReader(file)
        if missing := set(COLUMNS) - set(lines.fieldnames or []):
            raise Problem(f"{path} has no column {', '.join(sorted(missing))}. Its first line is: {','.join(COLUMNS)}")
        return {
            (line["unit"].strip(), line["learner"].strip()): when(line["due"], f"{path}, line {lines.line_num}")
            for line in lines
            if line["learner"]
        }


def grant(root: Path, unit: str, learner: str, due: datetime) -> None:
    """Enter a learner's own date; an earlier one for the same unit is replaced."""
    dates = {**read(root), (unit, learner): due}
    fresh = root / f".{NAME}.new"
    with fresh.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows([one, of, f"{at:%Y-%m-%d %H:%M:%S} UTC"] for (of, one), at in sorted(dates.items()))
    fresh.replace(root / NAME)


def when(text: str | None, place: str) -> datetime:
    """A date as nbgrader reads it. Raises Problem, naming the place, where it is none."""
    try:
        found: datetime = parse_utc((text or "").strip())
    except Exception:
        raise Problem(f'{place}: {text!r} is no date. Write it like "2027-02-08 18:00 UTC".') from None
    return found
