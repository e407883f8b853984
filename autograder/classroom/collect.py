"""`nbgrader zip_collect` on what Moodle and Canvas let an instructor download."""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook
from nbgrader.plugins import FileNameCollectorPlugin
from traitlets import List, Unicode

BY_HAND = "Put each notebook into submitted/LEARNER/UNIT/ by hand"
BLIND = re.compile(r"(?i)participant[ _]?\d+")
COPY = re.compile(r"(?:-\d+|[ +_]*\(\d+\))$")


class LmsCollector(FileNameCollectorPlugin):  # type: ignore[misc]
    """Finds learner and notebook in the file names of a learning management system.

    A learner is looked up in the gradebook, by LMS user id or by name. Who is not there, or cannot be told from another, is
    left out with a reason; everybody else is collected. A copy's number at the end of a notebook's name is left out; of
    several copies the numbered one counts, because Canvas and browsers number the later ones.
    """

    patterns = List(
        Unicode(),
        help="Regular expressions with the groups `file_id` and one of `number` and `name`; the first that matches "
        "counts. A group `participant` tells learners of one name apart, and a group `late` marks late work.",
    ).tag(config=True)

    def collect(self, submitted_file: str) -> dict[str, str] | None:
        if os.path.splitext(submitted_file)[1] not in self.valid_ext:
            return None
        if os.path.islink(submitted_file):
            self.log.warning("%s is a symbolic link, which could show any file; left out", submitted_file)
            return None
        found = self._match(submitted_file)
        if found is None:
            return None
        notebook = COPY.sub("", found["file_id"])
        learner = self._learner(found, submitted_file)
        if learner is None:
            return None
        if (learner, notebook) in self._collected:
            self.log.warning("%s handed in %s more than once; left out: %s", learner, notebook, submitted_file)
            return None
        self._collected.add((learner, notebook))
        told = {"student_id": learner, "file_id": f"{notebook}.ipynb"}
        return told | ({"timestamp": late} if found.get("late") and (late := self._just_late(learner)) else {})

    def _match(self, filename: str) -> dict[str, str] | None:
        for pattern in self.patterns:
            match = re.match(pattern, filename)
            if match:
                return match.groupdict()
        self.log.warning("No pattern of LmsCollector.patterns in nbgrader_config.py matches %s", filename)
        return None

    def _learner(self, found: dict[str, str], file: str) -> str | None:
        """The one learner of the gradebook who is meant; None, with the reason logged, where there is not one."""
        same = [id_ for id_, about in self._learners.items() if is_meant(found, *about)]
        if why := self._why_nobody(found, same):
            self.log.error("Left out: %s: %s.", file, why)
            return None
        return same[0]

    def _why_nobody(self, found: dict[str, str], same: list[str]) -> str:
        name = found.get("name", "")
        who = f"the name {name!r}" if name else f"the LMS user id {found['number']}"
        if BLIND.fullmatch(name):
            return f"{name!r} is a number of blind marking. Show the names in Moodle, and download again"
        if len(self._participants.get(name.casefold(), ())) > 1:
            return f"the download holds several learners of {who}. {BY_HAND}"
        if len(same) > 1:
            return f"{' and '.join(same)} have {who} in the gradebook. {BY_HAND}"
        if not same:
            return (
                f"nobody in the gradebook has {who}. Enter the learner (`nbgrader db student add ID --first-name ... "
                "--last-name ... --lms-user-id ...`), and collect again with --force"
            )
        return ""

    def _just_late(self, learner: str) -> str:
        """A second after the unit is due: the name says that work was late, and not how late."""
        unit = self.parent.coursedir.assignment_id
        if self._duedate is None:
            self.log.warning(
                "%s was late, but %s has no due date in the gradebook, so no penalty is taken.", learner, unit
            )
            return ""
        self.log.warning(
            "%s was late, but the download does not say how late: timestamp.txt is one second after %s was due. Correct it "
            "where days count.", learner, unit,
        )  # fmt: skip
        return f"{self._duedate + timedelta(seconds=1):%Y-%m-%d %H:%M:%S} UTC"

    @cached_property
    def _participants(self) -> dict[str, set[str | None]]:
        """The numbers that the download has for each name."""
        app = self.parent
        seen: dict[str, set[str | None]] = defaultdict(set)
        for path in Path(app._format_collect_path(app.extracted_directory)).rglob("*.ipynb"):
            for pattern in self.patterns:
                if match := re.match(pattern, str(path)):
                    found = match.groupdict()
                    if "name" in found:
                        seen[found["name"].casefold()].add(found.get("participant"))
                    break
        return seen

    @cached_property
    def _collected(self) -> set[tuple[str, str]]:
        return set()

    @cached_property
    def _duedate(self) -> datetime | None:
        course: Any = self.parent.coursedir
        with Gradebook(course.db_url, course.course_id) as gradebook:
            found: datetime | None = gradebook.find_assignment(course.assignment_id).duedate
        return found

    @cached_property
    def _learners(self) -> dict[str, tuple[str, str | None]]:
        """Name and LMS user id of everyone in the gradebook."""
        course: Any = self.parent.coursedir
        with Gradebook(course.db_url, course.course_id) as gradebook:
            return {
                s.id: (f"{s.first_name or ''} {s.last_name or ''}".strip().casefold(), s.lms_user_id)
                for s in gradebook.students
            }


def is_meant(found: Mapping[str, str | None], name: str, number: str | None) -> bool:
    """Whether a learner of this name (in small letters) and LMS user id is the one whom a file's name names."""
    return number == found["number"] if "number" in found else name == (found["name"] or "").casefold()
