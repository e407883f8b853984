"""A worker process: takes submissions one after another, and forks a fresh runner for each notebook.

    python -m autograder.sandbox.worker SOCKET

The process that started it is trusted; what it sends is still only plain data.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import signal
import socket
import sys
import tempfile
import time
from dataclasses import asdict, astuple
from pathlib import Path
from typing import Any

from ..environment import OWN_CHECKS
from .cells import SourceNotebook
from .jail import IsolationUnavailable, Jails
from .jailed.shared import wire
from .jailed.shared.shell import Shell
from .jailed.walls import PR_SET_PDEATHSIG, prctl
from .jailed.zygote import settle, write_files
from .names import Names
from .outcome import Again, Executed, unreadable
from .packing import TRUSTED_BYTES, Result, notebooks_of, pack_result, settings_from
from .runner import Runner, fresh_shell, limit_self, public_seed, seed_of
from .settings import Settings
from .temporary import own_folder, remove


class Worker:
    """Grades submissions. Holds one warm process on the learner's side and a ready shell for the runners it forks."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        os.environ.update(settings.environment)
        self.shell, self.names = fresh_shell()
        _warm(self.shell, self.names)
        self.jails = Jails(settings)
        self.assignments: dict[bytes, dict[str, Any]] = {}
        self.checks: tempfile.TemporaryDirectory[str] | None = None
        self.tried: set[str] = set()

    def grade(self, assignment: bytes, submission: bytes, seed: str) -> Result:
        """The result for one submission."""
        known = self.assignments.get(assignment)
        if known is None:
            decoded = wire.decode(assignment)
            known = {"files": decoded["files"], "notebooks": notebooks_of(decoded)}
            self.assignments = {assignment: known}
            self._lay_out(decoded["checks"])
            self._learn(sorted(imported_modules(known["notebooks"])))
        sent = wire.decode(submission)
        started = time.monotonic()
        result = Result({}, isolation=self.jails.mode)
        for source in known["notebooks"]:
            if source.name in sent["notebooks"]:
                data = sent["notebooks"][source.name]
                result.notebooks[source.name] = self._notebook(
                    source, data, sent["files"], known["files"], seed_of(seed, source.name), result
                )
        result.seconds = time.monotonic() - started
        return result

    def _learn(self, modules: list[str]) -> None:
        """Import what the last tests had to import: the next runner, forked from here, has it at once."""
        for name in set(modules) - self.tried:
            self.tried.add(name)
            with contextlib.suppress(Exception):
                importlib.import_module(name)
                settle()

    def _lay_out(self, checks: dict[str, bytes]) -> None:
        """Put the instructor's own modules where test cells can import them, and a course's checks can find them."""
        if self.checks is not None:
            sys.path.remove(self.checks.name)
            self.checks.cleanup()
        self.checks = tempfile.TemporaryDirectory(prefix="grading-checks-")
        write_files(self.checks.name, checks)
        sys.path.insert(0, self.checks.name)
        os.environ[OWN_CHECKS] = self.checks.name

    def _notebook(
        self, source: SourceNotebook, data: bytes, files: dict[str, bytes], given: dict[str, bytes], seed: str,
        result: Result,
    ) -> Executed:  # fmt: skip
        """Attempts until one comes through; each cell that ends an attempt is left out of the next."""
        limits = self.settings.limits
        ends = time.monotonic() + limits.seconds
        stopped: dict[int, str] = {}
        preload = tuple(sorted(imported_modules([source])))
        while True:
            left = max(ends - time.monotonic(), 0.5)
            settings = self.settings.with_limits(seconds=left)
            self.jails.current.settings = settings
            workspace = self.jails.open({**files, **given}, public_seed(seed), preload)
            outcome = self._attempt(
                Runner(self.shell, self.names, settings.limits, seed, stopped), source, data, given, workspace
            )
            report = workspace.stop()
            self.jails.after()
            result.cpu += report.get("cpu", 0.0)
            result.memory = max(result.memory, report.get("memory", 0))
            if isinstance(outcome, Executed):
                return outcome
            result.restarts += 1
            culprit = outcome.cell
            if culprit in stopped:
                return unreadable(source, f"it cannot be run: {outcome.why}")
            stopped[culprit] = explain_end(outcome, report, self.settings)
            if len(stopped) >= limits.restarts or time.monotonic() >= ends:
                # One last attempt, for the cells before this one.
                why = f"not run: the notebook had to be stopped {result.restarts} times before this cell"
                stopped.update(dict.fromkeys(range(culprit + 1, limits.cells + 1000), why))
                ends = time.monotonic() + limits.seconds

    def _attempt(
        self, runner: Runner, source: SourceNotebook, data: bytes, given: dict[str, bytes], workspace: Any
    ) -> Executed | Again:
        """One run of the notebook, in a process of its own."""
        ours, theirs = socket.socketpair()
        folder = tempfile.mkdtemp(prefix="runner-")
        child = os.fork()
        if child == 0:
            ours.close()
            _leave(lambda: _in_runner(runner, source, data, given, workspace, theirs, folder))
        theirs.close()
        limits = self.settings.limits
        deadline = time.monotonic() + runner.limits.seconds + 3 * limits.grace_seconds + limits.cell_seconds
        try:
            told = wire.decode(wire.Channel(ours, TRUSTED_BYTES).recv(deadline))
        except (wire.Closed, wire.Late, wire.Broken) as error:
            why = "took too long" if isinstance(error, wire.Late) else "ended early"
            return unreadable(source, f"the process that runs the tests {why}")
        finally:
            ours.close()
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            with contextlib.suppress(OSError):  # What is left goes with the worker's own folder.
                remove(Path(folder))
        self._learn(told["imported"])
        return Again(*told["again"]) if "again" in told else Executed.of(told["executed"])


