"""Grades nbgrader submissions in the sandbox: reads the course, runs what is new, writes the gradebook.

In the order in which a class passes through:

config.py hooks.py        nbgrader_config.py: the engine's settings, and what a course adds to grading
course.py api.py          a course directory: its folders, gradebook and secret; nbgrader's own Python interface
assignment.py             what the gradebook and the instructor's folder say of an assignment
submission.py folders.py  what a learner handed in, read safely
run.py graded.py          the one way through: what is new, executed, compared, written
costs.py locks.py         an error costs a submission and not the run; one run at a time per course
library.py                a class graded in one call
exporter.py               the same for `nbgrader autograde` and formgrader's Autograde button
marks.py scores.py        marks by nbgrader's rules; the scores that the gradebook has
lateness.py               how late work is, and what that costs
records.py                one JSON record per submission
audit.py                  the instructor's own solutions, graded before a term
writer.py files.py        the gradebook, many submissions at a time; the folders under autograded/
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from ..slow_imports import without_addresses

if TYPE_CHECKING:
    from .api import open_api, why_not
    from .config import configure, settings_of
    from .course import CourseError, NbgraderCourse
    from .graded import Graded, HandedIn
    from .library import Progress, Summary, grade
    from .run import Run

_HOMES = {
    "api": ["open_api", "why_not"],
    "config": ["configure", "settings_of"],
    "course": ["CourseError", "NbgraderCourse"],
    "library": ["Progress", "Summary", "grade"],
    "graded": ["Graded", "HandedIn"],
    "run": ["Run"],
}
__all__ = [
    "CourseError",
    "Graded",
    "HandedIn",
    "NbgraderCourse",
    "Progress",
    "Run",
    "Summary",
    "configure",
    "grade",
    "open_api",
    "settings_of",
    "why_not",
]


# nbgrader_config.py imports this package: names are looked up when they are used, because nbgrader's own imports are slow.
def __getattr__(name: str) -> Any:
    for home, names in _HOMES.items():
        if name in names:
            with without_addresses():
                return getattr(importlib.import_module(f"{__name__}.{home}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
