"""The bank for other programs: learning platforms and spreadsheets."""

from __future__ import annotations

from pathlib import Path

from ..questions import Bank

FORMATS = ("moodle", "qti3", "csv")


def write_export(bank: Bank, format: str, file: Path) -> None:
    """Write the bank as one of FORMATS."""
    if format == "moodle":
        from .moodle import moodle_xml

        file.write_text(moodle_xml(bank), encoding="utf-8")
    elif format == "qti3":
        from .qti_package import qti_package

        file.write_bytes(qti_package(bank))
    else:
        from .table import table

        # Spreadsheets take a file for UTF-8 only where it begins with this mark.
        file.write_text("\ufeff" + table(bank), encoding="utf-8", newline="")
