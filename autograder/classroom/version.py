"""The version of what marks a unit: one hash over everything that can change a mark, so that such a change regrades.

What counts: the unit as gradebook and instructor's folder have it, the checks it asks for, every file that marks, runs or
reads marks, the trained model, and the versions of Python and NumPy that run it. Pages, tables, pictures, the quiz and
the commands do not count.

Our own code counts by what it does: comments, docstrings, layout, and the sentences and titles that a report prints are
left out. Where it is not certain that a string is only shown, it counts. An instructor's own files count byte for byte.
"""

from __future__ import annotations

import ast
import hashlib
import platform
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import numpy as np

from .. import paths
from ..grading.assignment import Assignment
from ..sandbox.cells import SourceCell
from .other_units import ASKS

# Folders and files below autograder/. Of checks/ only what a unit asks for is added, in `_checks`.
COUNTED = (
    "marking", "mistakes", "recording", "sandbox", "grading", "checks/__init__.py", "notebook/marks.py", "classroom/hooks.py",
    "classroom/other_units.py", "environment.py", "own_python.py", "paths.py", "problem.py", "trained_model.py",
    "vocabulary.py",
)  # fmt: skip
# Of these, what only shows. Marking has ended when it is called.
SHOWS = ("marking/render.py", "marking/describe.py", "marking/executed.py")

# Where a sentence stands among the arguments. A file's own function with a parameter `says` is found by itself.
SAYS = {"Mistake": 2, "named": 2, "guess": 1}
# A facet's title is not among them: it decides the inputs that are drawn.
OF_QUESTIONS = ("title", "read")

DYNAMIC = {"importlib", "__import__", "exec", "eval", "runpy"}
QUESTION = re.compile(r"\w+\.\w+")


def version(assignment: Assignment, house: Path = paths.PACKAGE.parent) -> str:
    """The version of what marks an assignment.

    house  the folder that holds autograder/ and reference_impl/
    """
    parts = {"python": platform.python_version_tuple()[:2], "numpy": np.__version__, "cells": assignment.notebooks}
    found = {name: repr(part).encode() for name, part in parts.items()}
    found |= {f"given/{name}": data for name, data in assignment.files.items()}
    found |= {f"model/{name}": data for name, data in _model(house)}
    found |= {name: _code(data) for name, data in _engine(house)}
    found |= _checks(assignment, house / "autograder" / "checks")
    digest = hashlib.sha256()
    for name, data in sorted(found.items()):
        digest.update(name.encode() + b"\0" + hashlib.sha256(data).digest())
    return digest.hexdigest()


def counted(house: Path) -> Iterator[Path]:
    """The files of the engine that can change a mark, whatever a unit asks."""
    package = house / "autograder"
    shows = {package / name for name in SHOWS}
    for start in [*(package / name for name in COUNTED), house / "reference_impl"]:
        for path in start.rglob("*.py") if start.is_dir() else [start]:
            if path not in shows and "tests" not in path.relative_to(house).parts:
                yield path


def _engine(house: Path) -> Iterator[tuple[str, bytes]]:
    for path in counted(house):
        yield path.relative_to(house).as_posix(), path.read_bytes()


def _model(house: Path) -> Iterator[tuple[str, bytes]]:
    for path in (paths.root_of(house / "autograder") / "course" / "model").glob("*"):
        if path.suffix in (".npz", ".json"):
            yield path.name, path.read_bytes()


def _checks(assignment: Assignment, shipped: Path) -> dict[str, bytes]:
    """The modules with the checks that an assignment's cells name, and those that these name in turn."""
    theirs = {f"checks/{name}": data for name, data in assignment.own_checks.items()}
    ours = {f"autograder/checks/{path.name}": path.read_bytes() for path in shipped.glob("*.py")}
    waiting, found = {**ours, **theirs}, set[str]()
    cells = [cell for notebook in assignment.notebooks for cell in notebook.cells if cell.cell_type == "code"]
    named = {word for cell in cells for word in _led_to(cell)}
    named |= _words(repr([(notebook.imports, notebook.given) for notebook in assignment.notebooks]))
    while not DYNAMIC & named and (new := {name for name in waiting if _is_named(name, named)}):
        named = {word for name in new for word in mentioned(waiting.pop(name))}
        found |= new
    found |= waiting.keys() if DYNAMIC & named else set()
    return {name: theirs[name] if name in theirs else _code(ours[name]) for name in found}


def _is_named(file: str, named: set[str]) -> bool:
    """Whether one of the words is a module's, or a folder's that it is in."""
    return not named.isdisjoint(Path(file.partition("checks/")[2]).with_suffix("").parts)


def _led_to(cell: SourceCell) -> set[str]:
    """A test cell that does more than check one question may put a name together, so every word of it may lead on."""
    plain = cell.role != "test" or ASKS.fullmatch(cell.source.strip()) is not None
    return mentioned(cell.source.encode()) if plain else _words(cell.source)


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text))


def mentioned(source: bytes) -> set[str]:
    """The words that may lead from code to a module: those of its imports, and the units of questions it names.

    Of what is no Python, every word; and whatever looks for modules by itself may find them all.
    """
    try:
        nodes = list(ast.walk(ast.parse(source)))
    except (SyntaxError, ValueError):
        return _words(source.decode("utf-8", "replace")) | DYNAMIC
    found = set()
    for node in nodes:
        if isinstance(node, ast.Import | ast.ImportFrom):
            found |= _words(ast.unparse(node))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and QUESTION.fullmatch(node.value):
            found.add(node.value.partition(".")[0])
        elif isinstance(node, ast.Name) and node.id in DYNAMIC:
            found.add(node.id)
    return found


@cache
def _code(source: bytes) -> bytes:
    """A module without what cannot change a mark: comments, layout, docstrings, and sentences of reports."""
    tree = ast.parse(source)
    says = dict(SAYS)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and "says" in (names := [a.arg for a in node.args.args]):
            says[node.name] = names.index("says")
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node) is not None:
            del node.body[0]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            for text in _texts(node, node.func.id, says):
                if isinstance(text, ast.Constant) and isinstance(text.value, str):
                    text.value = ""
    return ast.dump(tree).encode()


def _texts(call: ast.Call, name: str, says: Mapping[str, int]) -> Iterator[ast.expr]:
    """The arguments of a call that are only ever shown."""
    if name in says:
        yield from call.args[says[name] : says[name] + 1]
    for keyword in call.keywords:
        if (keyword.arg == "says" and name in says) or (keyword.arg in OF_QUESTIONS and name.endswith("Question")):
            yield keyword.value
