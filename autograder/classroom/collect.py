"""`nbgrader zip_collect` on what Moodle and Canvas let an instructor download."""

from __future__ import annotations

import os
import re
from functools import cached_property
from typing import Any

from nbgrader.api import Gradebook
from nbgrader.plugins import FileNameCollectorPlugin
from traitlets import List, Unicode

COPY = re.compile(r"(?:-\d+|[ +_]*\(\d+\))$")


class LmsCollector(FileNameCollectorPlugin):  # type: ignore[misc]
    """Finds learner and notebook in the file names of a learning management system.

    A learner is looked up in the gradebook, by LMS user id or by name. Who is not there gets an id made from the
    number, or from the name. A copy's number at the end of a notebook's name is left out; of several copies the
    numbered one counts, because Canvas and browsers number the later ones.
    """

    patterns = List(
        Unicode(),
        help="Regular expressions with the groups `file_id` and one of `number` and `name`; the first that matches "
        "counts. A group `participant` tells learners of one name apart.",
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
        learner = self._by_number(found["number"]) if "number" in found else self._by_name(found["name"])
        participant = found.get("participant")
        if self._participants.setdefault(learner, participant) != participant:
            self._refuse(found["name"], f"participants {self._participants[learner]} and {participant} of the download")
        if (learner, notebook) in self._collected:
            self.log.warning("%s handed in %s more than once; left out: %s", learner, notebook, submitted_file)
            return None
        self._collected.add((learner, notebook))
        return {"student_id": learner, "file_id": f"{notebook}.ipynb"}

    def _match(self, filename: str) -> dict[str, str] | None:
        for pattern in self.patterns:
            match = re.match(pattern, filename)
            if match:
                return match.groupdict()
        self.log.warning("No pattern of LmsCollector.patterns in nbgrader_config.py matches %s", filename)
        return None

    def _by_number(self, number: str) -> str:
        return next((id_ for id_, (_, lms) in self._learners.items() if lms == number), number)

    def _by_name(self, name: str) -> str:
        same = [id_ for id_, (known, _) in self._learners.items() if known == name.casefold()]
        if len(same) > 1:
            self._refuse(name, f"{' and '.join(same)} in the gradebook")
        return same[0] if same else re.sub(r"\W+", "_", name.casefold()).strip("_")

    def _refuse(self, name: str, who: str) -> None:
        self.parent.fail(
            f"Several learners are called {name!r}: {who}. Nothing was collected. Take their notebooks out of the "
            "archive, put them into submitted/LEARNER/UNIT/ by hand, and collect the others again with --force."
        )

    @cached_property
    def _participants(self) -> dict[str, str | None]:
        return {}

    @cached_property
    def _collected(self) -> set[tuple[str, str]]:
        return set()

    @cached_property
    def _learners(self) -> dict[str, tuple[str, str | None]]:
        """Name and LMS user id of everyone in the gradebook."""
        course: Any = self.parent.coursedir
        with Gradebook(course.db_url, course.course_id) as gradebook:
            return {
                s.id: (f"{s.first_name or ''} {s.last_name or ''}".strip().casefold(), s.lms_user_id)
                for s in gradebook.students
            }
