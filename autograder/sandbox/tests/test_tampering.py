"""Submitted files that are not what was handed out: marked as if untouched, or refused in words, never dropped."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from autograder.grading.tests.make_course import answer, check, code, essay, fill, notebook, setup, text
from autograder.sandbox.cells import MAX_TEXTS, Unreadable, read, repair
from autograder.sandbox.settings import Settings
from autograder.sandbox.tests.play import play, source_of

NAMED = ("metadata", "nbgrader", "grade_id")
CELLS = [
    text("# Title"),
    code("import math"),
    setup("limit", "limit = 3"),
    answer("one", "def one():\n    raise NotImplementedError()"),
    check("t_one", "assert one() == limit", 2),
    answer("two", "def two():\n    raise NotImplementedError()"),
    check("t_two", "assert two() == math.pi", 2),
    essay("words", "Explain.", 3),
]
GOOD = {"one": "def one():\n    return 3", "two": "def two():\n    return 0"}
Tree = dict[str, Any]


def cell_of(tree: Tree, name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(c for c in tree["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") == name)
    return found


def meta(tree: Tree, name: str) -> dict[str, Any]:
    found: dict[str, Any] = cell_of(tree, name)["metadata"]["nbgrader"]
    return found


def change(name: str, **values: Any) -> Callable[[Tree], Any]:
    return lambda tree: meta(tree, name).update(values)


def drop(*names: str) -> Callable[[Tree], Any]:
    def cut(tree: Tree) -> None:
        tree["cells"] = [c for c in tree["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") not in names]

    return cut


def twice(name: str, source: str, first: bool) -> Callable[[Tree], Any]:
    def add(tree: Tree) -> None:
        extra = copy.deepcopy(cell_of(tree, name))
        extra["source"] = source
        tree["cells"].insert(0 if first else len(tree["cells"]), extra)

    return add


def every(action: Callable[[dict[str, Any]], Any]) -> Callable[[Tree], Any]:
    return lambda tree: [action(cell) for cell in tree["cells"]] and None


TAMPERED: dict[str, Callable[[Tree], Any]] = {
    "test source replaced": lambda t: cell_of(t, "t_two").update(source="pass"),
    "test deleted": drop("t_two"),
    "all tests deleted": drop("t_one", "t_two"),
    "setup deleted": drop("limit"),
    "setup changed": lambda t: cell_of(t, "limit").update(source="limit = 99"),
    "a test and its answer deleted": drop("t_two", "two"),
    "points raised": change("t_two", points=100),
    "points that are no number": change("t_two", points="many"),
    "points gone": lambda t: meta(t, "t_two").pop("points"),
    "no longer graded": change("t_two", grade=False),
    "a test becomes an answer": change("t_two", solution=True),
    "no longer locked": change("t_two", locked=False),
    "a test becomes a task": change("t_two", task=True),
    "a test becomes text": lambda t: cell_of(t, "t_two").update(cell_type="markdown"),
    "a test becomes raw": lambda t: cell_of(t, "t_two").update(cell_type="raw"),
    "another name": change("t_two", grade_id="other"),
    "no name": lambda t: meta(t, "t_two").pop("grade_id"),
    "a name that is a list": change("t_two", grade_id=["t_two"]),
    "the name of the other test": change("t_two", grade_id="t_one"),
    "a checksum of their own": change("t_two", checksum="0" * 32),
    "an old schema": change("t_two", schema_version=0),
    "a future schema": change("t_two", schema_version=99),
    "metadata that is text": lambda t: cell_of(t, "t_two")["metadata"].update(nbgrader="x"),
    "no metadata": lambda t: cell_of(t, "t_two").pop("metadata"),
    "tags": every(lambda c: c["metadata"].update(tags=["raises-exception", "skip-execution", "remove-cell"])),
    "outputs of their own": lambda t: cell_of(t, "t_two").update(
        outputs=[{"output_type": "execute_result", "data": {"text/plain": "2.0"}, "metadata": {}, "execution_count": 1}]
    ),
    "outputs that are none": every(lambda c: c.update(outputs="2.0", execution_count="x")),
    "a second test first": twice("t_two", "2.0", True),
    "a second test last": twice("t_two", "2.0", False),
    "a second setup": twice("limit", "limit = 99", True),
    "another kernel": lambda t: t["metadata"].update(
        kernelspec={"name": "bash", "display_name": "x", "language": "sh"}
    ),
    "no kernel": lambda t: t.pop("metadata"),
    "sources as lists": every(lambda c: c.update(source=c["source"].splitlines(True))),
    "another minor version": lambda t: t.update(nbformat_minor=99),
    "unknown keys": lambda t: t.update(evil=[1], worksheets=[]),
    "attachments": every(lambda c: c.update(attachments={"x": {"image/svg+xml": "<svg/onload=alert(1)>"}})),
    "cells that are none": lambda t: t["cells"].extend([None, 3, "x", [], {}]),
}


@pytest.mark.parametrize("name", TAMPERED)
def test_it_is_marked_as_if_untouched(quick: Settings, name: str) -> None:
    tree = fill(notebook(CELLS), GOOD)
    TAMPERED[name](tree)
    played = play(CELLS, quick, sent=tree)
    expected: dict[str, float | None] = {"t_one": 2.0, "t_two": 0.0, "words": None}
    assert played.marks == expected, played.notebook
    names = [c["metadata"].get("nbgrader", {}).get("grade_id") for c in played.notebook["cells"] if c["metadata"]]
    assert len(names) == len(set(names))
    sources = {
        n: c["source"] for c in played.notebook["cells"] if (n := c["metadata"].get("nbgrader", {}).get("grade_id"))
    }
    assert sources["t_two"] == "assert two() == math.pi"
    assert sources["limit"] == "limit = 3"


UNREADABLE: dict[str, bytes] = {
    "empty": b"",
    "no JSON": b"{",
    "another encoding": "é".encode("utf-16"),
    "a list": b"[]",
    "a number": b"3",
    "no cells": b'{"nbformat": 4}',
    "cells that are text": b'{"nbformat": 4, "cells": "x"}',
    "nested without end": b"[" * 200_000,
    "nested cells": b'{"nbformat": 4, "cells": ' + b"[" * 50_000,
    "too many cells": json.dumps({"nbformat": 4, "cells": [{"cell_type": "raw"}] * 3000}).encode(),
    "too large": b" " * 70_000_000,
    "a version nobody knows": b'{"nbformat": 77, "cells": []}',
    "bytes": bytes(range(256)) * 100,
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_is_no_notebook_gets_nothing_and_says_why(quick: Settings, name: str) -> None:
    played = play(CELLS, quick, sent=UNREADABLE[name])
    assert played.marks["t_one"] is played.marks["t_two"] is None  # a person has to look
    assert played.outcome.error
    assert "could not be graded" in played.notebook["cells"][0]["source"]


def test_an_old_format_is_read() -> None:
    old = {
        "nbformat": 3, "nbformat_minor": 0, "metadata": {"name": "x"},
        "worksheets": [{"metadata": {}, "cells": [
            {"cell_type": "code", "input": "x = 1", "language": "python", "outputs": [], "metadata": {}},
        ]}],
    }  # fmt: skip
    assert [cell["source"] for cell in read(json.dumps(old).encode(), NAMED, 10**6, 10)] == ["x = 1"]


def test_too_large_is_said_in_words() -> None:
    with pytest.raises(Unreadable, match="more than the 1 MB allowed"):
        read(b" " * 2_000_000, NAMED, 1_000_000, 10)


def test_of_more_text_than_anybody_writes_the_rest_is_shown_as_it_was_typed() -> None:
    long = "*words* " + "x" * 9_990
    sent = read(json.dumps(notebook([text(long) for _ in range(60)])).encode(), NAMED, 10**7, 100)
    shown = [cell["source"] for cell in repair(sent, source_of([]))[0]]
    parsed = MAX_TEXTS // len(long)
    assert all("<em>words</em>" in source for source in shown[:parsed])
    assert all(source.startswith("<div><pre>*words* xxx") for source in shown[parsed:])


def test_missing_cells_come_back_where_they_belong() -> None:
    sent = read(json.dumps(notebook(CELLS[:2] + CELLS[3:4])).encode(), NAMED, 10**6, 100)
    cells, notes = repair(sent, source_of(CELLS))
    names = [c["metadata"].get("nbgrader", {}).get("grade_id") for c in cells]
    assert names == ["limit", None, None, "one", "t_one", "t_two", "words"]
    assert len(notes) == 1
    assert notes[0].startswith("lacks the cells limit, t_one, two, t_two, words:")


@pytest.mark.parametrize("name", [".home", ".home/.ipython/profile_default/startup/00.py", "json.py", "wire.py"])
def test_a_file_in_the_way_of_what_the_workspace_needs_changes_nothing(quick: Settings, name: str) -> None:
    played = play(CELLS, quick, GOOD, files={name: b"raise SystemExit"})
    assert played.marks == {"t_one": 2.0, "t_two": 0.0, "words": None}
    assert played.result.restarts == 0


def test_a_moved_answer_is_not_overwritten_by_its_stub(quick: Settings) -> None:
    tree = fill(notebook(CELLS), GOOD)
    cell_of(tree, "one")["metadata"] = {}
    assert play(CELLS, quick, sent=tree).marks["t_one"] == 2.0
