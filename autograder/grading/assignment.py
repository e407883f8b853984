"""One assignment: what the gradebook and the instructor's own folder say of it."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..sandbox.cells import UNPROTECTED, SourceCell, SourceNotebook
from ..sandbox.given import given_names, parsed
from ..sandbox.packing import pack_assignment
from .config import GradingEngine
from .course import CourseError, NbgraderCourse
from .folders import read_own_folder


@dataclass(frozen=True)
class Assignment:
    """The notebooks the gradebook has, and everything that running one needs, as bytes.

    files       what stands beside the source notebook, by name
    own_checks  the instructor's own modules of checks, by name
    packed      all of it, as it travels to a worker
    """

    name: str
    notebooks: tuple[SourceNotebook, ...]
    packed: bytes = field(repr=False)
    files: dict[str, bytes] = field(repr=False, default_factory=dict)
    own_checks: dict[str, bytes] = field(repr=False, default_factory=dict)


def read_assignment(course: NbgraderCourse, name: str) -> Assignment:
    """Everything needed to grade `name`. Raises CourseError."""
    with course.gradebook() as gradebook:
        found = next((a for a in gradebook.assignments if a.name == name), None)
        if found is None or not found.notebooks:
            raise CourseError(
                f"The gradebook has no assignment {name!r}. Run `nbgrader generate_assignment {name}` first."
            )
        notebooks = tuple(_notebook(course, name, notebook) for notebook in found.notebooks)
    files, checks = _given_files(course, name), _own_checks(course)
    return Assignment(name, notebooks, pack_assignment(list(notebooks), files, checks), files, checks)


def _notebook(course: NbgraderCourse, assignment: str, notebook: Any) -> SourceNotebook:
    kernelspec = json.loads(notebook.kernelspec or "{}") or {}
    language = str(kernelspec.get("language") or "python")
    if language.lower() != "python":
        raise CourseError(
            f"{assignment}/{notebook.name} needs the kernel {kernelspec.get('name')!r} ({language}). "
            "Only Python notebooks can be graded this way; grade this one with stock nbgrader."
        )
    grades, tasks = {c.name: c for c in notebook.grade_cells}, {c.name: c for c in notebook.task_cells}
    solutions = {c.name for c in notebook.solution_cells}
    engine = GradingEngine(config=course.config)
    unprotected = engine.leaves_unprotected(assignment)
    original = _instructors(course, assignment, notebook.name)
    order = {name: position for position, (name, _, _) in enumerate(original) if name}
    cells = [
        source_cell(
            cell.name, cell.cell_type, cell.source or "", locked=cell.locked, grade=cell.name in grades,
            solution=cell.name in solutions, task=cell.name in tasks, checksum=cell.checksum,
            points=_points(grades.get(cell.name) or tasks.get(cell.name)), unprotected=unprotected,
        )
        for cell in notebook.source_cells
    ]  # fmt: skip
    cells.sort(key=lambda cell: order.get(cell.name, len(order)))
    stand_ins = set(engine.stand_ins)
    sources = [source for _, kind, source in original if kind == "code"] + [cell.source for cell in cells]
    if useless := next(
        (cell.name for cell in cells if cell.role == "unprotected" and _uses(stand_ins, cell, sources)), ""
    ):
        raise CourseError(
            f"{assignment}/{notebook.name}/{useless} runs unprotected and calls {' or '.join(sorted(stand_ins))}, which does "
            "nothing beside the learner's code: everybody would get full points. Let this cell be protected."
        )
    return source_notebook(notebook.name, kernelspec, cells, original)


def source_notebook(
    name: str, kernelspec: dict[str, Any], cells: list[SourceCell], original: list[tuple[str | None, str, str]]
) -> SourceNotebook:
    """A notebook for the sandbox.

    cells: what the gradebook knows, in the instructor's order. original: every cell of the instructor's own version, as
    (grade_id or None, cell type, source); it may be empty.
    """
    code = [(name, source) for name, kind, source in original if kind == "code"]
    return SourceNotebook(
        name=name, kernelspec=kernelspec, cells=tuple(cells), named_by=("metadata", "nbgrader", "grade_id"),
        imports=tuple(imports_of(code, cells)), given=given_names(code, cells),
        texts=tuple(source for name, kind, source in original if kind == "markdown" and not name),
    )  # fmt: skip


def source_cell(
    name: str, cell_type: str, source: str, *, locked: bool, grade: bool, solution: bool, task: bool,
    points: float | None, checksum: str | None = None, unprotected: bool = False,
) -> SourceCell:  # fmt: skip
    """A cell for the sandbox from what nbgrader says of it. `unprotected`: no test of this assignment is protected."""
    told: dict[str, Any] = {
        "grade": grade, "grade_id": name, "locked": locked, "schema_version": 3, "solution": solution, "task": task,
        "cell_type": cell_type,
    }  # fmt: skip
    if checksum is not None:
        told["checksum"] = checksum
    if grade or task:
        told["points"] = points
    role = "text"
    if cell_type == "code":
        role = "answer" if solution or not locked else "test" if grade else "setup"
    if role == "test" and (unprotected or UNPROTECTED.match(source)):
        role = "unprotected"
    return SourceCell(name, cell_type, source, role, locked, points, {"nbgrader": told})


def _uses(modules: set[str], cell: SourceCell, sources: list[str]) -> bool:
    """Whether a cell uses a name that any of these sources imports from one of the modules, or imports one itself."""
    trees = [tree for source in sources if (tree := parsed(source)) is not None]
    names = {
        alias.asname or alias.name.partition(".")[0]
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
        if (getattr(node, "module", None) or alias.name).partition(".")[0] in modules
    }
    own = parsed(cell.source)
    return own is not None and any(isinstance(node, ast.Name) and node.id in names for node in ast.walk(own))


def _points(cell: Any) -> float | None:
    return None if cell is None else float(cell.max_score)


def _instructors(course: NbgraderCourse, assignment: str, notebook: str) -> list[tuple[str | None, str, str]]:
    """The instructor's own version, as (grade_id or None, cell type, source), if it is there."""
    for step in ("source", "release"):
        path = course.folder(step, ".", assignment) / f"{notebook}.ipynb"
        try:
            cells = json.loads(path.read_text("utf-8"))["cells"]
        except (OSError, ValueError, KeyError):
            continue
        return [
            (c.get("metadata", {}).get("nbgrader", {}).get("grade_id"), c["cell_type"], "".join(c["source"]))
            for c in cells
        ]
    return []


