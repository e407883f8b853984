"""Marks per question: a line for each learner and question."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path

from ...sandbox.outputs import csv_cell
from ..results import LearnerResult

COLUMNS = (
    "unit", "learner", "last_name", "first_name", "lms_user_id", "question", "marks", "points", "outcome", "mistakes",
    "first_wrong", "marked_by_hand", "needs_marking", "seconds_late", "unit_penalty", "unit_status",
)  # fmt: skip


def write_csv(path: Path, results: Iterable[LearnerResult]) -> None:
    """One line per learner and question; one line without a question where nothing was handed in."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for result in results:
            writer.writerows(
                [csv_cell(value) if isinstance(value, str) else value for value in line] for line in lines(result)
            )


def lines(result: LearnerResult) -> Iterator[tuple[object, ...]]:
    """A learner's lines for a unit, in the order of COLUMNS."""
    who = result.learner
    start = (result.unit, who.id, who.last_name, who.first_name, who.lms_user_id)
    end = (f"{result.late:.0f}", f"{result.penalty:g}", result.status)
    if not result.answers:
        yield (*start, "", 0, f"{result.points:g}", result.status, "", "", "no", "no", *end)
    for marked in result.answers:
        answer = marked.answer
        mistakes = "; ".join(m["name"] for m in answer.mistakes)
        yield (
            *start, answer.question, f"{marked.marks or 0:g}", f"{answer.points:g}", answer.outcome, mistakes,
            answer.first_wrong, "yes" if marked.by_hand else "no", "yes" if marked.needs_hand else "no", *end,
        )  # fmt: skip
