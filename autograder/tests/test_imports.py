"""Imports go one way: who may import whom, as CONTRIBUTING says."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import autograder

PACKAGE = Path(autograder.__file__).parent
# What each part may import of this project; its own modules always. Parts that are not listed may import any listed one.
ALLOWED = {
    "problem": set(),
    "paths": set(),
    "environment": set(),
    "own_python": set(),
    "kept_file": set(),
    "course": {"paths", "problem"},
    "followed_example": {"reference_impl"},
    "markdown_tables": set(),
    "vocabulary": {"problem"},
    "trained_model": {"paths", "problem", "reference_impl", "vocabulary"},
    "recording": set(),
    "marking": {"recording"},
    "mistakes": {"marking", "reference_impl"},
    "checks": {"environment", "marking", "mistakes", "problem", "reference_impl", "trained_model"},
    "sandbox": {"environment", "own_python", "problem"},
    "slow_imports": set(),
    "grading": {"own_python", "problem", "sandbox", "slow_imports"},
    "quiz": {"course", "kept_file", "paths", "problem", "reference_impl"},
}


def part_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def modules() -> Iterator[Path]:
    """Every module but the tests and the benchmarks, which may use anything."""
    for path in sorted(PACKAGE.rglob("*.py")):
        if not {"tests", "bench"} & set(path.relative_to(PACKAGE).parts):
            yield path


def imported(path: Path, top_level_only: bool = False) -> set[str]:
    """The parts of this project that a module imports."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    package = ["autograder", *path.relative_to(PACKAGE).parent.parts]
    found: set[str] = set()
    for node in tree.body if top_level_only else ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = [*package[: len(package) - node.level + 1], *([node.module] if node.module else [])]
            start = ".".join(base) if node.level else str(node.module)
            names = [f"{start}.{alias.name}" for alias in node.names]
        else:
            continue
        for name in names:
            first, _, rest = name.partition(".")
            if first == "reference_impl":
                found.add(first)
            elif first == "autograder" and rest:
                found.add(rest.partition(".")[0])
    return found - {part_of(path)}


@pytest.mark.parametrize("part", ALLOWED)
def test_a_part_imports_only_what_is_below_it(part: str) -> None:
    paths = [path for path in modules() if part_of(path) == part]
    assert paths
    strays = {path.name: imported(path) - ALLOWED[part] for path in paths}
    assert {name: found for name, found in strays.items() if found} == {}


def test_no_part_imports_in_a_circle() -> None:
    graph: dict[str, set[str]] = {}
    for path in modules():
        if part_of(path) != "__init__":
            graph.setdefault(part_of(path), set()).update(imported(path, top_level_only=True) - {"__init__"})
    assert list(TopologicalSorter(graph).static_order())


def test_no_two_classes_bear_one_name() -> None:
    bearers: dict[str, list[str]] = {}
    reference = PACKAGE.parent / "reference_impl"
    for path in [*modules(), *(p for p in reference.rglob("*.py") if "tests" not in p.parts)]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                bearers.setdefault(node.name, []).append(path.relative_to(PACKAGE.parent).as_posix())
    assert {name: paths for name, paths in bearers.items() if len(paths) > 1} == {}
