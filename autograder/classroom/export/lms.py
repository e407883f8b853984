"""The gradebook files of Canvas and Moodle: which columns say who a learner is, and which hold the marks of a unit."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ..results import Learner

Names = Callable[[Learner], str]


@dataclass(frozen=True)
class Lms:
    """How a platform's gradebook file looks.

    who       the first columns of a new file, and what stands there of a learner
    known_by  columns that tell learners apart, and what of a learner each is compared with, the surest first
    marks     the heading of a unit's marks in a new file
    comments  the heading of a unit's comments; "" where the platform reads none from this file
    total     the heading of the total
    heading   matches a column of marks; the group `unit` is the name the unit has there
    points    what the learner's column says in the row of points possible; "" where there is no such row
    """

    who: Mapping[str, Names]
    known_by: Sequence[tuple[str, Names]]
    marks: str
    comments: str
    total: str
    heading: re.Pattern[str]
    points: str


def _full(learner: Learner) -> str:
    return f"{learner.last_name}, {learner.first_name}".strip(", ") or learner.id


CANVAS = Lms(
    who={
        "Student": _full, "ID": lambda one: one.lms_user_id, "SIS User ID": lambda one: "",
        "SIS Login ID": lambda one: one.id, "Section": lambda one: "",
    },
    known_by=[
        ("ID", lambda one: one.lms_user_id), ("SIS User ID", lambda one: one.lms_user_id),
        ("SIS User ID", lambda one: one.id), ("SIS Login ID", lambda one: one.id), ("SIS Login ID", lambda one: one.email),
    ],
    marks="{unit}",
    comments="",
    total="Final Points",
    heading=re.compile(r"(?P<unit>.+?)(?: \(\d+\))?"),
    points="Points Possible",
)  # fmt: skip
MOODLE = Lms(
    who={
        "First name": lambda one: one.first_name, "Last name": lambda one: one.last_name,
        "ID number": lambda one: one.lms_user_id, "Email address": lambda one: one.email,
        "Username": lambda one: one.id,
    },
    known_by=[
        ("ID number", lambda one: one.lms_user_id), ("ID number", lambda one: one.id), ("Username", lambda one: one.id),
        ("Email address", lambda one: one.email),
    ],
    marks="{unit} (Real)",
    comments="{unit} (Feedback)",
    total="Course total (Real)",
    heading=re.compile(r"(?:\w+: ?)?(?P<unit>.+?)(?: \(Real\))?"),
    points="",
)  # fmt: skip
