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
from .folders import read_learners_folder, why_not_copied

LONGEST_TIMESTAMP = 200


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
    """One learner's folder. Links and special files are not read, and what is too large is left out.

    Raises Refused, or OSError.
    """
    folder = course.folder("submitted", student, assignment.name)
    files, notes = read_learners_folder(str(course.submitted), str(folder), course.coursedir.ignore, limit)
    notebooks = {n.name: files[path] for n in assignment.notebooks if (path := f"{n.name}.ipynb") in files}
    # Nor what lies in a folder with a notebook's name: nbgrader would take the folder for a notebook.
    others = {name: data for name, data in files.items() if not _is_notebook(name)}
    for name in [name for name in others if _in_the_way(name, assignment.files)]:
        del others[name]
        notes.append(f"{one_line(name, 100)} was left out: a given file needs its place")
    timestamp, note = _timestamp(files.get("timestamp.txt", b"").strip())
    notes += [note] if note else []
    notes += [f"{n.name}.ipynb was not submitted" for n in assignment.notebooks if n.name not in notebooks]
    packed = pack_submission(notebooks, others)
    return Submission(assignment.name, student, notebooks, others, packed, timestamp, tuple(notes))


def why_not_by_nbgrader(course: NbgraderCourse, unit: str, student: str) -> str:
    """Why nbgrader's own code must not touch a submission, in words; "" if it may.

    nbgrader copies a submission through links, and reads a timestamp.txt of any kind and size; one that is no date ends
    its command. What is refused here can be graded by `mha grade`, which leaves such files out.
    """
    folder = course.folder("submitted", student, unit)
    if why := why_not_copied(str(course.submitted), str(folder), course.coursedir.ignore):
        return f"{why}. Remove it, or use `mha grade`"
    path = folder / "timestamp.txt"
    if path.is_file():
        with path.open("rb") as file:
            _, why = _timestamp(file.read(LONGEST_TIMESTAMP + 1).strip())
        return f"{why} by `mha grade`; nbgrader cannot do without. Put a date there, or remove it" if why else ""
    return ""


def nothing_of(assignment: Assignment, student: str) -> Submission:
    """Stands for a submission that cannot be read."""
    return Submission(assignment.name, student, {}, {}, b"", None, ())


def _timestamp(text: bytes) -> tuple[datetime | None, str]:
    """When a submission was handed in, by its timestamp.txt, and a note if that cannot be read."""
    if not text:
        return None, ""
    if len(text) > LONGEST_TIMESTAMP:
        return None, "timestamp.txt is too long for a date and was ignored"
    try:
        return parse_utc(text.decode("utf-8")), ""
    except Exception:
        return None, "timestamp.txt holds no date and was ignored"


def _is_notebook(path: str) -> bool:
    return any(part.endswith(".ipynb") for part in path.split("/"))


def _in_the_way(name: str, given: Iterable[str]) -> bool:
    """Whether a file stands where a given one needs a folder, or below a given file's name."""
    return any(other.startswith(f"{name}/") or name.startswith(f"{other}/") for other in given)
