"""Feedback pages, made by nbgrader itself, in a few processes at a time."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack
from functools import cache
from multiprocessing import get_context
from pathlib import Path

from ..grading import HandedIn, why_not
from ..own_python import own_processes
from .directory import CourseDirectory

# More processes than this wait for each other at an SQLite gradebook.
AT_MOST = 4
# Below this many submissions a further process costs more than it saves.
WORTH_A_PROCESS = 4


def generate_feedback(directory: CourseDirectory, todo: Iterable[HandedIn]) -> Iterator[tuple[HandedIn, str]]:
    """Make the feedback pages of graded submissions under feedback/.

    Yields each submission when it is done with "" or, where nbgrader gave up, why. The order may be another.
    """
    todo = list(todo)
    jobs = min(os.cpu_count() or 1, AT_MOST, len(todo) // WORTH_A_PROCESS)
    left = set(todo)
    if jobs > 1:
        for submission, why in _in_processes(jobs, directory, todo):
            left.discard(submission)
            yield submission, why
    for submission in todo:
        if submission in left:
            yield submission, generate_one(directory, submission)


def generate_one(directory: CourseDirectory, submission: HandedIn) -> str:
    """Nothing, or why nbgrader could not make the page."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # nbgrader's and its libraries' own
        result = directory.api.generate_feedback(submission.unit, submission.learner)
    return why_not(result)


def _in_processes(jobs: int, directory: CourseDirectory, todo: list[HandedIn]) -> Iterator[tuple[HandedIn, str]]:
    """Ends early where a process dies, because that takes the whole pool with it."""
    with ExitStack() as stack:
        with own_processes():  # the pool starts a process that tidies up, and submitting starts those that work
            pool = stack.enter_context(ProcessPoolExecutor(jobs, mp_context=get_context("spawn")))
            running = {pool.submit(_in_worker, directory.root, directory.course.coursedir.db_url, s): s for s in todo}
        try:
            for done in as_completed(running):
                yield running[done], done.result()
        except BrokenProcessPool:
            return
        finally:
            pool.shutdown(cancel_futures=True)


def _in_worker(root: Path, db_url: str, submission: HandedIn) -> str:
    return generate_one(_opened(root, db_url), submission)


@cache
def _opened(root: Path, db_url: str) -> CourseDirectory:
    return CourseDirectory.open(root, db_url)
