"""The version of what grades a unit: a hash over everything its marks depend on, so that a mended check is noticed."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import autograder
import reference_impl

from .. import paths
from ..grading.assignment import Assignment
from .other_units import asked_by

PACKAGES = {
    autograder.__name__: paths.PACKAGE,
    reference_impl.__name__: Path(str(reference_impl.__file__)).resolve().parent,
}
MARKS = paths.PACKAGE / "notebook" / "marks.py"


def version(assignment: Assignment, own_checks: Path) -> str:
    """The version of a unit's checks in a course directory: the gradebook's cells, the modules that its checks import,
    the instructor's own checks, and the files that stand beside the source notebook.
    """
    asked = {asked_by(cell) or "" for notebook in assignment.notebooks for cell in notebook.cells}
    units = sorted({question.partition(".")[0] for question in asked} - {""})
    shipped = [path for name in units if (path := paths.PACKAGE / "checks" / f"{name}.py").is_file()]
    digest = hashlib.sha256(repr(assignment.notebooks).encode())
    for name, data in sorted(assignment.files.items()):
        digest.update(name.encode() + b"\0" + hashlib.sha256(data).digest())
    for path in sorted({*imported([MARKS, *shipped]), *own_checks.rglob("*.py")}):
        digest.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def imported(files: Iterable[Path]) -> set[Path]:
    """These files, and every file of this project that they import, directly or not."""
    found: set[Path] = set()
    waiting = list(files)
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.add(path)
            waiting += _imports(path)
    return found


@cache
def _imports(path: Path) -> list[Path]:
    module = _module_of(path)
    names = []
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            package = module if path.name == "__init__.py" else module[:-1]
            base = [*package[: len(package) - node.level + 1], *([node.module] if node.module else [])]
            start = ".".join(base) if node.level else str(node.module)
            names += [start, *(f"{start}.{alias.name}" for alias in node.names)]
    return [file for name in names for file in _files_of(name)]


def _module_of(path: Path) -> list[str]:
    for name, folder in PACKAGES.items():
        if path.is_relative_to(folder):
            parts = [name, *path.relative_to(folder).with_suffix("").parts]
            return parts[:-1] if parts[-1] == "__init__" else parts
    return [path.stem]


def _files_of(module: str) -> list[Path]:
    """The file of a module and those of the packages it is in; none where it is not of this project."""
    package, *rest = module.split(".")
    if package not in PACKAGES:
        return []
    found, folder = [PACKAGES[package] / "__init__.py"], PACKAGES[package]
    for part in rest:
        folder = folder / part
        found.append(folder / "__init__.py" if folder.is_dir() else folder.with_suffix(".py"))
    return [path for path in found if path.is_file()]
