"""Builds a small nbgrader course in plain style, with submissions, for tests and benchmarks."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

Cell = dict[str, Any]


def code(source: str, **nbgrader: Any) -> Cell:
    """A code cell, with nbgrader metadata if any is given."""
    cell: Cell = {"cell_type": "code", "metadata": {}, "source": source, "outputs": [], "execution_count": None}
    if nbgrader:
        cell["metadata"]["nbgrader"] = _nbgrader("code", nbgrader)
    return cell


def text(source: str, **nbgrader: Any) -> Cell:
    """A markdown cell, with nbgrader metadata if any is given."""
    cell: Cell = {"cell_type": "markdown", "metadata": {}, "source": source}
    if nbgrader:
        cell["metadata"]["nbgrader"] = _nbgrader("markdown", nbgrader)
    return cell


def _nbgrader(kind: str, given: dict[str, Any]) -> dict[str, Any]:
    base = {"schema_version": 3, "cell_type": kind, "grade": False, "solution": False, "locked": False, "task": False}
    return {**base, **given}


def answer(name: str, source: str) -> Cell:
    """A cell the learner fills in."""
    return code(source, grade_id=name, solution=True)


def check(name: str, source: str, points: float) -> Cell:
    """An autograded test cell."""
    return code(source, grade_id=name, grade=True, locked=True, points=points)


def setup(name: str, source: str) -> Cell:
    """A locked cell."""
    return code(source, grade_id=name, locked=True)


def essay(name: str, source: str, points: float) -> Cell:
    """A manually graded answer in words."""
    return text(source, grade_id=name, grade=True, solution=True, points=points)


def notebook(cells: list[Cell]) -> dict[str, Any]:
    """Cells as a notebook."""
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 4}


def write(path: Path, tree: object) -> None:
    """Write a notebook, or any text or bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(tree, bytes):
        path.write_bytes(tree)
    else:
        path.write_text(tree if isinstance(tree, str) else json.dumps(tree, indent=1))


def make_course(root: Path, sources: dict[str, dict[str, list[Cell]]], config: str = "") -> Path:
    """A course folder with its gradebook, from {assignment: {notebook: cells}}; uses nbgrader's own command."""
    root.mkdir(parents=True, exist_ok=True)
    (root / "nbgrader_config.py").write_text("c = get_config()\nc.CourseDirectory.course_id = 'course'\n" + config)
    for assignment, notebooks in sources.items():
        for name, cells in notebooks.items():
            write(root / "source" / assignment / f"{name}.ipynb", notebook(cells))
        nbgrader(root, "generate_assignment", assignment, "--force")
    return root


def nbgrader(root: Path, *args: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Run an nbgrader command in the course."""
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", *args],
        cwd=root, capture_output=True, text=True, timeout=500, env=environment(),
    )  # fmt: skip
    if check and done.returncode:
        raise RuntimeError(f"nbgrader {args} failed:\n{done.stdout}\n{done.stderr}")
    return done


def environment() -> dict[str, str]:
    """The environment for nbgrader's commands: it looks for the program alembic on PATH."""
    return {**os.environ, "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])}


def released(root: Path, assignment: str, name: str) -> dict[str, Any]:
    """The notebook a learner gets."""
    tree: dict[str, Any] = json.loads((root / "release" / assignment / f"{name}.ipynb").read_text())
    return tree


def fill(tree: dict[str, Any], answers: dict[str, str]) -> dict[str, Any]:
    """The notebook with sources put in, by grade_id."""
    tree = json.loads(json.dumps(tree))
    for cell in tree["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id")
        if name in answers:
            cell["source"] = answers[name]
    return tree


def submit(root: Path, student: str, assignment: str, name: str, tree: object) -> Path:
    """Put a notebook (or raw text or bytes) where collected submissions are."""
    path = root / "submitted" / student / assignment / f"{name}.ipynb"
    write(path, tree)
    return path


def marks_in(root: Path, assignment: str, db_url: str = "") -> dict[str, dict[str, tuple[Any, ...]]]:
    """{student: {grade_id: (auto_score, manual_score, needs_manual_grade)}} as the gradebook has it."""
    from nbgrader.api import Gradebook

    with Gradebook(db_url or f"sqlite:///{root / 'gradebook.db'}", "course") as gradebook:
        return {
            submission.student.id: {
                grade.name: (grade.auto_score, grade.manual_score, grade.needs_manual_grade)
                for notebook in submission.notebooks
                for grade in notebook.grades
            }
            for submission in gradebook.assignment_submissions(assignment)
        }
