"""`check("one_head.scores")`: mark the answer that stands in the calling notebook and show the report."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from ..checks import UnknownQuestion, question, questions
from ..course import read
from ..environment import GRADED_CELL
from ..marking import Report
from ..marking.report import REPORT_MIME
from . import asked as asked_about
from .after import after, with_link
from .show import in_notebook, show
from .way import folder_of, record


class Earned(float):
    """Points that show as the report they come from. nbgrader reads the points from the plain text."""

    def __new__(cls, report: Report, more: str) -> Earned:
        made = super().__new__(cls, report.marks)
        made._report, made._more = report, more
        return made

    _report: Report
    _more: str

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        shown = self._report._repr_mimebundle_()
        data = {**shown[REPORT_MIME], "text": "\n".join(filter(None, (shown["text/plain"], self._more)))}
        html = with_link(shown["text/html"], self._report.read)
        if self._more:
            html += f'<div style="padding:.3em .8em;max-width:50em">{self._more}</div>'
        return {"text/plain": repr(float(self)), "text/html": html, REPORT_MIME: data}


def check(question_id: str) -> float:
    """Mark the answer to a question with what the calling cell's notebook defines; show the report.

    Returns the points earned as a float, because that is what nbgrader reads from the last line of a cell.
    An unknown question shows the known ones and gives 0.0.
    """
    try:
        asked = question(question_id)
    except UnknownQuestion as error:
        print(error)
        return 0.0
    names = sys._getframe(1).f_globals
    if GRADED_CELL in os.environ:
        graded = json.loads(os.environ[GRADED_CELL])
        report = asked.mark(names, graded.get("seed", ""), graded.get("points"))
        show(report)
        return report.marks
    report = asked.mark(names)
    passed = report.outcome == "passed"
    asked_about.remember(names, asked.id, passed)
    unit = asked.id.partition(".")[0]
    if in_notebook():
        if any(unit == one.short for one in read().units):
            for notice in record(folder_of(Path.cwd()), asked.id, lambda before: before.after(report)):
                print(notice)
        return Earned(report, after(asked.id, list(questions(unit))) if passed else "")
    show(report)
    return report.marks
