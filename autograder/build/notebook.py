"""From a script's cells to notebooks: nbgrader's source notebook, and the worked solution without nbgrader's marks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import nbformat
from nbformat import NotebookNode, v4

from ..checks import UnknownQuestion, questions
from ..course import Unit
from ..problem import Problem
from .companions import with_companions
from .script import Script, ScriptCell, worked

SCHEMA_VERSION = 3
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def source_notebook(unit: Unit, script: Script) -> NotebookNode:
    """The notebook from which nbgrader generates the assignment; solutions and points are in it.

    Raises Problem where the check cells are not the unit's questions, or the points do not add up to the manifest's.
    """
    points = _points(unit, script)
    return _notebook([_source_cell(cell, points) for cell in with_companions(unit, script)])


def solved_notebook(script: Script) -> NotebookNode:
    """The worked solution: no nbgrader metadata, no region markers, every cell editable."""
    return _notebook(
        [_plain(cell, worked(cell.source) if cell.kind == "solution" else cell.source) for cell in script.cells]
    )


def to_bytes(notebook: NotebookNode) -> bytes:
    """The notebook as it stands in a file: the same notebook always gives the same bytes."""
    text: str = nbformat.writes(notebook, version=4, sort_keys=True, indent=1)
    return (text.rstrip("\n") + "\n").encode()


def _notebook(cells: list[NotebookNode]) -> NotebookNode:
    return v4.new_notebook(cells=cells, metadata=METADATA, nbformat_minor=5)


def _plain(cell: ScriptCell, source: str) -> NotebookNode:
    make = v4.new_markdown_cell if cell.markdown else v4.new_code_cell
    made = make(source, id=cell.name)
    if cell.folded:
        made.metadata["jupyter"] = {"source_hidden": True}
    return made


def _source_cell(cell: ScriptCell, points: Mapping[str, float]) -> NotebookNode:
    made = _plain(cell, cell.source)
    if cell.kind != "id":
        marks: dict[str, Any] = {
            "grade": cell.kind == "check",
            "grade_id": cell.name,
            "locked": cell.kind != "solution",
            "schema_version": SCHEMA_VERSION,
            "solution": cell.kind == "solution",
            "task": False,
        }
        if cell.kind == "check":
            marks["points"] = points[cell.name]
        made.metadata["nbgrader"] = marks
    return made


def _points(unit: Unit, script: Script) -> dict[str, float]:
    """The points of every check cell, by grade_id, as the question registry has them."""
    try:
        asked = {f"check_{q.id.partition('.')[2]}": q.points for q in questions(unit.short).values()}
    except UnknownQuestion:
        raise Problem(f"{unit.name} has no questions: autograder/checks/{unit.short}.py is missing.") from None
    cells = [cell.name for cell in script.cells if cell.kind == "check"]
    unknown = [name for name in cells if name not in asked]
    if unknown:
        raise Problem(f"{unit.script}: the cell {unknown[0]!r} has no question in autograder/checks/{unit.short}.py.")
    unasked = [name for name in asked if name not in cells]
    if unasked:
        raise Problem(f"{unit.script}: no cell asks {unit.short}.{unasked[0].removeprefix('check_')}.")
    if abs(sum(asked.values()) - unit.points) > 1e-9:
        raise Problem(
            f"{unit.name}: its questions add up to {sum(asked.values()):g} points, course/course.yaml says "
            f"{unit.points:g}. Change autograder/checks/{unit.short}.py."
        )
    return {name: int(p) if float(p).is_integer() else float(p) for name, p in asked.items()}
