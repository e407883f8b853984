"""Starts the learner's side: a warm process inside bubblewrap, from which each submission gets its own workspace."""

from __future__ import annotations

import array
import contextlib
import json
import os
import pwd
import shutil
import site
import socket
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from ..environment import DEBUG_WORKSPACE
from ..problem import Problem
from .bubblewrap import JAILED, RECORDING, RECORDING_INSIDE, bubblewrap
from .cgroup import memory_group
from .jailed.shared import wire
from .jailed.syscalls import ARCHITECTURES
from .settings import Settings
from .visible import View, view_of
from .wanted import wanted_files

START_SECONDS = 60


class IsolationUnavailable(Problem):
    """Nothing on this machine can shut a submission in. The message says why and what to install."""


@dataclass
class Workspace:
    """The tests' end of one learner's process: the line to call it, and a socket for orders to its keeper."""

    line: socket.socket
    orders: socket.socket

    def interrupt(self) -> None:
        """Ask the learner's code to stop what it is doing."""
        with contextlib.suppress(OSError):
            self.orders.send(b"interrupt")

    def stop(self) -> dict[str, Any]:
        """End it, with everything it started, and return the keeper's report (empty if there is none)."""
        self.line.close()
        with contextlib.suppress(OSError, ValueError):
            self.orders.settimeout(START_SECONDS)
            with contextlib.suppress(OSError):
                self.orders.send(b"stop")
            return dict(json.loads(self._report()))
        return {}

    def _report(self) -> bytes:
        with self.orders:
            try:
                return self.orders.recv(4096)
            except ConnectionResetError:  # It ended without reading our order; its report comes after this error.
                return self.orders.recv(4096)


class Jail:
    """One warm process on the learner's side. `mode` says how submissions are kept apart: nested, once or none."""

    def __init__(self, settings: Settings, mode: str, view: View) -> None:
        self.settings, self.mode, self.view = settings, mode, view
        self.folder = tempfile.mkdtemp(prefix="grading-")
        ours, theirs = socket.socketpair(
            socket.AF_UNIX, socket.SOCK_SEQPACKET if sys.platform == "linux" else socket.SOCK_DGRAM
        )
        self.control = ours
        with open(os.path.join(self.folder, "log"), "wb") as log, contextlib.ExitStack() as stack:
            self.group = memory_group(settings.limits.memory_bytes)
            fds = [theirs.fileno(), *self._group_files()]
            command = self._command(theirs.fileno())
            if mode != "none":
                inside = stack.enter_context(bubblewrap(settings, view, self.folder, command))
                fds.append(inside.plan)
                command = inside.command
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, pass_fds=fds,
                env=_environment(self.folder if mode == "none" else "/tmp", settings), cwd="/",
            )  # fmt: skip
        theirs.close()
        self.ready = False

    def _group_files(self) -> list[int]:
        return [self.group.members, self.group.events] if self.group else []

    def _command(self, control: int) -> list[str]:
        told: dict[str, Any] = {
            "mode": self.mode, "stand_ins": self.settings.stand_ins, "absent": self.settings.absent,
            "group": self._group_files(), "recording": str(RECORDING) if self.mode == "none" else RECORDING_INSIDE,
        }  # fmt: skip
        if self.mode == "none":
            return [sys.executable, "-P", str(JAILED / "zygote.py"), str(control), json.dumps(told)]
        if os.geteuid() == 0:
            told["uid"] = told["gid"] = unused_uid()
        return [sys.executable, "-P", "/line/jailed/zygote.py", str(control), json.dumps(told)]

    def wait_ready(self) -> None:
        """Block until it can fork. Raises IsolationUnavailable with what it said."""
        if self.ready:
            return
        self.control.settimeout(START_SECONDS)
        try:
            self.ready = self.control.recv(64) == b"ready"
        except OSError:
            self.ready = False
        if not self.ready:
            raise IsolationUnavailable(self.said() or "the process inside did not start")

    def said(self) -> str:
        """The last line the process wrote: why it did not start."""
        lines = Path(self.folder, "log").read_text(errors="replace").strip().splitlines()
        return lines[-1][:500] if lines else ""

    def open(self, files: dict[str, bytes], seed: int, preload: tuple[str, ...]) -> Workspace:
        """A fresh workspace whose folder holds `files`."""
        self.wait_ready()
        line, their_line = socket.socketpair()
        orders, their_orders = socket.socketpair(
            socket.AF_UNIX, socket.SOCK_SEQPACKET if sys.platform == "linux" else socket.SOCK_DGRAM
        )
        job = {"limits": self.settings.limits.for_workspace(), "seed": seed, "preload": preload}
        fds = array.array("i", [their_line.fileno(), their_orders.fileno()])
        try:
            self.control.sendmsg([json.dumps(job).encode()], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, fds)])
        except OSError:
            raise IsolationUnavailable(self.said() or "the process inside is gone") from None
        finally:
            their_line.close()
            their_orders.close()
        with contextlib.suppress(wire.Closed, wire.Late):
            wire.Channel(line).send(wire.encode(files, limit=1 << 31))
        return Workspace(line, orders)

    def close(self) -> None:
        """End the process inside and everything below it."""
        self.control.close()  # It ends by itself when it sees this.
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(2)
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        if self.group:
            self.group.remove()
            self.group = None  # closing twice is closing once
        shutil.rmtree(self.folder, ignore_errors=True)