def _given_files(course: NbgraderCourse, assignment: str) -> dict[str, bytes]:
    excluded = set(course.config.Autograde.get("exclude_overwriting", {}).get(assignment, []))
    files = _instructors_files(course, course.folder("source", ".", assignment))
    return {name: data for name, data in files.items() if not name.endswith(".ipynb") and name not in excluded}


def _own_checks(course: NbgraderCourse) -> dict[str, bytes]:
    """The instructor's own modules, which travel with the assignment: a worker may be on another machine."""
    return {name: data for name, data in _instructors_files(course, course.checks).items() if name.endswith(".py")}


def _instructors_files(course: NbgraderCourse, folder: Path) -> dict[str, bytes]:
    return read_own_folder(str(folder), course.coursedir.ignore)


def imports_of(original: list[tuple[str | None, str]], cells: list[SourceCell]) -> Iterator[tuple[str, str, str, bool]]:
    """What the instructor's notebook imports (see SourceNotebook), apart from cells that tests run anyway."""
    roles = {cell.name: cell.role for cell in cells}
    for name, source in original:
        role = roles.get(name or "")
        if role not in (None, "answer"):
            continue
        code = "\n".join("" if line.lstrip().startswith(("%", "!")) else line for line in source.split("\n"))
        try:
            body = ast.parse(code).body
        except (SyntaxError, ValueError):
            continue
        for node in body:
            if isinstance(node, ast.Import):
                for alias in node.names:
                    if alias.asname or "." not in alias.name:
                        yield alias.asname or alias.name, alias.name, "", role is None
                    else:
                        yield alias.name.partition(".")[0], alias.name, ".", role is None
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                for alias in node.names:
                    yield alias.asname or alias.name, node.module, alias.name, role is None
