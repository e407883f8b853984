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
import traceback
from dataclasses import astuple, dataclass, replace
from pathlib import Path
from typing import Any

from ..environment import OWN_CHECKS
from .attempt import End, Transcript, run_notebook
from .cells import SourceNotebook
from .jail import IsolationUnavailable, Jails
from .jailed.keeper import write_files
from .jailed.shared import wire
from .jailed.shared.shell import Shell
from .jailed.walls import PR_SET_PDEATHSIG, prctl
from .jailed.zygote import settle
from .names import Names
from .outcome import Executed, could_not_be_graded
from .outputs import one_line
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

    def begin(self, look: bool) -> str:
        """How submissions will be shut in, looked at from inside if asked. Raises IsolationUnavailable."""
        if look:
            self.jails.look()
        return self.jails.mode

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
        failed = [executed.error for executed in result.notebooks.values() if executed.failed]
        if failed and len(failed) == len(result.notebooks):
            result.failed = failed[0]
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
        """What became of one notebook; an error of ours costs no other notebook."""
        limits = self.settings.limits
        preload = tuple(sorted(imported_modules([source])))

        def attempt(transcript: Transcript, stopped: dict[int, str], ends: float, watch: bool) -> End:
            settings = self.settings.with_limits(seconds=max(ends - time.monotonic(), 0.1))
            self.jails.current.settings = settings
            opened = time.monotonic()
            workspace = self.jails.open({**files, **given}, public_seed(seed), preload)
            result.jail += time.monotonic() - opened
            report: dict[str, Any] = {}
            try:
                end = self._attempt(transcript, _Job(source, data, given, seed, stopped, ends, watch), workspace)
            finally:
                stopped_at = time.monotonic()
                report = workspace.stop()
                self.jails.after()
                result.jail += transcript.waiting + time.monotonic() - stopped_at
            result.cpu += report.get("cpu", 0.0)
            result.memory = max(result.memory, report.get("memory", 0))
            return replace(end, why=explain_end(end, report, self.settings)) if end.kind in ("cell", "watched") else end

        try:
            executed, restarts = run_notebook(source, limits, attempt)
        except Exception as error:
            traceback.print_exc()
            return could_not_be_graded(source, f"the grading engine failed ({type(error).__name__}: {error})")
        result.restarts += restarts
        return executed

    def _attempt(self, transcript: Transcript, job: _Job, workspace: Any) -> End:
        """One run of the notebook, in a process of its own."""
        ours, theirs = socket.socketpair()
        folder = tempfile.mkdtemp(prefix="runner-")
        child = os.fork()
        if child == 0:
            ours.close()
            _leave(lambda: self._in_runner(job, workspace, wire.Channel(theirs), folder))
        theirs.close()
        try:
            return self._follow(transcript, wire.Channel(ours, TRUSTED_BYTES), job.ends)
        except (wire.Closed, wire.Broken):
            status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
            child = 0
            return End("failed", f"the process that runs the tests ended early ({_how(status)})")
        finally:
            ours.close()
            if child:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(child, signal.SIGKILL)
                os.waitpid(child, 0)
            with contextlib.suppress(OSError):  # What is left goes with the worker's own folder.
                remove(Path(folder))

    def _follow(self, transcript: Transcript, channel: wire.Channel, ends: float) -> End:
        """Take down what a runner tells until it is done, or has told nothing for so long that it never will: code in C
        cannot be interrupted from within.
        """
        limits = self.settings.limits
        while True:
            # Between cells it reads and writes, for which a busy machine may need a while.
            by = ends if transcript.running is None else min(time.monotonic() + limits.cell_seconds, ends)
            try:
                event, *arguments = wire.decode(channel.recv(by + 6 * limits.grace_seconds), limit=TRUSTED_BYTES)
            except wire.Late:
                if transcript.running is None:
                    return End("failed", "the process that runs the tests took too long between its cells")
                return End("test", f"this test did not end within {limits.cell_seconds:g} seconds", transcript.running)
            if event == "end":
                end, imported = arguments
                self._learn(imported)
                return End(*end)
            getattr(transcript, event)(*arguments)

    def _in_runner(self, job: _Job, workspace: Any, back: wire.Channel, folder: str) -> None:
        def tell(*event: Any) -> None:
            back.send(wire.encode(event, limit=TRUSTED_BYTES))

        os.setsid()
        if sys.platform == "linux":
            prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        limits = self.settings.limits
        limit_self(limits)
        write_files(folder, job.given)
        os.chdir(folder)
        sys.path.insert(0, folder)  # as in a notebook, modules beside it can be imported
        known = set(sys.modules)
        runner = Runner(self.shell, self.names, limits, job.seed, job.stopped, job.ends, job.watch, tell)
        try:
            end = runner.run(job.source, job.data, workspace)
        except MemoryError:
            end = End("failed", "it takes more memory than there is for its tests")
        except Exception as error:
            traceback.print_exc()
            end = End(
                "failed", f"the process that runs the tests failed ({one_line(f'{type(error).__name__}: {error}')})"
            )
        tell("end", astuple(end), [name for name in set(sys.modules) - known if is_installed(name)])


@dataclass(frozen=True)
class _Job:
    """What a runner has to know."""

    source: SourceNotebook
    data: bytes
    given: dict[str, bytes]
    seed: str
    stopped: dict[int, str]
    ends: float
    watch: bool


def is_installed(name: str) -> bool:
    """Whether a module is one of Python's, its libraries' or this project's: not one of a course, which may change."""
    path = getattr(sys.modules[name], "__file__", None) or ""
    return path.startswith((sys.prefix, sys.base_prefix, str(Path(__file__).parents[2])))


def explain_end(end: End, report: dict[str, Any], settings: Settings) -> str:
    """Why a cell ended the learner's process, in words."""
    limits, status = settings.limits, report.get("status", 0)
    if report.get("reason") == "memory":
        return f"this cell was stopped: it used more than {limits.memory_bytes // 1024 // 1024} MB of memory"
    if report.get("reason") == "time" or "interrupted" in end.why or status in (-signal.SIGXCPU,):
        return f"this cell was stopped: it did not end within {limits.cell_seconds:g} seconds, nor when interrupted"
    if "no answer" in end.why:
        return f"this cell was stopped: {end.why}"
    return f"this cell ended the Python process ({_how(status)})"


def _how(status: int) -> str:
    return f"signal {-status}" if status < 0 else f"exit status {status}"


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
    worker: Worker | None = None
    try:
        worker = Worker(settings_from(hello))
        while True:
            order = wire.decode(channel.recv())
            if "look" in order:
                channel.send(wire.encode({"mode": worker.begin(order["look"])}))
            else:
                channel.send(pack_result(worker.grade(order["assignment"], order["submission"], order["seed"])))
    except IsolationUnavailable as error:
        channel.send(wire.encode({"refused": str(error)}))
        with contextlib.suppress(wire.Closed):  # The order it may be sending must find us here, or it reads no reply.
            channel.recv()
    except wire.Closed:
        return
    finally:
        if worker is not None:
            worker.jails.close()


if __name__ == "__main__":
    main()
