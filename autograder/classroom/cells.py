"""What the gradebook knows of a notebook's cells."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ASKS = re.compile(r"""^check\(\s*["'](\w+)\.(\w+)["']\s*\)\s*$""", re.MULTILINE)


@dataclass(frozen=True)
class KnownCell:
    """A cell that nbgrader follows by its grade_id.

    points    None where the cell is not graded
    checksum  nbgrader's checksum of the cell as it was released
    """

    name: str
    kind: str
    source: str
    checksum: str
    points: float | None
    locked: bool
    solution: bool
    task: bool = False

    @property
    def graded(self) -> bool:
        return self.points is not None and not self.task

    @property
    def asks(self) -> str | None:
        """The question that the cell checks, e.g. ``one_head.scores``."""
        found = ASKS.search(self.source)
        return f"{found[1]}.{found[2]}" if found and self.graded else None


def known_cells(gradebook: Any, unit: str, notebook: str, released: Path | None = None) -> tuple[KnownCell, ...]:
    """The cells of a notebook that the gradebook follows, in the order of the released notebook where there is one."""
    row = gradebook.find_notebook(notebook, unit)
    points = {cell.name: float(cell.max_score) for cell in (*row.grade_cells, *row.task_cells)}
    solutions = {cell.name for cell in row.solution_cells}
    tasks = {cell.name for cell in row.task_cells}
    cells = [
        KnownCell(
            name=cell.name,
            kind=cell.cell_type,
            source=cell.source,
            checksum=cell.checksum,
            points=points.get(cell.name),
            locked=cell.locked,
            solution=cell.name in solutions,
            task=cell.name in tasks,
        )
        for cell in row.source_cells
    ]
    order = _order(released)
    return tuple(sorted(cells, key=lambda cell: order.index(cell.name) if cell.name in order else len(order)))


def _order(released: Path | None) -> Sequence[str]:
    """The grade_ids of a released notebook from top to bottom; the gradebook itself keeps no order."""
    if released is None or not released.is_file():
        return []
    import nbformat

    notebook = nbformat.read(released, as_version=4)
    return [cell.metadata.get("nbgrader", {}).get("grade_id", "") for cell in notebook.cells]
