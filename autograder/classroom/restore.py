"""Putting a submitted notebook's known cells right: what was lost comes back, what was altered is as it was given."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from nbformat import NotebookNode, v4

from .cells import KnownCell


def restore(notebook: NotebookNode, known: Sequence[KnownCell]) -> None:
    """Bring `notebook` in line with what the gradebook knows, in place.

    Metadata of known cells is the gradebook's; of two cells with one grade_id the later one counts, as in nbgrader;
    cells the gradebook does not know become ordinary ones. Locked cells that are gone come back: a given cell as
    early as possible, a check as late as possible, so that it sees an answer moved to another cell.
    Answers that are gone stay gone.
    """
    by_name = {cell.name: cell for cell in known}
    seen: set[str] = set()
    for cell in reversed(notebook.cells):
        marks = cell.metadata.pop("nbgrader", None)
        name = marks.get("grade_id") if isinstance(marks, dict) else None
        if isinstance(name, str) and name in by_name and name not in seen:
            seen.add(name)
            cell.metadata["nbgrader"] = _marks(by_name[name])
    for place, lost in enumerate(known):
        if lost.name in seen or not lost.locked:
            continue
        neighbours = [c.name for c in (known[place + 1 :] if lost.graded else reversed(known[:place]))]
        notebook.cells.insert(_place(notebook, neighbours, before=lost.graded), _new(lost))
        seen.add(lost.name)


def _place(notebook: NotebookNode, neighbours: Sequence[str], before: bool) -> int:
    """The index just before, or just after, the first of these neighbours that is there."""
    there = {_name(cell): i for i, cell in enumerate(notebook.cells)}
    for name in neighbours:
        if name in there:
            return there[name] + (0 if before else 1)
    return len(notebook.cells) if before else 0


def _name(cell: NotebookNode) -> str | None:
    name: str | None = cell.metadata.get("nbgrader", {}).get("grade_id")
    return name


def _new(known: KnownCell) -> NotebookNode:
    make = v4.new_code_cell if known.kind == "code" else v4.new_markdown_cell
    return make(known.source, metadata={"deletable": False, "editable": False, "nbgrader": _marks(known)})


def _marks(known: KnownCell) -> dict[str, Any]:
    marks: dict[str, Any] = {
        "cell_type": known.kind,
        "checksum": known.checksum,
        "grade": known.graded,
        "grade_id": known.name,
        "locked": known.locked,
        "schema_version": 3,
        "solution": known.solution,
        "task": known.task,
    }
    if known.points is not None:
        marks["points"] = known.points
    return marks
