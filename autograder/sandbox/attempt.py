"""One notebook in as many attempts as it takes, within one budget of time; what each got through is kept."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from .cells import Cell, SourceNotebook, finished
from .outcome import CellOutcome, CellRun, Executed, cell_run, could_not_be_graded, known_cell, unreadable
from .outputs import error_output
from .settings import Limits


@dataclass
class Transcript:
    """What a runner has told so far: the cells that it runs, and how each that is over ended. A runner that ends early,
    or has to be ended, leaves what it got through.

    waiting  seconds for which it had to wait until the learner's process was ready
    """

    source: SourceNotebook
    cells: list[Cell] = field(default_factory=list)
    notes: tuple[str, ...] = ()
    runs: dict[int, CellRun] = field(default_factory=dict)
    running: int | None = None
    waiting: float = 0.0

    def begun(self, cells: list[Cell], notes: list[str]) -> None:
        """The cells as they will be run, and what had to be put right."""
        self.cells, self.notes = cells, tuple(notes)

    def waited(self, seconds: float) -> None:
        """The learner's process is ready."""
        self.waiting = seconds

    def cell_begins(self, index: int) -> None:
        """A cell, or the second half of one that runs on both sides."""
        self.running = index

    def cell_ended(
        self, index: int, outputs: list[dict[str, Any]], count: int | None, role: str, outcome: str, seconds: float
    ) -> None:
        """What a cell showed and how it ended."""
        self.cells[index].update(outputs=outputs, execution_count=count)
        self.runs[index] = cell_run(index, self.cells[index], role, CellOutcome(outcome), seconds)
        self.running = None

    def executed(self, stopped: dict[int, str], why: str = "") -> Executed:
        """The notebook as far as it got. stopped: cells that were left out, with the reason. why: for the others."""
        for index, cell in enumerate(self.cells):
            if cell["cell_type"] != "code" or index in self.runs:
                continue
            outcome = CellOutcome.STOPPED if index in stopped else CellOutcome.NOT_RUN
            cell["outputs"] = [error_output("Stopped" if index in stopped else "NotRun", stopped.get(index, why))]
            self.runs[index] = cell_run(index, cell, cell["role"], outcome, 0)
        return Executed(
            notebook=finished(self.cells, self.source.kernelspec),
            known=tuple(known_cell(cell) for cell in self.cells if cell["name"]),
            cells=tuple(run for _, run in sorted(self.runs.items())),
            notes=self.notes,
        )


@dataclass(frozen=True)
class End:
    """How an attempt ended: all cells are done, or `cell` ended it (`watched`: because a call was watched), or nothing could
    be run (`unreadable`: because of the file; `failed`: because of us). `why` is for the learner and the record.
    """

    kind: str
    why: str = ""
    cell: int = -1


def run_notebook(
    source: SourceNotebook, limits: Limits, attempt: Callable[[Transcript, dict[int, str], float, bool], End],
    clock: Callable[[], float] = time.monotonic,
) -> tuple[Executed, int]:  # fmt: skip
    """What became of a notebook, and how often it had to be started again.

    attempt(transcript, stopped, ends, watch) runs it once, without the cells in `stopped`, until `ends` at the latest. A
    cell that ends an attempt is left out of the next; where it ended because a call was watched, the next watches none. All
    attempts share limits.seconds: when they are over, or after limits.restarts, the last attempt counts as far as it got.
    """
    ends = clock() + limits.seconds
    stopped: dict[int, str] = {}
    watch = True
    while True:
        transcript = Transcript(source)
        end = attempt(transcript, dict(stopped), ends, watch)
        if end.kind == "watched" and watch and clock() < ends:
            watch = False
            continue
        if end.kind == "done":
            return transcript.executed(stopped), len(stopped)
        if end.kind == "unreadable":
            return unreadable(source, end.why), len(stopped)
        if end.kind == "failed" or end.cell in stopped:
            return could_not_be_graded(source, end.why), len(stopped)
        stopped[end.cell] = end.why
        if len(stopped) >= limits.restarts:
            why = f"not run: the notebook had to be stopped {len(stopped)} times before this cell"
            return transcript.executed(stopped, why), len(stopped)
        if clock() >= ends:
            return transcript.executed(stopped, time_is_up(limits)), len(stopped)


def time_is_up(limits: Limits) -> str:
    """Why the cells are not run that are left when the time is over."""
    return f"not run: the notebook used up its {limits.seconds:g} seconds"
