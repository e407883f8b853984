"""`check("one_head.scores")`: mark the answer that stands in the calling notebook and show the report."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import replace
from pathlib import Path

from ..checks import UnknownQuestion, question
from ..environment import GRADED_CELL
from .show import show


def _beside(read: str) -> str:
    """The link to a lesson's section, where the lesson lies in the learner's folder beside the notebook's; "" where not."""
    unit, _, section = read.partition("#")
    found = next(Path("..", "lessons").glob(f"[0-9][0-9]_{unit}.md"), None)
    return f"{found.as_posix()}#{section}" if found is not None else ""


def check(question_id: str) -> float:
    """Mark the answer to a question with what the calling cell's notebook defines; show the report.

    Returns the points earned as a plain float, because that is what nbgrader reads from the last line of a cell.
    An unknown question shows the known ones and gives 0.0.
    """
    try:
        asked = question(question_id)
    except UnknownQuestion as error:
        print(error)
        return 0.0
    graded = json.loads(os.environ.get(GRADED_CELL, "{}"))
    report = asked.mark(sys._getframe(1).f_globals, graded.get("seed", ""), graded.get("points"))
    show(report if graded or report.outcome == "passed" else replace(report, link=_beside(report.read)))
    return report.marks
