"""Grades nbgrader submissions apart from everything else, many at a time.

grade() does a whole course. execute() is the one pure function of bytes underneath. Run separates executing from
writing. configure() makes `nbgrader autograde` and formgrader use the same engine.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .cluster import cluster_executor
    from .config import configure
    from .course import Course, CourseError
    from .jail import IsolationUnavailable
    from .packing import Result
    from .pool import close_workers, execute, local_executor
    from .run import Graded, Progress, Run, Summary, grade
    from .settings import Limits, Settings

__all__ = [
    "Course",
    "CourseError",
    "Graded",
    "IsolationUnavailable",
    "Limits",
    "Progress",
    "Result",
    "Run",
    "Settings",
    "Summary",
    "close_workers",
    "cluster_executor",
    "configure",
    "execute",
    "grade",
    "local_executor",
]

# Worker processes import this package too, and must not pay for nbgrader: names are looked up when they are used.
_HOMES = {
    "cluster": ["cluster_executor"],
    "config": ["configure"],
    "course": ["Course", "CourseError"],
    "jail": ["IsolationUnavailable"],
    "packing": ["Result"],
    "pool": ["close_workers", "execute", "local_executor"],
    "run": ["Graded", "Progress", "Run", "Summary", "grade"],
    "settings": ["Limits", "Settings"],
}


def __getattr__(name: str) -> Any:
    for home, names in _HOMES.items():
        if name in names:
            return getattr(importlib.import_module(f"{__name__}.{home}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
