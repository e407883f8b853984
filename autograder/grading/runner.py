"""Runs one notebook: the learner's cells in the workspace, the test cells here, and locked setup cells on both sides.

A runner is a fresh process for each notebook of each submission. It is trusted, so it holds what tests need; it sees
the learner's side only through a Line.
"""

from __future__ import annotations

import contextlib
import hmac
import itertools
import json
import os
import random
import signal
import sys
import time
import types
from collections.abc import Iterator
from typing import Any

import numpy as np

from .jail import Workspace
from .line import Line, WorkspaceGone
from .names import Names
from .notebook import UNPROTECTED, Cell, SourceNotebook, Unreadable, finished, read, repair
from .outcome import cell_record, graded_cell, unreadable
from .outputs import error_output, plain_text
from .scores import without_own_scores
from .settings import Limits
from .workspace.shell import Output, Shell


class CellTimeout(BaseException):
    """A test cell's own code ran over its time."""


def seed_of(seed: str, notebook: str) -> str:
    """The seed of one notebook in a submission, from the submission's."""
    return hmac.new(seed.encode(), notebook.encode(), "sha256").hexdigest()


def public_seed(seed: str) -> int:
    """The seed of ordinary random numbers. The learner's side knows it, so it must not give the tests' seed away."""
    return int.from_bytes(hmac.new(seed.encode(), b"workspace", "sha256").digest()[:4], "big")


class Runner:
    """One notebook. `stopped` holds the cells that ended an earlier attempt, with what to say about each."""

    def __init__(self, shell: Shell, names: Names, limits: Limits, seed: str, stopped: dict[int, str]) -> None:
        self.shell, self.names, self.limits, self.seed, self.stopped = shell, names, limits, seed, stopped
        self.ends = time.monotonic() + limits.seconds
        self.setups: dict[str, str] = {}

    def run(self, source: SourceNotebook, data: bytes, workspace: Workspace) -> dict[str, Any]:
        """What became of the notebook, or {"again": index, "why": text} if one cell ended the workspace."""
        notes: list[str] = []
        try:
            sent = read(data, self.limits.notebook_bytes, self.limits.cells)
        except Unreadable as error:
            return unreadable(source, str(error))
        cells, notes = repair(sent, source)
        self._prepare(source)
        line = Line(workspace, self.shell, self.limits)
        self.names.learner = line.names
        records = []
        numbers = itertools.count(1)
        for index, cell in enumerate(cells):
            if cell["cell_type"] != "code":
                continue
            started = time.monotonic()
            role = "unprotected" if cell["role"] == "test" and UNPROTECTED.match(cell["source"]) else cell["role"]
            self._tell(cell)
            cell["outputs"], ran = self._cell(index, role, cell["source"], line)
            if line.dead:
                return {"again": index, "why": line.dead, "waited": time.monotonic() - started}
            if ran:
                number_cell(cell, next(numbers))
            records.append(cell_record(index, cell, role, time.monotonic() - started, ran))
        return {
            "executed": finished(cells, source.kernelspec),
            "graded": [graded_cell(cell) for cell in cells if cell["metadata"]],
            "cells": records,
            "notes": notes,
            "error": "",
        }

    def _prepare(self, source: SourceNotebook) -> None:
        os.environ["NBGRADER_EXECUTION"] = "autograde"
        value = public_seed(self.seed)
        random.seed(value)
        np.random.seed(value)
        for name, module, attribute, certain in source.imports:
            if name == "*" and certain:
                self.names.stars.append(module)
            elif name != "*":
                self.names.imports[name] = (module, attribute, certain)
        self.names.given = source.given
        shortened = dict(source.given.setups)
        self.setups = {cell.source: shortened[cell.name] for cell in source.cells if cell.name in shortened}

    def _tell(self, cell: Cell) -> None:
        """Let the cell's code know what a check has to: the seed of its inputs, and what the gradebook gives for it."""
        points = cell["metadata"].get("nbgrader", {}).get("points")
        os.environ["AUTOGRADER_SUBMISSION"] = json.dumps({"points": points, "seed": self.seed})

    def _cell(self, index: int, role: str, source: str, line: Line) -> tuple[list[Output], bool]:
        if index in self.stopped:
            return [error_output("Stopped", self.stopped[index])], False
        if time.monotonic() > self.ends:
            return [
                error_output("NotRun", f"not run: the submission used up its {self.limits.seconds:g} seconds")
            ], False
        if not source.strip():
            return [], False
        line.deadline = min(time.monotonic() + self.limits.cell_seconds, self.ends)
        if role == "test":
            self.names.fetch = line.fetch
            line.received.clear()
            outputs = self._here(source)
            value = self.shell.last_execution_result.result
            return without_own_scores(outputs, source, value, self.names, line.received), True
        outputs = line.cell(source)
        if role == "setup" and not line.dead:
            self.names.fetch = None
            self._here(self.setups.get(source, source))
            line.in_step()
        return outputs, True

    def _here(self, source: str) -> list[Output]:
        with _alarm(self.limits.cell_seconds + 2 * self.limits.grace_seconds):
            try:
                outputs = self.shell.run(source)
            except (CellTimeout, WorkspaceGone) as error:
                outputs = [error_output("CellTimeoutError", str(error) or "the test did not end in time")]
        return [_clean(output) for output in outputs]


def number_cell(cell: Cell, number: int) -> None:
    """Number a cell as one kernel would have: the two shells that ran the cells count for themselves."""
    cell["execution_count"] = number
    for output in cell["outputs"]:
        if output["output_type"] == "execute_result":
            output["execution_count"] = number


@contextlib.contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    """Interrupt the trusted code of a cell too: a test may wait for something that never comes."""

    def ring(*_: Any) -> None:
        raise CellTimeout("the test did not end in time")

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds, 1.0)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _clean(output: Output) -> Output:
    """A test's output is the instructor's, but text in it may be the learner's."""
    if output["output_type"] == "stream":
        return {**output, "text": plain_text(output["text"], colours=True)}
    if output["output_type"] == "error":
        return {
            **output,
            "evalue": plain_text(output["evalue"]),
            "traceback": [plain_text(line, colours=True) for line in output["traceback"]],
        }
    data = {k: plain_text(v, colours=True) if k == "text/plain" else v for k, v in output["data"].items()}
    return {**output, "data": data}


def fresh_shell() -> tuple[Shell, Names]:
    """The shell in which test cells run, with a global namespace that also knows the learner's names."""
    names = Names()
    module = types.ModuleType("__main__")
    shell = Shell.instance(user_ns=names, user_module=None)
    names["__name__"] = module.__name__
    return shell, names


def limit_self(limits: Limits) -> None:
    """A runner is trusted, but what it decodes is not: bound it too."""
    import resource

    for name, value in ((resource.RLIMIT_CPU, int(limits.seconds) + 10), (resource.RLIMIT_CORE, 0)):
        hard = resource.getrlimit(name)[1]
        resource.setrlimit(name, (value if hard < 0 else min(value, hard), hard))
    if sys.platform == "linux":
        size = 4 * limits.memory_bytes
        resource.setrlimit(resource.RLIMIT_AS, (size, resource.getrlimit(resource.RLIMIT_AS)[1]))
