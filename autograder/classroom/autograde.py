"""The one place where submissions are autograded. Here nbgrader itself does it, in a few processes at a time."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from ..nbgrader_api import why_not
from .room import Room
from .submission import Submission

# More processes than this wait for each other at an SQLite gradebook.
AT_MOST = 4
# Below this many submissions a further process costs more than it saves.
WORTH_A_PROCESS = 4

Task = Callable[[Room, Submission], str]


def autograde(room: Room, todo: Iterable[Submission]) -> Iterator[tuple[Submission, str]]:
    """Execute submissions and put their marks into the gradebook and their notebooks under autograded/.

    Yields each submission when it is done with "" or, where nbgrader gave up, why. The order may be another.
    """
    return _each(room, autograde_one, list(todo))


def generate_feedback(room: Room, todo: Iterable[Submission]) -> Iterator[tuple[Submission, str]]:
    """Make the feedback pages of graded submissions under feedback/; yields as `autograde` does."""
    return _each(room, generate_feedback_for_one, list(todo))


def autograde_one(room: Room, submission: Submission) -> str:
    return _said(lambda: room.api.autograde(submission.unit, submission.learner))


def generate_feedback_for_one(room: Room, submission: Submission) -> str:
    return _said(lambda: room.api.generate_feedback(submission.unit, submission.learner))


def _said(call: Callable[[], dict[str, Any]]) -> str:
    """Nothing, or why a call of nbgrader's interface failed."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # nbgrader's and its libraries' own; a learner's show in the notebook
        result = call()
    return why_not(result)


def _each(room: Room, task: Task, todo: list[Submission]) -> Iterator[tuple[Submission, str]]:
    jobs = min(os.cpu_count() or 1, AT_MOST, len(todo) // WORTH_A_PROCESS)
    left = set(todo)
    if jobs > 1:
        for submission, why_not in _in_processes(jobs, room, task, todo):
            left.discard(submission)
            yield submission, why_not
    for submission in todo:
        if submission in left:
            yield submission, task(room, submission)


def _in_processes(jobs: int, room: Room, task: Task, todo: list[Submission]) -> Iterator[tuple[Submission, str]]:
    """As `_each`; ends early where a process dies, because that takes the whole pool with it."""
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        running = {pool.submit(_in_worker, task, room.root, room.api.coursedir.db_url, s): s for s in todo}
        try:
            for done in as_completed(running):
                yield running[done], done.result()
        except BrokenProcessPool:
            return
        finally:
            pool.shutdown(cancel_futures=True)


def _in_worker(task: Task, root: Path, db_url: str, submission: Submission) -> str:
    return task(_opened(root, db_url), submission)


@cache
def _opened(root: Path, db_url: str) -> Room:
    return Room.open(root, db_url)
