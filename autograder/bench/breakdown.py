"""Where a submission's time goes, from the file that was handed in to the row in the gradebook, one after another."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.table import Table

from ..classroom.directory import CourseDirectory
from ..grading import Graded, Run
from ..grading.batches import BATCH
from ..grading.run import result_of
from ..grading.scores import all_entered
from ..grading.writer import Writer
from ..sandbox.packing import Result
from ..sandbox.pool import local_executor
from .classes import UNIT, isolation, make_class

JAIL, CELLS, CHECKS = "start and end of the jail", "the learner's cells", "checks"
NOTEBOOK = "notebook read, put right and written; a process for its tests"
READING, CARRYING, MARKING = "reading what was handed in", "to a worker and back", "marks and record"
FILES, GRADEBOOK = "writing files", "gradebook and record on disk"


@dataclass
class Breakdown:
    """Wall time in seconds of a number of submissions together: the whole, and its parts by name."""

    submissions: int
    whole: float = 0.0
    parts: dict[str, float] = field(default_factory=dict)

    def add(self, part: str, seconds: float) -> None:
        self.parts[part] = self.parts.get(part, 0.0) + seconds

    @contextmanager
    def timed(self, part: str) -> Iterator[None]:
        """Add the time of the block to a part."""
        started = time.monotonic()
        yield
        self.add(part, time.monotonic() - started)

    def add_execution(self, result: Result, seconds: float) -> None:
        """The parts of an execution that took so long, by what the result says of itself."""
        runs = [run for notebook in result.notebooks.values() for run in notebook.cells]
        checks = sum(run.seconds for run in runs if run.role in ("test", "asking"))
        cells = sum(run.seconds for run in runs) - checks
        self.add(JAIL, result.jail)
        self.add(CELLS, cells)
        self.add(CHECKS, checks)
        self.add(NOTEBOOK, result.seconds - result.jail - cells - checks)
        self.add(CARRYING, seconds - result.seconds)


def break_down(run: Run, unit: str) -> Breakdown:
    """Grade everything handed in for a unit, and tell how long each part took.

    What happens once in a run is not counted: the start of a worker, and reading the assignment.
    """
    todo = run.all([unit])
    found = Breakdown(len(todo))
    executor = local_executor(1)
    for one in todo[:1]:  # the worker starts, and what the course asks for once is known
        submission, future = run.start(executor, one)
        run.graded(submission, result_of(future))
    entered = all_entered(run.course)
    began = time.monotonic()
    writer = Writer(run.course, run.assignment(unit), run.lateness(unit))
    batch: list[Graded] = []
    for one in todo:
        with found.timed(READING):
            submission, future = run.start(executor, one)
        sent = time.monotonic()
        result = result_of(future)
        found.add_execution(result, time.monotonic() - sent)
        with found.timed(MARKING):
            batch.append(run.graded(submission, result))
        with found.timed(FILES):
            run.write_files(batch[-1])
        if len(batch) == BATCH or one == todo[-1]:
            with found.timed(GRADEBOOK):
                run.enter(writer, batch, entered)
            batch = []
    found.whole = time.monotonic() - began
    writer.close()
    executor.shutdown()
    return found


def run(console: Console) -> None:
    """Print the parts in milliseconds for each submission, and each as a share of the whole."""
    shut_in = isolation()
    with tempfile.TemporaryDirectory(prefix="grading-bench-") as place:
        root = make_class(Path(place) / "class", BATCH)
        with CourseDirectory.open(root).grading(shut_in, jobs=1) as grading:
            console.print(_table(break_down(grading, UNIT), shut_in))


def _table(found: Breakdown, shut_in: str) -> Table:
    table = Table(title=f"Where a submission's time goes ({shut_in}, one at a time)", title_justify="left")
    table.add_column("")
    table.add_column("each (ms)", justify="right")
    table.add_column("share", justify="right")
    rest = found.whole - sum(found.parts.values())
    for part, seconds in [*sorted(found.parts.items(), key=lambda item: -item[1]), ("what is left", rest)]:
        table.add_row(part, f"{1000 * seconds / found.submissions:.2f}", f"{seconds / found.whole:.0%}")
    table.add_section()
    table.add_row("all of it", f"{1000 * found.whole / found.submissions:.2f}", "100%")
    return table
