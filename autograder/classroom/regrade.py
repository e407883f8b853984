"""Grading everything again, so that a person sees what would change before anything is written."""

from __future__ import annotations

import pickle
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

from ..grading import Graded, HandedIn, Run


@dataclass(frozen=True)
class Rehearsal:
    """Submissions executed once, kept in a file until it is decided whether they are written."""

    run: Run
    todo: Sequence[HandedIn]
    kept: IO[bytes]

    def changes(self) -> Iterator[Graded]:
        """Execute everything; what writing would change, as it comes."""
        return self.run.compare(self._keep())

    def write(self) -> Iterator[Graded]:
        """Write what was executed. Scores and comments that people gave meanwhile stay too."""
        return self.run.write(self._kept())

    def _keep(self) -> Iterator[Graded]:
        for one in self.run.execute(self.todo):
            pickle.dump(one, self.kept)
            yield one

    def _kept(self) -> Iterator[Graded]:
        self.kept.seek(0)
        for _ in self.todo:
            yield pickle.load(self.kept)


@contextmanager
def rehearsal(run: Run, todo: Sequence[HandedIn]) -> Iterator[Rehearsal]:
    """A rehearsal of grading `todo`; what it keeps goes with the block."""
    with tempfile.TemporaryFile() as kept:
        yield Rehearsal(run, todo, kept)