def _in_runner(
    runner: Runner, source: SourceNotebook, data: bytes, given: dict[str, bytes], workspace: Any, back: socket.socket,
    folder: str,
) -> None:  # fmt: skip
    os.setsid()
    if sys.platform == "linux":
        prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    limit_self(runner.limits)
    write_files(folder, given)
    os.chdir(folder)
    known = set(sys.modules)
    try:
        outcome = runner.run(source, data, workspace)
    except MemoryError:
        outcome = unreadable(source, "it is too large to be graded")
    told: dict[str, Any] = {"imported": [name for name in set(sys.modules) - known if is_installed(name)]}
    told |= {"again": astuple(outcome)} if isinstance(outcome, Again) else {"executed": asdict(outcome)}
    wire.Channel(back).send(wire.encode(told, limit=TRUSTED_BYTES))


def is_installed(name: str) -> bool:
    """Whether a module is one of Python's, its libraries' or this project's: not one of a course, which may change."""
    path = getattr(sys.modules[name], "__file__", None) or ""
    return path.startswith((sys.prefix, sys.base_prefix, str(Path(__file__).parents[2])))


def explain_end(outcome: Again, report: dict[str, Any], settings: Settings) -> str:
    """Why a cell ended the learner's process, in words."""
    limits, status = settings.limits, report.get("status", 0)
    if report.get("reason") == "memory":
        return f"this cell was stopped: it used more than {limits.memory_bytes // 1024 // 1024} MB of memory"
    if report.get("reason") == "time" or "interrupted" in outcome.why or status in (-signal.SIGXCPU,):
        return f"this cell was stopped: it did not end within {limits.cell_seconds:g} seconds, nor when interrupted"
    if "no answer" in outcome.why:
        return f"this cell was stopped: {outcome.why}"
    how = f"signal {-status}" if status < 0 else f"exit status {status}"
    return f"this cell ended the Python process ({how})"


def imported_modules(notebooks: list[SourceNotebook]) -> set[str]:
    """Installed modules that the instructor's notebooks import: worth having ready before the first submission."""
    return {module for notebook in notebooks for _, module, _, certain in notebook.imports if certain}


def _warm(shell: Shell, names: Names) -> None:
    from .jailed.zygote import warm_up

    warm_up(shell)
    public_seed("")  # The first use of hmac sets up OpenSSL, which takes longer than a small notebook.
    names["__name__"] = "__main__"


def _leave(function: Any) -> None:
    try:
        function()
    except BaseException:
        import traceback

        traceback.print_exc()
        os._exit(70)
    os._exit(0)


def main() -> None:
    """Serve one parent until it closes the socket."""
    sock = socket.socket(fileno=int(sys.argv[1]))
    channel = wire.Channel(sock, TRUSTED_BYTES)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    hello = wire.decode(channel.recv())
    with own_folder():
        _serve(hello, channel)


def _serve(hello: Any, channel: wire.Channel) -> None:
    try:
        worker = Worker(settings_from(hello))
    except IsolationUnavailable as error:
        channel.send(wire.encode({"refused": str(error)}))
        return
    channel.send(wire.encode({"mode": worker.jails.mode, "settings": asdict(worker.settings)["isolation"]}))
    try:
        while True:
            job = wire.decode(channel.recv())
            channel.send(pack_result(worker.grade(job["assignment"], job["submission"], job["seed"])))
    except wire.Closed:
        return
    finally:
        worker.jails.close()


if __name__ == "__main__":
    main()
