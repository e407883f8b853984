"""What a check left in an executed cell of a notebook."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .report import REPORT_MIME


def report_in(output: Mapping[str, Any]) -> dict[str, Any] | None:
    """The report in one output of a cell, as data; None where it is no report."""
    report = output.get("data", {}).get(REPORT_MIME)
    return report if isinstance(report, dict) and "question" in report and "outcome" in report else None


def error_in(cell: Mapping[str, Any]) -> str:
    """The error that a cell ended in, in one line; empty where it did not."""
    for output in cell.get("outputs", []):
        if output.get("output_type") == "error":
            return f"{output.get('ename', 'Error')}: {output.get('evalue', '')}".splitlines()[0]
    return ""
