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
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np

from ..environment import GRADED_CELL
from .attempt import End, time_is_up
from .cells import ASKING, Cell, SourceNotebook, Unreadable, read, repair
from .given import test_defines
from .jail import Workspace
from .jailed.shared import costs, wire
from .jailed.shared.shell import Output, Shell
from .jailed.shared.wire import NotPlain
from .jailed.walls import address_space
from .learner_scores import without_learners_scores
from .line import CallTimeout, Line, WorkspaceGone
from .names import Names
from .outcome import CellOutcome
from .outputs import REPORT, error_output, safe_outputs
from .settings import Limits


class CellTimeout(BaseException):
    """A test cell's own code ran over its time."""


def seed_of(seed: str, notebook: str) -> str:
    """The seed of one notebook in a submission, from the submission's."""
    return hmac.new(seed.encode(), notebook.encode(), "sha256").hexdigest()


def public_seed(seed: str) -> int:
    """The seed of ordinary random numbers. The learner's side knows it, so it must not give the tests' seed away."""
    return int.from_bytes(hmac.new(seed.encode(), b"workspace", "sha256").digest()[:4], "big")


class Runner:
    """One notebook. `stopped` holds the cells that ended an earlier attempt, with what to say about each.

    watch: whether the learner's calls may be watched. ends: when its time is over (time.monotonic). tell: takes the name of a Transcript's method and its arguments.
    """

    def __init__(
        self, shell: Shell, names: Names, limits: Limits, seed: str, stopped: dict[int, str], ends: float, watch: bool,
        tell: Callable[..., None],
    ) -> None:  # fmt: skip
        self.shell, self.names, self.limits, self.seed, self.stopped = shell, names, limits, seed, stopped
        self.ends, self.watch, self.tell = ends, watch, tell
        self.setups: dict[str, str] = {}

    def run(self, source: SourceNotebook, data: bytes, workspace: Workspace) -> End:
        """Run what can be run, and tell of each cell."""
        try:
            sent = read(data, source.named_by, self.limits.notebook_bytes, self.limits.cells)
        except Unreadable as error:
            return End("unreadable", str(error))
        cells, notes = repair(sent, source)
        self.tell("begun", cells, notes)
        self._prepare(source)
        line = Line(workspace, self.shell, self.limits)
        line.is_tests = partial(test_defines, source.cells)
        line.watch = self.watch
        self.names.learner = line.names
        if why := self._wait_for(line):
            return End("failed", why)
        numbers = itertools.count(1)
        for index, cell in enumerate(cells):
            if cell["cell_type"] != "code":
                continue
            started = time.monotonic()
            role = role_of(cell)
            self._let_know(cell)
            outputs, outcome = self._cell(index, role, cell["source"], line)
            if line.dead:
                return End("watched" if line.watched else "cell", line.dead, index)
            count = None
            if outcome not in (CellOutcome.STOPPED, CellOutcome.NOT_RUN, CellOutcome.EMPTY):
                count = next(numbers)
                number_outputs(outputs, count)
            self.tell("cell_ended", index, outputs, count, role, str(outcome), time.monotonic() - started)
        return End("done")

    def _wait_for(self, line: Line) -> str:
        """Wait until the learner's process is ready. The result is why it is not, where that is our failure, or ""."""
        started = time.monotonic()
        try:
            line.begin(self.ends)
        except wire.Late:
            if not self.stopped:
                return f"the process for the learner's cells was not ready after {self.limits.seconds:g} seconds"
            # Earlier attempts used up the time: the cells will say so.
        except (wire.Closed, wire.Broken):
            return "the process for the learner's cells ended before it was ready"
        self.tell("waited", time.monotonic() - started)
        return ""

    def _prepare(self, source: SourceNotebook) -> None:
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

    def _let_know(self, cell: Cell) -> None:
        """Let the cell's code know what a check has to: the seed of its inputs, and the points that are given for it."""
        os.environ[GRADED_CELL] = json.dumps({"points": cell["points"], "seed": self.seed})

    def _cell(self, index: int, role: str, source: str, line: Line) -> tuple[list[Output], CellOutcome]:
        if index in self.stopped:
            return [error_output("Stopped", self.stopped[index])], CellOutcome.STOPPED
        if time.monotonic() > self.ends:
            return [error_output("NotRun", time_is_up(self.limits))], CellOutcome.NOT_RUN
        if not source.strip():
            return [], CellOutcome.EMPTY
        self.tell("cell_begins", index)
        line.deadline = min(time.monotonic() + self.limits.cell_seconds, self.ends)
        if role in ("test", "asking"):
            self.names.fetch, self.names.forget = line.fetch, line.forget
            line.asking = role == "asking"
            line.received.clear()
            outputs, outcome = self._here(source)
            value = self.shell.last_execution_result.result
            return without_learners_scores(outputs, source, value, self.names, line.received), outcome
        outputs, outcome = line.cell(source)
        if role == "setup" and not line.dead:
            self.tell("cell_begins", index)
            self.names.fetch = self.names.forget = None
            self._here(self.setups.get(source, source))
            line.in_step()
        return outputs, outcome

    def _here(self, source: str) -> tuple[list[Output], CellOutcome]:
        left = max(0.0, min(self.limits.cell_seconds, self.ends - time.monotonic()))
        with _alarm(left + 2 * self.limits.grace_seconds):
            try:
                outputs, error = self.shell.run(source)
            except (CellTimeout, WorkspaceGone) as stop:
                outputs = [error_output("CellTimeoutError", str(stop) or "the test did not end in time")]
                return outputs, CellOutcome.TIMEOUT
        return safe_outputs(outputs, (REPORT,)), outcome_of(error)


def role_of(cell: Cell) -> str:
    """A cell's role; asking is that of a test whose first line says so."""
    return "asking" if cell["role"] == "test" and ASKING.match(cell["source"]) else str(cell["role"])


def outcome_of(error: BaseException | None) -> CellOutcome:
    """How a test cell ended, by the error it ended in."""
    if error is None:
        return CellOutcome.OK
    if isinstance(error, CallTimeout | CellTimeout):
        return CellOutcome.TIMEOUT
    return CellOutcome.NOT_PLAIN if isinstance(error, NotPlain) else CellOutcome.ERROR


def number_outputs(outputs: list[Output], number: int) -> None:
    """Number what a cell shows as one kernel would have: the two shells that ran the cells count for themselves."""
    for output in outputs:
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
        # A test may hold as much as a submission, while as much crosses the line as may cross it.
        size = address_space() + limits.memory_bytes + costs.GROWTH * costs.BYTES
        resource.setrlimit(resource.RLIMIT_AS, (size, resource.getrlimit(resource.RLIMIT_AS)[1]))
