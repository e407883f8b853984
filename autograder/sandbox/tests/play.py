"""Runs a notebook through execute() without a course: for tests of what a cell gets."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from autograder.grading.assignment import source_cell, source_notebook
from autograder.grading.marks import marks_of
from autograder.grading.tests.make_course import Cell, fill, notebook
from autograder.sandbox.cells import SourceNotebook
from autograder.sandbox.outcome import CellRun, Executed
from autograder.sandbox.packing import Result, pack_assignment, pack_submission
from autograder.sandbox.pool import execute
from autograder.sandbox.settings import Settings

KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}


def source_of(cells: list[Cell], name: str = "nb") -> SourceNotebook:
    """Cells in the instructor's form, as the gradebook would hold them."""
    known = []
    for cell in cells:
        meta = cell["metadata"].get("nbgrader")
        if meta:
            points = meta.get("points")
            known.append(
                source_cell(
                    meta["grade_id"], cell["cell_type"], cell["source"],
                    locked=meta["locked"] or (meta["grade"] and not meta["solution"]), grade=meta["grade"],
                    solution=meta["solution"], task=meta["task"], points=None if points is None else float(points),
                )
            )  # fmt: skip
    original = [(c["metadata"].get("nbgrader", {}).get("grade_id"), c["cell_type"], c["source"]) for c in cells]
    return source_notebook(name, KERNEL, known, original)


@dataclass
class Played:
    """What came of one notebook."""

    result: Result
    source: SourceNotebook

    @property
    def outcome(self) -> Executed:
        return self.result.notebooks[self.source.name]

    @property
    def marks(self) -> dict[str, float | None]:
        return {name: mark.score for name, mark in marks_of(self.source, self.outcome).marks.items()}

    @property
    def notebook(self) -> dict[str, Any]:
        tree: dict[str, Any] = json.loads(self.outcome.notebook)
        return tree

    def outputs(self, name: str) -> list[dict[str, Any]]:
        """The outputs of the cell with a grade_id."""
        for cell in self.notebook["cells"]:
            if cell["metadata"].get("nbgrader", {}).get("grade_id") == name:
                found: list[dict[str, Any]] = cell["outputs"]
                return found
        raise KeyError(name)

    def text(self, name: str) -> str:
        """Everything a cell shows, as text."""
        parts = []
        for output in self.outputs(name):
            parts += [output.get("text", ""), output.get("ename", ""), output.get("evalue", "")]
            parts += ["".join(v) for v in output.get("data", {}).values()]
            parts += output.get("traceback", [])
        return "\n".join(parts)

    def record(self, name: str) -> CellRun:
        """The record of a cell."""
        return next(cell for cell in self.outcome.cells if cell.name == name)


def play(
    cells: list[Cell],
    settings: Settings,
    answers: dict[str, str] | None = None,
    *,
    sent: object = None,
    files: dict[str, bytes] | None = None,
    given: dict[str, bytes] | None = None,
    seed: str = "seed",
) -> Played:
    """Grade a notebook: the instructor's cells with `answers` put in, or whatever `sent` is."""
    source = source_of(cells)
    tree = fill(notebook(cells), answers or {}) if sent is None else sent
    data = tree if isinstance(tree, bytes) else json.dumps(tree).encode()
    result = execute(
        pack_assignment([source], given or {}), pack_submission({source.name: data}, files or {}), seed, settings
    )
    return Played(result, source)
