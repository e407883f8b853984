"""The gradebook in PostgreSQL."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.grading import grade
from autograder.grading.tests.classroom import HONEST, make_class
from autograder.grading.tests.make_course import marks_in
from autograder.grading.tests.postgresql_server import server
from autograder.sandbox import Settings

pytest.importorskip("psycopg2")
__all__ = ["server"]


def test_marks_in_postgresql_are_those_in_sqlite(quick: Settings, server: str, graded: Path, tmp_path: Path) -> None:
    root = make_class(tmp_path / "course", f"c.CourseDirectory.db_url = {server!r}\n")
    settings = Settings(isolation=quick.isolation)
    summary = grade(root, settings=settings, jobs=2)
    assert len(summary.records) == len(HONEST)
    assert not (root / "gradebook.db").exists()
    assert marks_in(root, "ps1", server) == marks_in(graded, "ps1")
    grade(root, settings=settings, jobs=2, force=True)
    assert marks_in(root, "ps1", server) == marks_in(graded, "ps1")
