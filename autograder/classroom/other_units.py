"""Telling another unit's notebook from one of this unit, before anything of it runs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping

from ..grading.marks import is_solution
from ..sandbox.cells import SourceCell, SourceNotebook, Unreadable, read
from ..sandbox.settings import Limits

ASKS = re.compile(r"""^check\(\s*["'](\w+)\.(\w+)["']\s*\)\s*$""", re.MULTILINE)


def asked_by(cell: SourceCell) -> str | None:
    """The question that a cell checks, e.g. ``one_head.scores``; None for any other cell."""
    found = ASKS.search(cell.source) if cell.role == "test" else None
    return f"{found[1]}.{found[2]}" if found else None


def why_another(data: bytes, notebook: SourceNotebook, questions: Mapping[str, Iterable[str]]) -> str:
    """Why a submitted file is not this notebook, in words; "" where it is, or cannot be read at all.

    questions  what every unit asks, by unit

    A notebook without any of the unit's checks is another's if it asks another's questions, and no unit's if no answer
    cell is left either. Given cells may be alike in every unit, so they do not count.
    """
    checks = {cell.name: asked_by(cell) for cell in notebook.cells if cell.role == "test"}
    if any(json.dumps(name).encode() in data for name in checks):
        return ""
    try:
        cells = read(data, notebook.named_by, Limits().notebook_bytes, Limits().cells)
    except Unreadable:
        return ""
    names = {cell["name"] for cell in cells}
    asks = {".".join(found) for cell in cells for found in ASKS.findall(cell["source"])}
    if names & checks.keys() or asks & set(checks.values()):
        return ""
    for unit, others in questions.items():
        if asks & set(others):
            return f"it is the notebook of {unit}; ask for the right one, or move it to that unit's folder"
    if asks or not any(cell.name in names for cell in notebook.cells if is_solution(cell)):
        return "none of this unit's cells are in it; ask for the right one"
    return ""
