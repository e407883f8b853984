"""The guide to grading names a test for each promise: they all exist."""

from __future__ import annotations

import ast
import re
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[2]
GUIDE = PACKAGE.parent / "course" / "guide_grading.md"


def promises() -> list[tuple[str, list[str]]]:
    """Each promise, with the names of the tests that hold it."""
    section = GUIDE.read_text("utf-8").split("## What is promised")[1].split("\n## ")[0]
    rows = re.findall(r"^\| (.+?) \| (.+?) \|$", section, re.MULTILINE)
    return [(promise, re.findall(r"`(\w+)`", tests)) for promise, tests in rows if promise != "promise"]


def test_every_promise_names_a_test_that_exists() -> None:
    files = PACKAGE.rglob("test_*.py")
    known = {
        node.name
        for path in files
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef)
    }
    found = promises()
    assert len(found) > 10
    for promise, tests in found:
        assert tests, promise
        assert set(tests) <= known, promise


def test_it_says_that_no_jail_is_for_trusted_code() -> None:
    (row,) = [line for line in GUIDE.read_text("utf-8").splitlines() if line.startswith("| `none` |")]
    assert "can read and change everything that you can" in row
    assert "Only for code you trust, and only when you ask for it" in row


def test_its_pictures_are_there() -> None:
    pictures = re.findall(r"\]\((pictures/[^)]+)\)", GUIDE.read_text("utf-8"))
    assert pictures
    assert all((GUIDE.parent / path).is_file() for path in pictures)
