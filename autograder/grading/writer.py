"""Owns the gradebook: puts results in, many submissions at a time. It runs no cell and reads no submitted notebook."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

import sqlalchemy
from nbgrader import api
from sqlalchemy import Connection, select

from .assignment import Assignment
from .course import CourseError, NbgraderCourse
from .lateness import Lateness
from .marks import NotebookMarks

T = TypeVar("T")
LOCKED_SECONDS = 120
CONFLICTS = 5  # rows that another command wrote meanwhile are seen at the next attempt


@dataclass(frozen=True)
class GradebookEntry:
    """What goes into the gradebook for one submission. `reviewed`: a person has scored exactly this submission."""

    student: str
    timestamp: datetime | None
    notebooks: dict[str, NotebookMarks]
    reviewed: bool = False


class Writer:
    """Writes the marks of one assignment. Manual scores, comments, extra credit and flags stay as they are."""

    def __init__(self, course: NbgraderCourse, assignment: Assignment, lateness: Lateness) -> None:
        self.course, self.assignment, self.lateness = course, assignment, lateness
        with course.gradebook():  # makes tables and course if they are new
            pass
        url = course.coursedir.db_url
        options: dict[str, Any] = {"connect_args": {"timeout": LOCKED_SECONDS / 2}} if url.startswith("sqlite") else {}
        self.engine = sqlalchemy.create_engine(url, **options)
        self.create_students = bool(course.config.Autograde.get("create_student", True))
        with self.engine.connect() as connection:
            self._read_assignment(connection)

    def _read_assignment(self, connection: Connection) -> None:
        self.id: str = connection.scalars(
            select(api.Assignment.id).where(api.Assignment.name == self.assignment.name)
        ).one()
        notebooks = select(api.Notebook.name, api.Notebook.id).where(api.Notebook.assignment_id == self.id)
        self.notebooks: dict[str, str] = {row.name: row.id for row in connection.execute(notebooks)}
        base = api.BaseCell.__table__
        cells = select(base.c.notebook_id, base.c.name, base.c.id, base.c.type).where(
            base.c.notebook_id.in_(list(self.notebooks.values()))
        )
        self.graded: dict[str, dict[str, str]] = {id: {} for id in self.notebooks.values()}
        self.commented: dict[str, dict[str, str]] = {id: {} for id in self.notebooks.values()}
        for notebook, name, id, kind in connection.execute(cells):
            if kind in ("GradeCell", "TaskCell"):
                self.graded[notebook][name] = id
            if kind in ("SolutionCell", "TaskCell"):
                self.commented[notebook][name] = id

    def write(self, entries: Sequence[GradebookEntry], enrol: Sequence[str] = ()) -> None:
        """One transaction for all entries, and for learners of whom nothing is known. A busy gradebook is waited for."""
        _patiently(lambda: self._write(entries, enrol))

    def close(self) -> None:
        """Let go of the gradebook."""
        self.engine.dispose()

    def _write(self, entries: Sequence[GradebookEntry], enrol: Sequence[str]) -> None:
        with self.engine.begin() as connection:
            _Batch(self, connection, list(entries)).write(enrol)


class _Batch:
    """The rows behind a number of submissions, read once, changed, and written back."""

    def __init__(self, writer: Writer, connection: Connection, entries: list[GradebookEntry]) -> None:
        self.writer, self.connection, self.entries = writer, connection, entries

    def write(self, enrol: Sequence[str]) -> None:
        self._students(enrol)
        self._submissions()
        self._submitted_notebooks()
        self._grades()
        self._comments()
        self._penalties()

    def _students(self, enrol: Sequence[str]) -> None:
        names = [*(entry.student for entry in self.entries), *enrol]
        known = set(self.connection.scalars(select(api.Student.id).where(api.Student.id.in_(names))))
        new = [name for name in names if name not in known]
        if new and not self.writer.create_students:
            self.entries = [entry for entry in self.entries if entry.student in known]
            new = []
        self._insert(api.Student, [{"id": name} for name in new])

    def _submissions(self) -> None:
        table = api.SubmittedAssignment
        query = select(table.student_id, table.id, table.timestamp, table.extension).where(
            table.assignment_id == self.writer.id, table.student_id.in_([entry.student for entry in self.entries])
        )
        self.submissions = {student: (id, stamp, more) for student, id, stamp, more in self.connection.execute(query)}
        rows, changes = [], []
        for entry in self.entries:
            id, timestamp, extension = self.submissions.get(entry.student, (api.new_uuid(), None, None))
            timestamp = timestamp if entry.timestamp is None else entry.timestamp
            extension = self.writer.lateness.extension(entry.student, extension)
            told = {"id": id, "timestamp": timestamp, "extension": extension}
            if entry.student in self.submissions:
                changes.append(told)
            else:
                rows.append({**told, "assignment_id": self.writer.id, "student_id": entry.student})
            self.submissions[entry.student] = (id, timestamp, extension)
        self._insert(table, rows)
        self._update(table, changes)

    def _submitted_notebooks(self) -> None:
        table = api.SubmittedNotebook
        ids = [self.submissions[entry.student][0] for entry in self.entries]
        query = select(table.assignment_id, table.notebook_id, table.id).where(table.assignment_id.in_(ids))
        self.places = {(submission, notebook): id for submission, notebook, id in self.connection.execute(query)}
        rows = []
        for submission in ids:
            for notebook in self.writer.notebooks.values():
                if (submission, notebook) not in self.places:
                    self.places[submission, notebook] = id = api.new_uuid()
                    rows.append({"id": id, "assignment_id": submission, "notebook_id": notebook, "flagged": False})
        self._insert(table, rows)

    def _each(self) -> Iterable[tuple[GradebookEntry, str, str, NotebookMarks]]:
        for entry in self.entries:
            for name, marks in entry.notebooks.items():
                notebook = self.writer.notebooks[name]
                yield entry, notebook, self.places[self.submissions[entry.student][0], notebook], marks

    def _grades(self) -> None:
        table = api.Grade
        query = select(
            table.notebook_id, table.cell_id, table.id, table.manual_score, table.extra_credit, table.auto_score,
            table.needs_manual_grade,
        ).where(table.notebook_id.in_(list(self.places.values())))  # fmt: skip
        known = {(place, cell): row for place, cell, *row in self.connection.execute(query)}
        rows, changes = [], []
        self.scores: dict[str, float] = {}
        for entry, notebook, place, marks in self._each():
            for name, cell in self.writer.graded[notebook].items():
                id, manual, extra, old_auto, needed = known.get((place, cell), (None, None, None, None, False))
                mark = marks.marks.get(name)
                auto = mark.score if mark else None
                needs = not marks.missing and (manual is not None or auto is None)
                if entry.reviewed and manual is not None and auto == old_auto:
                    needs = needed  # what that person saw is what stands there now
                score = manual if manual is not None else auto
                self.scores[place] = self.scores.get(place, 0.0) + (0.0 if score is None else score + (extra or 0.0))
                values = {"auto_score": auto, "needs_manual_grade": needs}
                if id is None:
                    rows.append({"id": api.new_uuid(), "notebook_id": place, "cell_id": cell, **values})
                elif mark is not None or marks.missing:
                    changes.append({"id": id, **values})
        self._insert(table, rows)
        self._update(table, changes)

    def _comments(self) -> None:
        table = api.Comment
        query = select(table.notebook_id, table.cell_id, table.id).where(
            table.notebook_id.in_(list(self.places.values()))
        )
        known = {(place, cell): id for place, cell, id in self.connection.execute(query)}
        rows, changes = [], []
        for _, notebook, place, marks in self._each():
            for name, cell in self.writer.commented[notebook].items():
                id, text = known.get((place, cell)), marks.comments.get(name)
                if id is None:
                    rows.append({"id": api.new_uuid(), "notebook_id": place, "cell_id": cell, "auto_comment": text})
                elif name in marks.comments:
                    changes.append({"id": id, "auto_comment": text})
        self._insert(table, rows)
        self._update(table, changes)

    def _penalties(self) -> None:
        changes = []
        for entry, _, place, marks in self._each():
            if marks.missing:
                continue
            _, timestamp, extension = self.submissions[entry.student]
            late = self.writer.lateness.seconds(timestamp, extension)
            penalty = self.writer.lateness.penalty(entry.student, self.scores.get(place, 0.0), late)
            changes.append({"id": place, "late_submission_penalty": penalty})
        self._update(api.SubmittedNotebook, changes)

    def _insert(self, table: Any, rows: list[dict[str, Any]]) -> None:
        if rows:
            self.connection.execute(table.__table__.insert(), rows)

    def _update(self, table: Any, rows: list[dict[str, Any]]) -> None:
        if rows:
            core = table.__table__
            names = [name for name in rows[0] if name != "id"]
            statement = (
                core.update()
                .where(core.c.id == sqlalchemy.bindparam("_id"))
                .values({name: sqlalchemy.bindparam(f"_{name}") for name in names})
            )
            self.connection.execute(statement, [{f"_{name}": value for name, value in row.items()} for row in rows])


def _patiently(write: Callable[[], T]) -> T:
    """Try again while another command holds the gradebook."""
    ends, wait, conflicts = time.monotonic() + LOCKED_SECONDS, 0.05, 0
    while True:
        try:
            return write()
        except sqlalchemy.exc.IntegrityError:
            conflicts += 1
            if conflicts > CONFLICTS:
                raise
        except sqlalchemy.exc.OperationalError as error:
            if time.monotonic() > ends:
                raise CourseError(
                    f"The gradebook could not be written for {LOCKED_SECONDS} seconds: {error.orig}. Close what else uses "
                    "it, and grade again; what was graded before is kept."
                ) from error
        time.sleep(wait)
        wait = min(wait * 2, 2.0)
