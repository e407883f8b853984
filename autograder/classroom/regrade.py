"""Grading everything again in a copy, so that a person sees what would change before anything is written."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from ..problem import Problem
from . import secret
from .grade import Graded, Grader
from .room import SQLITE, Room
from .submission import Submission, submissions

# What grading only reads is linked, not copied.
READ_ONLY = ("source", "release", "submitted", "checks")


def copy_of(room: Room, folder: Path) -> Room:
    """A copy of a course directory to grade in: settings, secret, records and gradebook (as SQLite), all below `folder`."""
    for path in [*room.root.glob("*.py"), room.root / secret.NAME]:
        shutil.copy(path, folder)
    for name in READ_ONLY:
        there = room.root / getattr(room.api.coursedir, f"{name}_directory", name)
        if there.is_dir() and there.is_relative_to(room.root):
            (folder / there.relative_to(room.root)).symlink_to(there, target_is_directory=True)
    if (room.root / "records").is_dir():
        shutil.copytree(room.root / "records", folder / "records")
    url = f"{SQLITE}{folder / 'gradebook.db'}"
    _copy_gradebook(room.api.coursedir.db_url, url)
    return Room.open(folder, url)


def again(copy: Room, units: Iterable[str]) -> tuple[list[Submission], Iterator[Graded]]:
    """Grade everything handed in for these units in a copy. Returns what there is to do, and its results as they come."""
    todo = submissions(copy, units)
    return todo, Grader(copy).grade(todo)


def adopt(room: Room, copy: Room, graded: Sequence[Graded]) -> None:
    """Take over what was graded in the copy: automatic scores and comments, penalties, notebooks and records.

    Scores, extra credit and comments that people gave are not touched, nor are those given since the copy was made.
    """
    Grader(room)  # that everything can be written is known before the first thing is
    with room.gradebook() as real, copy.gradebook() as rehearsed:
        for done in graded:
            _adopt_scores(real, rehearsed, done.submission)
        real.db.commit()
    for done in graded:
        learner, unit = done.submission.learner, done.submission.unit
        _replace(copy.autograded(learner, unit), room.autograded(learner, unit))
        record = room.record(learner, unit)
        record.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(copy.record(learner, unit), record)


def _adopt_scores(real: Any, rehearsed: Any, submission: Submission) -> None:
    new = rehearsed.find_submission(submission.unit, submission.learner)
    real.update_or_create_student(submission.learner)
    old = real.update_or_create_submission(submission.unit, submission.learner, timestamp=new.timestamp)
    for notebook in old.notebooks:
        found = rehearsed.find_submission_notebook(notebook.name, submission.unit, submission.learner)
        notebook.late_submission_penalty = found.late_submission_penalty
        grades = {grade.name: grade for grade in found.grades}
        for grade in notebook.grades:
            if grade.name in grades:
                grade.auto_score = grades[grade.name].auto_score
                if grade.manual_score == grades[grade.name].manual_score:
                    grade.needs_manual_grade = grades[grade.name].needs_manual_grade
        comments = {comment.name: comment for comment in found.comments}
        for comment in notebook.comments:
            if comment.name in comments:
                comment.auto_comment = comments[comment.name].auto_comment


def _replace(new: Path, old: Path) -> None:
    if old.is_dir():
        shutil.rmtree(old)
    if new.is_dir():
        shutil.copytree(new, old)


def _copy_gradebook(url: str, to: str) -> None:
    """Every row of a gradebook into a new one, whatever the kinds of the two databases."""
    from nbgrader.api import Base
    from sqlalchemy import Column, MetaData, String, Table, create_engine, select
    from sqlalchemy.exc import DatabaseError

    version = Table("alembic_version", MetaData(), Column("version_num", String(32), nullable=False))
    source, copy = create_engine(url), create_engine(to)
    try:
        with source.connect() as reading, copy.begin() as writing:
            for table in (version, *Base.metadata.sorted_tables):
                table.create(writing)
                rows = [dict(row._mapping) for row in reading.execute(select(table))]
                if rows:
                    writing.execute(table.insert(), rows)
    except DatabaseError as error:
        raise Problem(f"The gradebook {url} cannot be copied: {error.orig}.") from error
    finally:
        source.dispose()
        copy.dispose()
