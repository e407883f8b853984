"""What several tests need: a unit's solved and untouched names, and its collected answers."""

from __future__ import annotations

import contextlib
import importlib
import io
from functools import cache
from types import ModuleType
from typing import Any

import nbformat

from autograder.build.script import read_script, worked
from autograder.course import read

UNITS = tuple(u.short for u in read().units if u.exercise.is_file())


@cache
def _solved(unit: str) -> dict[str, Any]:
    script = read_script(read().unit(unit))
    sources = [worked(c.source) if c.kind == "solution" else c.source for c in script.cells if not c.markdown]
    return _run(
        unit,
        [s for s, c in zip(sources, [c for c in script.cells if not c.markdown], strict=True) if c.kind != "check"],
    )


@cache
def _untouched(unit: str) -> dict[str, Any]:
    notebook = nbformat.read(read().unit(unit).exercise, as_version=4)
    return _run(unit, [c.source for c in notebook.cells if c.cell_type == "code" and not c.source.startswith("check(")])


def _run(unit: str, sources: list[str]) -> dict[str, Any]:
    names: dict[str, Any] = {"__name__": f"notebook_{unit}"}
    with contextlib.redirect_stdout(io.StringIO()):
        for source in sources:
            exec(compile(source, f"<{unit}>", "exec"), names)
    return names


def solved(unit: str) -> dict[str, Any]:
    """The names a notebook holds with every solution in it (a fresh dictionary)."""
    return dict(_solved(unit))


def untouched(unit: str) -> dict[str, Any]:
    """The names an exercise holds when it was run as it was handed out."""
    return dict(_untouched(unit))


def answers(unit: str) -> ModuleType:
    """The unit's right and wrong answers."""
    return importlib.import_module(f"autograder.tests.answers.{unit}")
