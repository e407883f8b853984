"""Reads a course: its configuration, what the gradebook knows of an assignment, and the submissions on disk."""

from __future__ import annotations

import ast
import glob
import hmac
import json
import os
import re
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from jupyter_core.paths import jupyter_config_path
from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import parse_utc
from traitlets.config import Config, PyFileConfigLoader
from traitlets.config.loader import ConfigFileNotFound

from .folders import read_own_folder, read_submission
from .given import given_names
from .notebook import SourceCell, SourceNotebook
from .outputs import one_line
from .packing import hash_of, pack_assignment, pack_submission

SECRET = "course_secret.txt"
CHECKS = "checks"
LONGEST_TIMESTAMP = 200


class CourseError(Exception):
    """The course cannot be graded as it is. The message says what to do."""


@dataclass(frozen=True)
class Assignment:
    """One assignment: the notebooks the gradebook has, and everything that running one needs, as bytes."""

    name: str
    notebooks: tuple[SourceNotebook, ...]
    packed: bytes = field(repr=False)
    files: dict[str, bytes] = field(repr=False, default_factory=dict)


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


class Course:
    """A course folder with its nbgrader_config.py."""

    def __init__(self, root: str | os.PathLike[str], config: Config | None = None, coursedir: Any = None) -> None:
        self.root = Path(root).resolve()
        self.config = load_config(self.root) if config is None else config
        if coursedir is None:
            coursedir = CourseDirectory(config=self.config)
            if "root" not in self.config.CourseDirectory:
                coursedir.root = str(self.root)
        self.coursedir = coursedir
        self.root = Path(self.coursedir.root)

    @property
    def course_id(self) -> str:
        """nbgrader's name for the course in the gradebook."""
        return self.coursedir.course_id or "default_course"

    def gradebook(self) -> Gradebook:
        """The gradebook; close it after use."""
        return Gradebook(self.coursedir.db_url, self.course_id)

    def assignments(self) -> list[str]:
        """The names of all assignments in the gradebook."""
        with self.gradebook() as gradebook:
            return sorted(assignment.name for assignment in gradebook.assignments)

    def assignment(self, name: str) -> Assignment:
        """Everything needed to grade `name`. Raises CourseError."""
        with self.gradebook() as gradebook:
            found = next((a for a in gradebook.assignments if a.name == name), None)
            if found is None or not found.notebooks:
                raise CourseError(
                    f"The gradebook has no assignment {name!r}. Run `nbgrader generate_assignment {name}` first."
                )
            notebooks = tuple(self._notebook(name, notebook) for notebook in found.notebooks)
        files = self._given_files(name)
        return Assignment(name, notebooks, pack_assignment(list(notebooks), files, self._own_checks()), files)

    def _notebook(self, assignment: str, notebook: Any) -> SourceNotebook:
        kernelspec = json.loads(notebook.kernelspec or "{}") or {}
        language = str(kernelspec.get("language") or "python")
        if language.lower() != "python":
            raise CourseError(
                f"{assignment}/{notebook.name} needs the kernel {kernelspec.get('name')!r} ({language}). "
                "Only Python notebooks can be graded this way; grade this one with stock nbgrader."
            )
        grades, tasks = {c.name: c for c in notebook.grade_cells}, {c.name: c for c in notebook.task_cells}
        solutions = {c.name for c in notebook.solution_cells}
        original = self._instructors(assignment, notebook.name)
        order = {name: position for position, (name, _) in enumerate(original) if name}
        cells = [
            SourceCell(
                name=cell.name, cell_type=cell.cell_type, source=cell.source or "", checksum=cell.checksum,
                locked=cell.locked, grade=cell.name in grades, solution=cell.name in solutions,
                task=cell.name in tasks, points=_points(grades.get(cell.name) or tasks.get(cell.name)),
            )
            for cell in notebook.source_cells
        ]  # fmt: skip
        cells.sort(key=lambda cell: order.get(cell.name, len(order)))
        imports, given = tuple(imports_of(original, cells)), given_names(original, cells)
        return SourceNotebook(notebook.name, kernelspec, tuple(cells), imports, given)

    def _instructors(self, assignment: str, notebook: str) -> list[tuple[str | None, str]]:
        """The code of the instructor's own version, as (grade_id or None, source), if it is there."""
        for step in (self.coursedir.source_directory, self.coursedir.release_directory):
            path = Path(self.coursedir.format_path(step, ".", assignment), f"{notebook}.ipynb")
            try:
                cells = json.loads(path.read_text("utf-8"))["cells"]
            except (OSError, ValueError, KeyError):
                continue
            return [
                (
                    c.get("metadata", {}).get("nbgrader", {}).get("grade_id"),
                    "".join(c["source"]) if c["cell_type"] == "code" else "",
                )
                for c in cells
            ]
        return []

    def _given_files(self, assignment: str) -> dict[str, bytes]:
        folder = self.coursedir.format_path(self.coursedir.source_directory, ".", assignment)
        excluded = set(self.config.Autograde.get("exclude_overwriting", {}).get(assignment, []))
        files = read_own_folder(folder, self.coursedir.ignore)
        return {name: data for name, data in files.items() if not name.endswith(".ipynb") and name not in excluded}

    def _own_checks(self) -> dict[str, bytes]:
        """The instructor's own modules, which travel with the assignment: a worker may be on another machine."""
        files = read_own_folder(str(self.root / CHECKS), self.coursedir.ignore)
        return {name: data for name, data in files.items() if name.endswith(".py")}

    def students(self, assignment: str) -> list[str]:
        """Everyone who has a folder for the assignment, or a link in its place."""
        pattern = self.coursedir.format_path(self.coursedir.submitted_directory, "*", assignment)
        escaped = self.coursedir.format_path(
            self.coursedir.submitted_directory, "(?P<student>.*)", assignment, escape=True
        )
        excluded = set(filter(None, self.coursedir.student_id_exclude.split(",")))
        there = (path for path in glob.glob(pattern) if os.path.isdir(path) or os.path.islink(path))
        found = (re.match(escaped + "$", path) for path in there)
        names = (match["student"] for match in found if match and match["student"] not in excluded)
        return sorted(name for name in names if can_be_learner(name))

    def submission(self, assignment: Assignment, student: str, limit: int) -> Submission:
        """One learner's folder. Links and special files are not read, and what is too large is left out. Raises Refused,
        or OSError.
        """
        folder = self.coursedir.format_path(self.coursedir.submitted_directory, student, assignment.name)
        files, notes = read_submission(self._submitted(), folder, self.coursedir.ignore, limit)
        notebooks = {n.name: files[path] for n in assignment.notebooks if (path := f"{n.name}.ipynb") in files}
        others = {name: data for name, data in files.items() if not name.endswith(".ipynb")}
        for name in [name for name in others if _in_the_way(name, assignment.files)]:
            del others[name]
            notes.append(f"{one_line(name, 100)} was left out: a given file needs its place")
        timestamp, note = _timestamp(files.get("timestamp.txt", b"").strip())
        notes += [note] if note else []
        notes += [f"{n.name}.ipynb was not submitted" for n in assignment.notebooks if n.name not in notebooks]
        packed = pack_submission(notebooks, others)
        return Submission(assignment.name, student, notebooks, others, packed, timestamp, tuple(notes))

    def _submitted(self) -> str:
        """The folder of all submissions, which the instructor may have put anywhere: what lies below is the learners'."""
        folder = os.path.normpath(self.coursedir.format_path(self.coursedir.submitted_directory, ".", "."))
        return folder if os.path.basename(folder) == self.coursedir.submitted_directory else str(self.root)

    def autograded(self, assignment: str, student: str) -> Path:
        """Where the executed notebooks of a submission go."""
        return Path(self.coursedir.format_path(self.coursedir.autograded_directory, student, assignment))

    def seed(self, submission: Submission) -> str:
        """The seed of a submission: nobody can know it without the course's secret."""
        told = "\0".join((submission.assignment, submission.student, submission.hash))
        return hmac.new(self.secret(), told.encode("utf-8", "surrogateescape"), "sha256").hexdigest()

    def secret(self) -> bytes:
        """What nobody else knows; made, for its owner's eyes only, where there is none."""
        path = self.root / SECRET
        try:
            return path.read_bytes().strip()
        except FileNotFoundError:
            pass
        fresh = self.root / f".{SECRET}.{os.getpid()}"
        fd = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with open(fd, "w") as file:
            file.write(secrets.token_hex(32) + "\n")
        try:
            os.link(fresh, path)  # The first of several that start at once wins.
        except FileExistsError:
            pass
        finally:
            os.unlink(fresh)
        return path.read_bytes().strip()


