"""A course directory as nbgrader keeps it: its configuration, its folders, its gradebook, and its secret."""

from __future__ import annotations

import glob
import hmac
import os
import re
import secrets
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from jupyter_core.paths import jupyter_config_path
from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory as NbgraderFolders
from traitlets.config import Config, PyFileConfigLoader
from traitlets.config.loader import ConfigFileNotFound

from ..problem import Problem

SECRET = "course_secret.txt"
CHECKS = "checks"
SQLITE = "sqlite:///"


class CourseError(Problem):
    """The course cannot be graded as it is. The message says what to do."""


class NbgraderCourse:
    """A course folder with its nbgrader_config.py."""

    def __init__(self, root: str | os.PathLike[str], config: Config | None = None, coursedir: Any = None) -> None:
        self.config = load_config(Path(root).resolve()) if config is None else config
        if coursedir is None:
            coursedir = NbgraderFolders(config=self.config)
            if "root" not in self.config.CourseDirectory:
                coursedir.root = str(Path(root).resolve())
        self.coursedir = coursedir
        self.root = Path(coursedir.root)

    @property
    def course_id(self) -> str:
        """nbgrader's name for the course in the gradebook."""
        return self.coursedir.course_id or "default_course"

    @property
    def gradebook_file(self) -> Path | None:
        """The gradebook's file; None where it is a database server's."""
        url = self.coursedir.db_url
        return Path(url.removeprefix(SQLITE)) if url.startswith(SQLITE) else None

    @property
    def checks(self) -> Path:
        """The instructor's own checks."""
        return self.root / CHECKS

    @contextmanager
    def gradebook(self) -> Iterator[Gradebook]:
        """nbgrader's Gradebook. Raises CourseError where it cannot be read."""
        from sqlalchemy.exc import DatabaseError, OperationalError, SAWarning

        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", SAWarning)  # nbgrader adds rows in an order SQLAlchemy warns of
                with Gradebook(self.coursedir.db_url, self.course_id) as gradebook:
                    yield gradebook
        except DatabaseError as error:
            what_to_do = "If the file is damaged, put it back from a backup"
            if isinstance(error, OperationalError):
                what_to_do = "Close what else uses it, or start its server, and run this again"
            raise CourseError(
                f"The gradebook {self.coursedir.db_url} cannot be used: {error.orig}. {what_to_do}."
            ) from error

    def assignments(self) -> list[str]:
        """The names of all assignments in the gradebook."""
        with self.gradebook() as gradebook:
            return sorted(assignment.name for assignment in gradebook.assignments)

    def folder(self, step: str, student: str, assignment: str) -> Path:
        """A folder of nbgrader's: step is source, release, submitted, autograded or feedback."""
        directory = getattr(self.coursedir, f"{step}_directory")
        return Path(os.path.normpath(self.coursedir.format_path(directory, student, assignment)))

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

    @property
    def submitted(self) -> Path:
        """The folder of all submissions, which the instructor may have put anywhere: what lies below is the learners'."""
        folder = self.folder("submitted", ".", ".")
        return folder if folder.name == self.coursedir.submitted_directory else self.root

    def seed(self, assignment: str, student: str, submission: str) -> str:
        """The seed of a submission with this hash: nobody can know it without the course's secret."""
        told = "\0".join((assignment, student, submission))
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
