"""The gradebook in PostgreSQL."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.grading import grade
from autograder.grading.tests.classroom import HONEST, make_class
from autograder.grading.tests.make_course import marks_in, submit
from autograder.grading.tests.postgresql_server import server
from autograder.sandbox import Settings

pytest.importorskip("psycopg2")
__all__ = ["server"]
QUOTED = "a'; drop table student; --%s{x}"


def test_marks_in_postgresql_are_those_in_sqlite(quick: Settings, server: str, graded: Path, tmp_path: Path) -> None:
    root = make_class(tmp_path / "course", f"c.CourseDirectory.db_url = {server!r}\n")
    settings = Settings(isolation=quick.isolation)
    summary = grade(root, settings=settings, jobs=2)
    assert len(summary.records) == len(HONEST)
    assert not (root / "gradebook.db").exists()
    assert marks_in(root, "ps1", server) == marks_in(graded, "ps1")
    grade(root, settings=settings, jobs=2, force=True)
    assert marks_in(root, "ps1", server) == marks_in(graded, "ps1")
    # A name that means something in SQL, and one that is longer than nbgrader's column: SQLite takes that, PostgreSQL not.
    right = (root / "submitted" / "right" / "ps1" / "p1.ipynb").read_bytes()
    for student in (QUOTED, "x" * 200):
        submit(root, student, "ps1", "p1", right)
    assert [record.learner for record in grade(root, settings=settings, jobs=2).failed] == ["x" * 200]
    marks = marks_in(root, "ps1", server)
    assert marks.pop(QUOTED) == marks["right"]
    assert marks == marks_in(graded, "ps1")
