"""An existing course directory, opened by a person who grades."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from ..grading import NbgraderCourse, Run, open_api, settings_of
from ..problem import Problem
from ..sandbox import close_workers, cluster_executor
from . import settings


@dataclass(frozen=True)
class CourseDirectory:
    """A course directory, and nbgrader's interface to it."""

    course: NbgraderCourse
    api: Any

    @classmethod
    def open(cls, root: Path, db_url: str | None = None) -> CourseDirectory:
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
        directory = cls.of(root, db_url)
        file = directory.course.gradebook_file
        if file is not None and not file.is_file():
            raise Problem(f"The gradebook {file} is missing. Put it back from a backup, or run `mha init {root}`.")
        return directory

    @classmethod
    def of(cls, root: Path, db_url: str | None = None) -> CourseDirectory:
        """The course directory at `root`, whose gradebook may not be there yet."""
        config = settings.load(root)
        if db_url is not None:
            config.CourseDirectory.db_url = db_url
        api = open_api(root, config)
        return cls(NbgraderCourse(root, api.config, api.coursedir), api)

    @property
    def root(self) -> Path:
        return self.course.root

    @cached_property
    def units(self) -> tuple[str, ...]:
        """The names of the units (nbgrader's assignments) in the gradebook."""
        return tuple(self.course.assignments())

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
        return self.course.folder("source", ".", unit)

    def released(self, unit: str) -> Path:
        return self.course.folder("release", ".", unit)

    def submitted(self, learner: str, unit: str) -> Path:
        return self.course.folder("submitted", learner, unit)

    def autograded(self, learner: str, unit: str) -> Path:
        return self.course.folder("autograded", learner, unit)

    def feedback(self, learner: str, unit: str) -> Path:
        return self.course.folder("feedback", learner, unit)

    def must_be_writable(self) -> None:
        """Raises Problem, naming the first file or folder that grading could not write."""
        file = self.course.gradebook_file
        parts = [self.autograded(".", "."), self.feedback(".", "."), self.root / "records"]
        for path in (self.root, *parts, file):
            if path is None or not path.exists():
                continue
            if path != file and not path.is_dir():
                raise Problem(f"{path} is in the way: a folder of that name is needed. Move the file elsewhere.")
            if not os.access(path, os.W_OK):
                raise Problem(f"{path} cannot be written. Change its permissions, or copy the course directory.")

    @contextmanager
    def grading(
        self, isolation: str | None = None, jobs: int | None = None, cluster: str | None = None
    ) -> Iterator[Run]:
        """A grading run; its worker processes end with the block.

        isolation  auto, nested, once or none; by default what nbgrader_config.py says
        jobs       submissions at a time; by default as many as there are cores
        cluster    address of a Dask scheduler, to run submissions there
        Raises Problem where the cluster cannot be used, or the directory cannot be written.
        """
        self.must_be_writable()
        chosen = settings_of(self.course.config)
        if isolation is not None:
            chosen = replace(chosen, isolation=str(isolation))
        with ExitStack() as stack:
            stack.callback(close_workers)
            executor = None
            if cluster is not None:
                try:
                    executor = stack.enter_context(cluster_executor(cluster))
                except (RuntimeError, OSError) as error:
                    raise Problem(f"The cluster at {cluster} cannot be used: {error}") from error
            yield Run(self.course, chosen, executor=executor, jobs=jobs)
