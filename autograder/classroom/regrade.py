"""Grading everything again, so that a person sees what would change before anything is written."""

from __future__ import annotations

import pickle
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

from .. import grading
from .grade import Graded, Grader
from .gradebook import all_scores
from .submission import Submission


@dataclass(frozen=True)
class Rehearsal:
    """Submissions executed once, kept in a file until it is decided whether they are written."""

    grader: Grader
    todo: Sequence[Submission]
    kept: IO[bytes]

    def run(self) -> Iterator[Graded]:
        """Execute everything; what writing would change, as it comes."""
        return self.grader.compare(self._keep(), all_scores(self.grader.room))

    def write(self) -> Iterator[Graded]:
        """Write what was executed. Scores and comments that people gave meanwhile stay too."""
        return self.grader.write(self.todo, self._kept())

    def _keep(self) -> Iterator[grading.Graded]:
        for one in self.grader.execute(self.todo):
            pickle.dump(one, self.kept)
            yield one

    def _kept(self) -> Iterator[grading.Graded]:
        self.kept.seek(0)
        for _ in self.todo:
            yield pickle.load(self.kept)


@contextmanager
def rehearsal(grader: Grader, todo: Sequence[Submission]) -> Iterator[Rehearsal]:
    """A rehearsal of grading `todo`; what it keeps goes with the block."""
    with tempfile.TemporaryFile() as kept:
        yield Rehearsal(grader, todo, kept)
