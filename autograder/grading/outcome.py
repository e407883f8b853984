"""What became of the cells of one notebook."""

from __future__ import annotations

from typing import Any

from .notebook import Cell, SourceNotebook, finished, repair
from .outputs import error_output, one_line, plain_text


def graded_cell(cell: Cell) -> Cell:
    """What marking needs of a cell that the gradebook knows."""
    return {key: cell[key] for key in ("cell_type", "metadata", "source", "outputs") if key in cell}


def cell_record(index: int, cell: Cell, role: str, seconds: float, ran: bool) -> dict[str, Any]:
    """What ran, how long, and how it ended."""
    error = next((output for output in cell["outputs"] if output["output_type"] == "error"), None)
    name = error["ename"] if error else ""
    outcome = "error" if error else "ok"
    if name in ("CellTimeoutError", "CallTimeout", "CellTimeout"):
        outcome = "timeout"
    elif name == "NotPlain":
        outcome = "not plain data"
    elif not ran:
        outcome = {"Stopped": "stopped", "NotRun": "not run"}.get(name, "empty")
    record = {"cell": index, "role": role, "outcome": outcome, "seconds": round(seconds, 4)}
    if grade_id := cell["metadata"].get("nbgrader", {}).get("grade_id"):
        record["name"] = grade_id
    if error:
        record["error"] = one_line(f"{name}: {error['evalue']}")
    return record


def unreadable(source: SourceNotebook, why: str, name: str = "Unreadable") -> dict[str, Any]:
    """The result for a file no cell of which could be run: the instructor's cells, each saying why."""
    cells, notes = repair([], source)
    for cell in cells:
        if cell["cell_type"] == "code":
            cell["outputs"] = [error_output(name, why)]
    note = {"cell_type": "markdown", "metadata": {}, "source": f"This notebook could not be graded: {plain_text(why)}."}
    return {
        "executed": finished([note, *cells], source.kernelspec),
        "graded": [graded_cell(cell) for cell in cells if cell["metadata"]],
        "cells": [
            cell_record(index, cell, cell["role"], 0, False) for index, cell in enumerate(cells) if "outputs" in cell
        ],
        "notes": notes,
        "error": why,
    }
