"""The bank for other programs: learning platforms, Anki and spreadsheets."""

from __future__ import annotations

from pathlib import Path

from ..questions import Bank

FORMATS = ("moodle", "qti12", "qti21", "qti3", "anki", "csv")


def write_export(bank: Bank, format: str, file: Path) -> list[str]:
    """Write the bank as one of FORMATS; sentences on what the format could not take as it is."""
    if format == "moodle":
        from .moodle import moodle_xml

        file.write_text(moodle_xml(bank), encoding="utf-8")
    elif format == "qti12":
        from .qti12 import qti12_package, what_changed

        file.write_bytes(qti12_package(bank))
        return what_changed(bank)
    elif format in ("qti21", "qti3"):
        from .qti_package import QTI3, QTI21, qti_package

        file.write_bytes(qti_package(bank, QTI3 if format == "qti3" else QTI21))
    elif format == "anki":
        from .anki import write_anki

        write_anki(bank, file)
    else:
        from .table import table

        # Spreadsheets take a file for UTF-8 only where it begins with this mark.
        file.write_text("\ufeff" + table(bank), encoding="utf-8", newline="")
    return []
