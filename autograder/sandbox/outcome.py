"""What became of a notebook and of each of its cells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from .cells import Cell, SourceNotebook, finished, repair
from .outputs import error_output, one_line, plain_text


class CellOutcome(StrEnum):
    """How a cell ended. The runner decides it from what it did itself, never from a name in the cell's output."""

    OK = "ok"
    ERROR = "error"
    TIMEOUT = "timeout"
    NOT_PLAIN = "not plain data"
    STOPPED = "stopped"
    NOT_RUN = "not run"
    EMPTY = "empty"
    FAILED = "failed"  # the engine could not run it, which is not the learner's fault: no mark


@dataclass(frozen=True)
class CellRun:
    """What ran: the cell's place, role and name, how it ended, and the error in one line."""

    cell: int
    role: str
    outcome: str
    seconds: float
    name: str = ""
    error: str = ""


@dataclass(frozen=True)
class Executed:
    """What became of one notebook.

    notebook  the executed notebook's bytes
    known     the cells that the assignment has, with their outputs, from top to bottom
    cells     one entry per code cell
    notes     what had to be put right
    error     why nothing ran, or ""
    """

    notebook: bytes
    known: tuple[Cell, ...]
    cells: tuple[CellRun, ...]
    notes: tuple[str, ...]
    error: str = ""

    @property
    def failed(self) -> bool:
        """Whether the engine is at fault that nothing ran: there are no marks, rather than marks of 0."""
        return any(cell.outcome == CellOutcome.FAILED for cell in self.cells)

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Executed:
        """The same from plain data, as asdict() made it."""
        return cls(
            told["notebook"], tuple(told["known"]), tuple(CellRun(**cell) for cell in told["cells"]),
            tuple(told["notes"]), told["error"],
        )  # fmt: skip


def known_cell(cell: Cell) -> Cell:
    """What marking needs of a cell that the assignment has."""
    return {key: cell[key] for key in ("cell_type", "name", "metadata", "source", "outputs") if key in cell}


def cell_run(index: int, cell: Cell, role: str, outcome: CellOutcome, seconds: float) -> CellRun:
    """The entry of a cell that has been dealt with."""
    error = next((output for output in cell["outputs"] if output["output_type"] == "error"), None)
    told = one_line(f"{error['ename']}: {error['evalue']}") if error else ""
    return CellRun(index, role, str(outcome), round(seconds, 4), cell["name"], told)


def unreadable(source: SourceNotebook, why: str) -> Executed:
    """For a file no cell of which could be run: the instructor's cells, each saying why."""
    return _nothing_ran(source, why, CellOutcome.NOT_RUN)


def could_not_be_graded(source: SourceNotebook, why: str) -> Executed:
    """For a notebook that the engine failed to run: it gets no marks, and a person has to look."""
    return _nothing_ran(source, why, CellOutcome.FAILED)


def _nothing_ran(source: SourceNotebook, why: str, outcome: CellOutcome) -> Executed:
    cells, _ = repair([], source)  # whose notes would say that the cells are missing
    for cell in cells:
        if cell["cell_type"] == "code":
            cell["outputs"] = [error_output("NotGraded", why)]
    note = {"cell_type": "markdown", "metadata": {}, "source": f"This notebook could not be graded: {plain_text(why)}."}
    return Executed(
        notebook=finished([note, *cells], source.kernelspec),
        known=tuple(known_cell(cell) for cell in cells if cell["name"]),
        cells=tuple(
            cell_run(index, cell, cell["role"], outcome, 0) for index, cell in enumerate(cells) if "outputs" in cell
        ),
        notes=(),
        error=why,
    )
