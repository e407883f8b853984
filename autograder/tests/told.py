"""What a report on a wrong answer tells beside that it is wrong."""

from __future__ import annotations

from autograder.marking import Report


def told(report: Report) -> str:
    """The most that is told: "named" (the mistake), "localised" (the stage), "explained" (the exception), or "nothing"."""
    if report.mistakes:
        return "named"
    if report.first_wrong:
        return "localised"
    return "explained" if report.explanation else "nothing"