def can_be_learner(name: str) -> bool:
    """Whether a folder's name can be a learner's: see why_no_learner."""
    return not why_no_learner(name)


def why_no_learner(name: str) -> str:
    """Why nobody can be called `name` in a gradebook and in the names of files; "" if somebody can."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return "it is not UTF-8"
    if "\n" in name:
        return "it has a line break"
    if name.startswith("."):
        return "it begins with a dot"
    if len(os.fsencode(f"{name}.json")) > 255:
        return "it is too long"
    return ""


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


def load_config(root: Path) -> Config:
    """What nbgrader itself would read when started in `root`: nbgrader_config.py there and in Jupyter's folders."""
    config = Config()
    for folder in [*reversed(jupyter_config_path()), str(root)]:
        try:
            config.merge(PyFileConfigLoader("nbgrader_config.py", path=folder).load_config())
        except ConfigFileNotFound:
            continue
        except Exception as error:
            raise CourseError(
                f"{folder}/nbgrader_config.py fails: {type(error).__name__}: {error}. Mend it there."
            ) from None
    return config


def _points(cell: Any) -> float | None:
    return None if cell is None else float(cell.max_score)


def imports_of(original: list[tuple[str | None, str]], cells: list[SourceCell]) -> Iterator[tuple[str, str, str, bool]]:
    """What the instructor's notebook imports (see SourceNotebook), apart from cells that tests run anyway."""
    roles = {cell.name: cell.role for cell in cells}
    for name, source in original:
        role = roles.get(name or "")
        if role not in (None, "answer"):
            continue
        code = "\n".join("" if line.lstrip().startswith(("%", "!")) else line for line in source.split("\n"))
        try:
            body = ast.parse(code).body
        except (SyntaxError, ValueError):
            continue
        for node in body:
            if isinstance(node, ast.Import):
                for alias in node.names:
                    if alias.asname or "." not in alias.name:
                        yield alias.asname or alias.name, alias.name, "", role is None
                    else:
                        yield alias.name.partition(".")[0], alias.name, ".", role is None
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                for alias in node.names:
                    yield alias.asname or alias.name, node.module, alias.name, role is None


def _in_the_way(name: str, given: Iterable[str]) -> bool:
    """Whether a file stands where a given one needs a folder, or below a given file's name."""
    return any(other.startswith(f"{name}/") or name.startswith(f"{other}/") for other in given)
