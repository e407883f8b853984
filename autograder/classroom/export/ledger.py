"""Marks per unit and in total, for each learner."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from ...sandbox.outputs import one_line
from ..policy import Policy
from ..results import Learner, LearnerResult

LONGEST_COMMENT = 2000


@dataclass(frozen=True)
class LedgerLine:
    """What one learner has.

    marks     by unit; a unit is left out where nothing was handed in, or where a person has to look first
    comments  by unit: what its mistakes are, in sentences
    total     of the units that the policy counts; one that was not handed in counts 0
    waiting   the units that a person has to look at first
    """

    learner: Learner
    marks: Mapping[str, float]
    comments: Mapping[str, str]
    total: float
    waiting: tuple[str, ...]


@dataclass(frozen=True)
class Ledger:
    """The lines of a class, and the points of its units in order."""

    points: Mapping[str, float]
    lines: tuple[LedgerLine, ...]

    @property
    def waiting(self) -> int:
        return sum(len(line.waiting) for line in self.lines)


def ledger(results: Sequence[LearnerResult], policy: Policy) -> Ledger:
    """The ledger of a class from all its results."""
    points = {one.unit: one.points for one in results}
    lines = [_line(learner, list(theirs), policy) for learner, theirs in groupby(results, key=lambda one: one.learner)]
    return Ledger(points, tuple(lines))


def _line(learner: Learner, results: Sequence[LearnerResult], policy: Policy) -> LedgerLine:
    waiting = tuple(one.unit for one in results if _waits(one))
    return LedgerLine(
        learner,
        {one.unit: round(one.marks, 4) for one in results if one.status == "graded" and one.unit not in waiting},
        {one.unit: told for one in results if (told := comment(one))},
        round(sum(one.marks for one in policy.counted(results)), 4),
        waiting,
    )


def _waits(one: LearnerResult) -> bool:
    return one.needs_hand or one.status not in ("graded", "missing")


def comment(one: LearnerResult) -> str:
    """What a learner's mistakes in a unit are: a line for each question, cut at LONGEST_COMMENT."""
    return one_line(" ".join(_sentences(one)), LONGEST_COMMENT)


def _sentences(one: LearnerResult) -> Iterable[str]:
    for marked in one.answers:
        if marked.answer.mistakes:
            yield f"{marked.answer.question}: {' '.join(mistake['says'] for mistake in marked.answer.mistakes)}"
    if one.penalty:
        yield f"Late: {one.penalty:g} marks were taken off."
