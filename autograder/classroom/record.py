"""The record of a graded submission: records/<unit>/<learner>.json."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

FORMAT = 1


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
    """What is known about a submission after grading.

    status      "graded", or why not: "missing", "unreadable", "other unit", "failed"
    submission  hash of what was handed in
    checks      version of the checks it was graded with
    late        seconds after the due date
    """

    learner: str
    unit: str
    status: str
    submission: str
    checks: str
    graded_at: str
    late: float
    messages: tuple[str, ...]
    answers: tuple[Answer, ...]
    format: int = FORMAT


def write(path: Path, record: Record) -> None:
    """Write the record in one step: a reader sees the old one or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".new")
    draft.write_text(json.dumps(asdict(record), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    os.replace(draft, path)


def read(path: Path) -> Record | None:
    """The record in a file; None where there is none, or one of another format: it is then as if never graded."""
    try:
        data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if data.get("format") != FORMAT or set(data) != {f.name for f in fields(Record)}:
            return None
        answers = tuple(Answer(**{**a, "mistakes": tuple(a["mistakes"])}) for a in data["answers"])
        return Record(**{**data, "messages": tuple(data["messages"]), "answers": answers})
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None
