"""The record of a graded submission: records/<unit>/<learner>.json."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..grading import records


@dataclass(frozen=True)
class Answer:
    """What became of one graded cell.

    question  the question it asks, ``one_head.scores``; for an instructor's plain test cell notebook and grade_id
    outcome   passed, wrong, raised, not attempted, by hand (a person marks it), or not graded
    marks     what grading gave; None where a person has to say
    mistakes  the named mistakes, each a dict of `name` and `says`
    """

    question: str
    notebook: str
    cell: str
    outcome: str
    marks: float | None
    points: float
    mistakes: tuple[dict[str, str], ...] = ()
    message: str = ""


@dataclass(frozen=True)
class Record:
    """What is known about a submission after grading: the part of the engine's record that people read.

    status      "graded", or why not: "missing", "unreadable", "other unit", "failed"
    submission  hash of what was handed in
    isolation   how it was shut in while it ran: nested, once or none; "" where nothing ran
    """

    learner: str
    unit: str
    status: str
    submission: str
    isolation: str
    messages: tuple[str, ...]
    answers: tuple[Answer, ...]

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Record:
        """The record in what the engine wrote. Raises KeyError or TypeError where it was written without this course."""
        answers = tuple(Answer(**{**a, "mistakes": tuple(a["mistakes"])}) for a in told["answers"])
        return cls(
            told["student"], told["assignment"], told["status"], told["submission"], told["isolation"],
            tuple(told["messages"]), answers,
        )  # fmt: skip


def read(root: Path, unit: str, learner: str) -> Record | None:
    """The record in a course directory; None where there is none that can be read."""
    told = records.read(root, unit, learner)
    try:
        return None if told is None else Record.of(told)
    except (KeyError, TypeError):
        return None
