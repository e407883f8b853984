"""One JSON record per submission, records/<unit>/<learner>.json: what ran, how long, what was found.

A submission with a current record is done.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from ..sandbox.outcome import CellOutcome, CellRun
from .marks import Mark

LONGEST_CODE = 6000
MOST_EARLIER = 50


@dataclass(frozen=True)
class Answer:
    """What became of one graded cell.

    question  the question it asks, ``one_head.scores``; for an instructor's plain test cell notebook and grade_id
    outcome   passed, wrong, raised, not attempted, by hand (a person marks it), or not graded
    marks     what grading gave; None where a person has to say
    mistakes  the named mistakes, each a dict of `name` and `says`
    facets    what the marks are made of, each a dict of `title`, `share` and `passed`
    code      the learner's source in the answer cells above the check, cut at LONGEST_CODE
    trail     the answer's own arrays up to the first that is wrong, each a dict; as true as the learner's side is
    first_wrong  the stage at which it first goes wrong; "" where that is not known
    explanation  of an error that it raised
    """

    question: str
    notebook: str
    cell: str
    outcome: str
    marks: float | None
    points: float
    mistakes: tuple[dict[str, str], ...] = ()
    message: str = ""
    facets: tuple[dict[str, Any], ...] = ()
    code: str = ""
    trail: tuple[dict[str, Any], ...] = ()
    first_wrong: str = ""
    explanation: str = ""


@dataclass(frozen=True)
class Findings:
    """What people read about a submission.

    status    "graded", or why not: "missing", "unreadable", "other unit", "failed"
    messages  what a person should know: what was wrong, where, and what to do
    """

    status: str
    messages: tuple[str, ...] = ()
    answers: tuple[Answer, ...] = ()


@dataclass(frozen=True)
class Earlier:
    """What an earlier submission of the same learner for the same unit had: by question its outcome, and its mistakes."""

    submission: str
    outcomes: Mapping[str, str]
    mistakes: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class NotebookRecord:
    """What ran of one notebook, what had to be put right, its marks by grade_id, and why nothing ran ("" where it did)."""

    submitted: bool
    error: str
    cells: tuple[CellRun, ...]
    notes: tuple[str, ...]
    marks: Mapping[str, Mark]


@dataclass(frozen=True)
class Record:
    """What is known about a submission after grading.

    submission  hash of what was handed in
    version     of everything else that its marks depend on
    isolation   how it was shut in while it ran: nested, once or none; "" where nothing ran
    failed      why it could not be run at all; "" otherwise
    seconds, cpu_seconds, memory_bytes, restarts   what the run used
    notes       what was left out of the submission's folder
    earlier     what was graded before this submission, the oldest first; `write` adds to it
    """

    learner: str
    unit: str
    submission: str
    version: str
    isolation: str
    failed: str
    score: float
    points: float
    seconds: float
    cpu_seconds: float
    memory_bytes: int
    restarts: int
    notes: tuple[str, ...]
    notebooks: Mapping[str, NotebookRecord]
    findings: Findings
    earlier: tuple[Earlier, ...] = ()

    @property
    def has_failed(self) -> bool:
        """Whether the engine failed to run it or one of its notebooks: the next run tries again."""
        cells = (cell for notebook in self.notebooks.values() for cell in notebook.cells)
        return bool(self.failed) or any(cell.outcome == CellOutcome.FAILED for cell in cells)

    def has_sent(self, notebook: str) -> bool:
        """Whether this notebook was among what was handed in."""
        return notebook in self.notebooks and self.notebooks[notebook].submitted

    def with_messages(self, *more: str) -> Record:
        """The same record with more for people to read."""
        found = self.findings
        return replace(self, findings=replace(found, messages=(*found.messages, *more)))

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Record:
        """The record in a JSON object. Raises KeyError or TypeError where it is none."""
        found = told["findings"]
        return cls(
            **{
                **told,
                "notes": tuple(told["notes"]),
                "notebooks": {name: _notebook(notebook) for name, notebook in told["notebooks"].items()},
                "findings": Findings(
                    found["status"], tuple(found["messages"]), tuple(_answer(answer) for answer in found["answers"])
                ),
                "earlier": tuple(Earlier(**before) for before in told.get("earlier", ())),
            }
        )


def _notebook(told: Mapping[str, Any]) -> NotebookRecord:
    cells = tuple(CellRun(**cell) for cell in told["cells"])
    marks = {name: Mark(**mark) for name, mark in told["marks"].items()}
    return NotebookRecord(told["submitted"], told["error"], cells, tuple(told["notes"]), marks)


def _answer(told: Mapping[str, Any]) -> Answer:
    tuples = {name: tuple(told.get(name, ())) for name in ("facets", "trail")}
    return Answer(**{**told, "mistakes": tuple(told["mistakes"]), **tuples})


def path_of(root: Path, unit: str, learner: str) -> Path:
    """Where the record of a submission is."""
    return root / "records" / unit / f"{learner}.json"


def read(root: Path, unit: str, learner: str) -> Record | None:
    """The record of a submission, or None if there is none that can be read."""
    try:
        return Record.of(json.loads(path_of(root, unit, learner).read_text("utf-8")))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def write(root: Path, record: Record) -> None:
    """Write a record, all of it or nothing. What the record before it knew of earlier submissions is kept."""
    before = read(root, record.unit, record.learner)
    record = replace(record, earlier=_history(before, record.submission) if before is not None else ())
    path = path_of(root, record.unit, record.learner)
    _replace(path, json.dumps(asdict(record), indent=1).encode() + b"\n")


def _history(before: Record, submission: str) -> tuple[Earlier, ...]:
    """The submissions graded before this one: a regrade is no further submission, and a failed run has found nothing."""
    if before.submission == submission or before.has_failed:
        return before.earlier
    answers = before.findings.answers
    found = Earlier(
        before.submission,
        {answer.question: answer.outcome for answer in answers},
        {a.question: tuple(m["name"] for m in a.mistakes) for a in answers if a.mistakes},
    )
    return (*before.earlier, found)[-MOST_EARLIER:]


def _replace(path: Path, data: bytes) -> None:
    """Put `data` at `path` so that nobody ever sees half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".new.{os.getpid()}")  # not made of the name, which may be as long as a name can be
    fd = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    with open(fd, "wb") as file:
        file.write(data)
    os.replace(fresh, path)