class Jails:
    """Gives every submission a workspace, by the strongest means this machine allows.

    Its first jail warms up while the caller does something else, such as look(). Ask for its mode before open().
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        if settings.isolation != "none" and (why := missing()):
            raise IsolationUnavailable(explain(why))
        self.view = View() if settings.isolation == "none" else view_of(settings)
        self.modes = ["nested", "once"] if settings.isolation == "auto" else [settings.isolation]
        self.current = Jail(settings, self.modes[0], self.view)

    def look(self) -> None:
        """Look from inside for what a submission must not see. Raises IsolationUnavailable with what was found where."""
        if self.settings.isolation != "none":
            look_inside(self.settings, self.view)

    @cached_property
    def mode(self) -> str:
        """How submissions are shut in here, tried out: nested, once or none. Raises IsolationUnavailable."""
        reasons = []
        for mode in self.modes:
            if mode != self.current.mode:
                self.current = Jail(self.settings, mode, self.view)
            try:
                works(self.current)
            except (IsolationUnavailable, OSError, wire.Closed, wire.Late, wire.Broken) as error:
                reasons.append(f"{mode}: {error or type(error).__name__} {self.current.said()}".strip())
                self.current.close()
                continue
            if mode == "once":
                self.current.close()
                self.current = Jail(self.settings, mode, self.view)
            return mode
        raise IsolationUnavailable(explain("; ".join(reasons)))

    def open(self, files: dict[str, bytes], seed: int, preload: tuple[str, ...]) -> Workspace:
        """A fresh workspace; a warm process that died is replaced."""
        try:
            return self.current.open(files, seed, preload)
        except IsolationUnavailable:
            self.renew()
            return self.current.open(files, seed, preload)

    def after(self) -> None:
        """Call when a workspace has ended."""
        if self.mode == "once":
            self.renew()

    def renew(self) -> None:
        """Replace the warm process."""
        self.current.close()
        self.current = Jail(self.settings, self.mode, self.view)

    def close(self) -> None:
        """End everything."""
        self.current.close()


def works(jail: Jail) -> None:
    """Try the real thing: a workspace that adds two numbers. Raises what went wrong."""
    import time

    workspace = jail.open({}, 0, ())
    try:
        channel = wire.Channel(workspace.line)
        deadline = time.monotonic() + START_SECONDS
        if channel.recv(deadline) != wire.READY:
            raise IsolationUnavailable("a workspace did not say that it was shut in")
        channel.send(wire.encode(["cell", "1 + 1", {}]), deadline)
        reply = wire.decode(channel.recv(deadline), lambda node, value: None)
        if reply.get("ok", [{}])[0].get("data", {}).get("text/plain") != "2":
            raise IsolationUnavailable("a workspace was started but could not run a cell")
    finally:
        workspace.stop()


def missing() -> str:
    """Why bubblewrap cannot be used at all, or nothing."""
    if sys.platform != "linux":
        return f"bubblewrap needs Linux, and this is {sys.platform}"
    if shutil.which("bwrap") is None:
        return "bubblewrap is not installed"
    if os.uname().machine not in ARCHITECTURES:
        return f"system calls are known for {' and '.join(ARCHITECTURES)}, and this is {os.uname().machine}"
    return ""


def explain(why: str) -> str:
    """The one message of a machine that cannot isolate."""
    return (
        f"Submissions cannot be kept apart from this machine ({why}), so nothing was graded. On Debian or Ubuntu run "
        "`apt-get install bubblewrap`. To grade submissions that you trust without isolation, use `--isolation none`."
    )


def unused_uid() -> int:
    """A user id nobody has, for the learner's side of this process when root grades."""
    for uid in range(61_200 + os.getpid() % 3_000, 65_000):
        try:
            pwd.getpwuid(uid)
        except KeyError:
            return uid
    return 65_534


def _environment(home: str, settings: Settings) -> dict[str, str]:
    environment = {
        "PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": home, "TMPDIR": home,
        "PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUSERBASE": site.getuserbase(),
        "PYTHONPATH": os.pathsep.join(p for p in sys.path if os.path.basename(p) in ("site-packages", "dist-packages")),
        "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1",
    }  # fmt: skip
    if DEBUG_WORKSPACE in os.environ:
        environment[DEBUG_WORKSPACE] = "1"
    return environment | dict(settings.environment)


def look_inside(settings: Settings, view: View) -> None:
    """Look from inside for what a submission must not see. Raises IsolationUnavailable with what was found where."""
    wanted = wanted_files(settings, view, (JAILED, RECORDING))
    look = [sys.executable, "-I", "-S", "/line/jailed/look.py"]
    with tempfile.TemporaryDirectory(prefix="grading-") as folder, bubblewrap(settings, view, folder, look) as inside:
        looked = subprocess.run(
            inside.command, input=json.dumps(wanted.asked()).encode(), capture_output=True, pass_fds=[inside.plan],
            env=_environment("/tmp", settings), cwd="/", timeout=START_SECONDS,
        )  # fmt: skip
    if looked.returncode != 0:
        raise IsolationUnavailable(explain(f"nobody could look from inside: {looked.stderr.decode()[-500:]}"))
    if found := wanted.found(json.loads(looked.stdout)):
        raise IsolationUnavailable(found)
