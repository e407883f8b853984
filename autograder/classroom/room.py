"""An existing course directory, opened."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from ..grading import Course, records
from ..nbgrader_api import open_api
from ..problem import Problem
from . import settings

SQLITE = "sqlite:///"


@dataclass(frozen=True)
class Room:
    """A course directory and nbgrader's interface to it."""

    root: Path
    api: Any

    @classmethod
    def open(cls, root: Path, db_url: str | None = None) -> Room:
        """The course directory at `root`.

        db_url  another gradebook than the configured one
        Raises Problem where there is none, or where its configuration fails.
        """
        if root.is_file():
            raise Problem(f"{root} is a file. Give the folder that `mha init` made.")
        if not root.is_dir():
            raise Problem(f"There is no folder {root}. `mha init {root}` makes a course directory there.")
        if not (root / settings.NAME).is_file():
            raise Problem(
                f"{root} is not a course directory: it has no {settings.NAME}. Give the folder that `mha init` made."
            )
        if str(root.resolve()) not in sys.path:  # as nbgrader's own commands do, for plugins beside the configuration
            sys.path.append(str(root.resolve()))
        config = settings.load(root)
        if db_url is not None:
            config.CourseDirectory.db_url = db_url
        room = cls(root.resolve(), open_api(root, config))
        file = room.gradebook_file
        if file is not None and not file.is_file():
            raise Problem(f"The gradebook {file} is missing. Put it back from a backup, or run `mha init {root}`.")
        return room

    @property
    def course(self) -> Course:
        """The course directory as the grading engine sees it."""
        return Course(self.root, self.api.config, self.api.coursedir)

    @property
    def gradebook_file(self) -> Path | None:
        """The gradebook's file; None where it is a database server's."""
        url = self.api.coursedir.db_url
        return Path(url.removeprefix(SQLITE)) if url.startswith(SQLITE) else None

    @contextmanager
    def gradebook(self) -> Iterator[Any]:
        """nbgrader's Gradebook. Raises Problem where it cannot be read."""
        from sqlalchemy.exc import DatabaseError, SAWarning

        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", SAWarning)  # nbgrader adds rows in an order SQLAlchemy warns of
                with self.api.gradebook as gradebook:
                    yield gradebook
        except DatabaseError as error:
            raise Problem(
                f"The gradebook {self.api.coursedir.db_url} cannot be used: {error.orig}. If the file is damaged, put "
                "it back from a backup."
            ) from error

    @cached_property
    def units(self) -> tuple[str, ...]:
        """The names of the units (nbgrader's assignments) in the gradebook."""
        with self.gradebook() as gradebook:
            return tuple(sorted(a.name for a in gradebook.assignments))

    def select(self, names: Iterable[str]) -> tuple[str, ...]:
        """The units named, with or without their number; all of them where none is named."""
        chosen = set()
        for name in names:
            found = [u for u in self.units if name in (u, u.partition("_")[2])]
            if not found:
                known = ", ".join(self.units) or "none"
                raise Problem(
                    f"There is no unit {name!r} in {self.root}. It has: {known}. `mha init {self.root} {name}` adds a "
                    "unit of the course."
                )
            chosen.add(found[0])
        return tuple(u for u in self.units if not chosen or u in chosen)

    def source(self, unit: str) -> Path:
        return self._folder("source", ".", unit)

    def released(self, unit: str) -> Path:
        return self._folder("release", ".", unit)

    def submitted(self, learner: str, unit: str) -> Path:
        return self._folder("submitted", learner, unit)

    def autograded(self, learner: str, unit: str) -> Path:
        return self._folder("autograded", learner, unit)

    def feedback(self, learner: str, unit: str) -> Path:
        return self._folder("feedback", learner, unit)

    def record(self, learner: str, unit: str) -> Path:
        return records.path_of(self.root, unit, learner)

    @property
    def checks(self) -> Path:
        """The instructor's own checks."""
        return self.root / "checks"

    def _folder(self, step: str, learner: str, unit: str) -> Path:
        course = self.api.coursedir
        return Path(os.path.normpath(course.format_path(getattr(course, f"{step}_directory"), learner, unit)))

    def must_be_writable(self) -> None:
        """Raises Problem, naming the first file or folder that grading could not write."""
        parts = [self._folder("autograded", ".", "."), self._folder("feedback", ".", "."), self.root / "records"]
        for path in (self.root, *parts, self.gradebook_file):
            if path is None or not path.exists():
                continue
            if path != self.gradebook_file and not path.is_dir():
                raise Problem(f"{path} is in the way: a folder of that name is needed. Move the file elsewhere.")
            if not os.access(path, os.W_OK):
                raise Problem(f"{path} cannot be written. Change its permissions, or copy the course directory.")
