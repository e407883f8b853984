"""The sandbox stands alone: it needs no nbgrader and no attention, and grades a notebook that nbgrader never saw."""

from __future__ import annotations

import json
import subprocess

from autograder.own_python import own_environment, own_python
from autograder.sandbox import Settings, execute
from autograder.sandbox.cells import SourceCell, SourceNotebook
from autograder.sandbox.given import given_names
from autograder.sandbox.packing import pack_assignment, pack_submission

TEXT = SourceCell("m", "markdown", "# Doubles", "text", True, None, {})
ANSWER = SourceCell("a1", "code", "", "answer", False, None, {})
TEST = SourceCell("t1", "code", "float(double(4) == 8)", "test", True, 1.0, {"kept": "yes"})
PLAIN = SourceNotebook("plain", {}, (TEXT, ANSWER, TEST), given=given_names([], [ANSWER, TEST]))

IMPORT_ALL = """
import importlib, pkgutil, sys
import autograder.sandbox as package
for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
    if ".tests" not in module.name:
        importlib.import_module(module.name)
print([name for name in ("nbgrader", "reference_impl", "autograder.marking", "autograder.grading") if name in sys.modules])
"""


def test_all_of_it_loads_neither_nbgrader_nor_the_reference() -> None:
    done = subprocess.run(own_python("-c", IMPORT_ALL), capture_output=True, text=True, env=own_environment())
    assert (done.stdout.strip(), done.stderr) == ("[]", "")


def test_a_notebook_that_no_nbgrader_made_is_graded(quick: Settings) -> None:
    cells = [
        {"cell_type": "markdown", "id": "m", "metadata": {}, "source": "# Doubles"},
        {"cell_type": "code", "id": "a1", "metadata": {}, "source": "def double(x):\n    return 2 * x", "outputs": []},
        {"cell_type": "code", "id": "t1", "metadata": {}, "source": "1.0  # forged", "outputs": []},
    ]
    sent = json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()
    result = execute(pack_assignment([PLAIN], {}), pack_submission({"plain": sent}, {}), "seed", quick)
    executed = result.notebooks["plain"]
    assert [(cell.name, cell.role, cell.outcome) for cell in executed.cells] == [
        ("a1", "answer", "ok"),
        ("t1", "test", "ok"),
    ]
    (shown,) = executed.known[2]["outputs"]
    assert shown["data"]["text/plain"] == "1.0"
    assert executed.known[2]["metadata"]["kept"] == "yes"
    assert executed.notes == ("has changed cells: t1; they were run as the instructor gave them",)
