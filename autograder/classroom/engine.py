"""The grading engine, set up for a course directory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace

from ..grading import Run, close_workers, cluster_executor
from ..grading.config import settings_of
from ..problem import Problem
from .grade import Grader
from .room import Room


@contextmanager
def grader(
    room: Room, isolation: str | None = None, jobs: int | None = None, cluster: str | None = None
) -> Iterator[Grader]:
    """Grades submissions of `room`; its worker processes end with the block.

    isolation  auto, nested, once or none; by default what nbgrader_config.py says
    jobs       submissions at a time; by default as many as there are cores
    cluster    address of a Dask scheduler, to run submissions there
    Raises Problem where the cluster cannot be used.
    """
    settings = settings_of(room.api.config)
    if isolation is not None:
        settings = replace(settings, isolation=str(isolation))
    with ExitStack() as stack:
        stack.callback(close_workers)
        executor = None
        if cluster is not None:
            try:
                executor = stack.enter_context(cluster_executor(cluster))
            except (RuntimeError, OSError) as error:
                raise Problem(f"The cluster at {cluster} cannot be used: {error}") from error
        yield Grader(room, Run(room.course, settings, executor=executor, jobs=jobs))
