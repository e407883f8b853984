"""What a check found, as data. How it looks is in `render.py`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from .heat import HeatMap
from .mistake import Mistake
from .render import as_html, as_text
from .trail import TrailStep

REPORT_MIME = "application/vnd.mha.report+json"


class Outcome(StrEnum):
    PASSED = "passed"
    WRONG = "wrong"
    RAISED = "raised"
    NOT_ATTEMPTED = "not attempted"


@dataclass(frozen=True)
class FacetResult:
    """One facet of a question: its share of the points, and whether it was earned.

    note says why a facet that does not agree with the reference was earned all the same (follow-through).
    """

    title: str
    share: float
    passed: bool
    note: str = ""


@dataclass(frozen=True)
class Report:
    """The outcome of one question.

    seen      what was observed at the first stage that is wrong, a sentence each
    mistakes  the likely cause, if it has a name
    read      where to read more: lesson and section
    missing   the names that were asked for and do not exist
    trail     the answer's own arrays, up to the first that is wrong
    first_wrong  the stage at which the answer first goes wrong; "" where that is not known
    explanation  of an exception: what met, and what does not fit; "" where there was none
    picture   the weights that are wrong, for a picture beside the text
    """

    question: str
    title: str
    outcome: Outcome
    points: float
    facets: tuple[FacetResult, ...]
    seen: tuple[str, ...] = ()
    mistakes: tuple[Mistake, ...] = ()
    read: str = ""
    trace: str = ""
    printed: str = ""
    missing: tuple[str, ...] = ()
    trail: tuple[TrailStep, ...] = ()
    first_wrong: str = ""
    explanation: str = ""
    picture: HeatMap | None = None

    @property
    def share(self) -> float:
        """The share of the points earned, 0 to 1."""
        if self.outcome is Outcome.PASSED:
            return 1.0
        return round(sum(f.share for f in self.facets if f.passed), 6)

    @property
    def marks(self) -> float:
        """Points earned: a plain float, as nbgrader needs it."""
        return float(min(self.points, round(self.share * self.points, 2)))

    def as_dict(self) -> dict[str, Any]:
        """Plain data for the grading tools."""
        return {
            "question": self.question,
            "title": self.title,
            "outcome": self.outcome.value,
            "share": self.share,
            "marks": self.marks,
            "points": self.points,
            "facets": [{"title": f.title, "share": f.share, "passed": f.passed, "note": f.note} for f in self.facets],
            "mistakes": [{"name": m.name, "says": m.says} for m in self.mistakes],
            "message": " ".join(self.seen),
            "trail": [step.as_dict() for step in self.trail],
            "first_wrong": self.first_wrong,
            "explanation": self.explanation,
            "read": self.read,
        }

    def __str__(self) -> str:
        return as_text(self)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        return {"text/plain": as_text(self), "text/html": as_html(self), REPORT_MIME: self.as_dict()}
