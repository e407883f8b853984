"""What one learner handed in for one assignment, read into memory."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from nbgrader.utils import parse_utc

from ..sandbox.outputs import one_line
from ..sandbox.packing import hash_of, pack_submission
from .assignment import Assignment
from .course import NbgraderCourse
from .folders import read_folder


@dataclass(frozen=True)
class Submission:
    """One learner's folder, read into memory. `packed` is what is executed, `hash` its name."""

    assignment: str
    student: str
    notebooks: dict[str, bytes] = field(repr=False)
    files: dict[str, bytes] = field(repr=False)
    packed: bytes = field(repr=False)
    timestamp: datetime | None
    notes: tuple[str, ...]

    @property
    def hash(self) -> str:
        """The hash of the exact content."""
        return hash_of(self.packed)


def read_submission(course: NbgraderCourse, assignment: Assignment, student: str, limit: int) -> Submission:
    """One learner's folder. Links and special files are not followed, and what is too large is left out."""
    folder = course.folder("submitted", student, assignment.name)
    files, notes = read_folder(str(folder), course.coursedir.ignore, limit)
    notebooks = {n.name: files[path] for n in assignment.notebooks if (path := f"{n.name}.ipynb") in files}
    others = {name: data for name, data in files.items() if not name.endswith(".ipynb")}
    for name in [name for name in others if _in_the_way(name, assignment.files)]:
        del others[name]
        notes.append(f"{one_line(name, 100)} was left out: a given file needs its place")
    timestamp = None
    if "timestamp.txt" in files:
        try:
            timestamp = (
                parse_utc(files["timestamp.txt"].decode("utf-8").strip()) if files["timestamp.txt"].strip() else None
            )
        except Exception:
            notes.append("timestamp.txt holds no date and was ignored")
    notes += [f"{n.name}.ipynb was not submitted" for n in assignment.notebooks if n.name not in notebooks]
    packed = pack_submission(notebooks, others)
    return Submission(assignment.name, student, notebooks, others, packed, timestamp, tuple(notes))


def _in_the_way(name: str, given: Iterable[str]) -> bool:
    """Whether a file stands where a given one needs a folder, or below a given file's name."""
    return any(other.startswith(f"{name}/") or name.startswith(f"{other}/") for other in given)
