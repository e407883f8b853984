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
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..environment import DEBUG_WORKSPACE
from ..problem import Problem
from .cgroup import memory_group
from .jailed.shared import wire
from .jailed.syscalls import ARCHITECTURES
from .settings import Settings
from .visible import View, view_of
from .wanted import wanted_files

JAILED = Path(__file__).resolve().parent / "jailed"
# Notes what a learner's function computes on the way: the same files as in a learner's own notebook.
RECORDING = JAILED.parent.parent / "recording"
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
                fds.append(stack.enter_context(options_file(settings, view)))
                command = bubblewrap(fds[-1], command)
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
            "group": self._group_files(), "recording": str(RECORDING) if self.mode == "none" else "/line/recording",
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
        shutil.rmtree(self.folder, ignore_errors=True)


class Jails:
    """Gives every submission a workspace, by the strongest means this machine allows."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        if settings.isolation != "none" and (why := missing()):
            raise IsolationUnavailable(explain(why))
        self.view = View() if settings.isolation == "none" else view_of(settings)
        with ThreadPoolExecutor(1) as aside:
            looked = aside.submit(look_inside, settings, self.view)
            self.mode, self.current = self._probe()
        try:
            looked.result()
        except BaseException:
            self.close()
            raise

    def _probe(self) -> tuple[str, Jail]:
        wanted = self.settings.isolation
        reasons = []
        for mode in ("nested", "once") if wanted == "auto" else (wanted,):
            jail = Jail(self.settings, mode, self.view)
            try:
                works(jail)
                return mode, self._next(jail, mode)
            except (IsolationUnavailable, OSError, wire.Closed, wire.Late, wire.Broken) as error:
                reasons.append(f"{mode}: {error or type(error).__name__} {jail.said()}".strip())
                jail.close()
        raise IsolationUnavailable(explain("; ".join(reasons)))

    def _next(self, jail: Jail, mode: str) -> Jail:
        if mode != "once":
            return jail
        jail.close()
        return Jail(self.settings, mode, self.view)

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
    if settings.isolation == "none":
        return
    wanted = wanted_files(settings, view, (JAILED, RECORDING))
    with options_file(settings, view) as options:
        looked = subprocess.run(
            bubblewrap(options, [sys.executable, "-I", "-S", "/line/jailed/look.py"]),
            input=json.dumps(wanted.asked()).encode(), capture_output=True, pass_fds=[options],
            env=_environment("/tmp", settings), cwd="/", timeout=START_SECONDS,
        )  # fmt: skip
    if looked.returncode != 0:
        raise IsolationUnavailable(explain(f"nobody could look from inside: {looked.stderr.decode()[-500:]}"))
    if found := wanted.found(json.loads(looked.stdout)):
        raise IsolationUnavailable(found)


@contextlib.contextmanager
def options_file(settings: Settings, view: View) -> Iterator[int]:
    """A descriptor from which bubblewrap reads its options: there may be more than a command line takes."""
    with tempfile.TemporaryFile() as file:
        file.write(b"".join(os.fsencode(option) + b"\0" for option in options_of(settings, view)))
        file.seek(0)
        yield file.fileno()


def bubblewrap(options: int, command: list[str]) -> list[str]:
    """A command inside bubblewrap, whose options are in an open file."""
    return [str(shutil.which("bwrap")), "--args", str(options), "--", *command]


def options_of(settings: Settings, view: View) -> list[str]:
    """bubblewrap's options: what is visible inside is only what is listed here."""
    options = ["--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try"]
    if os.geteuid() == 0:
        options += ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    else:
        options += ["--unshare-user"]
    options += ["--die-with-parent", "--new-session", "--hostname", "workspace"]
    private = ["--perms", "1777", "--size", str(settings.limits.folder_bytes), "--tmpfs"]
    options += [*private, "/tmp"]  # before the folders of a Python that itself lives below /tmp
    options += view.options()
    options += ["--perms", "0755", "--dir", "/line", "--perms", "0755", "--dir", "/line/jailed"]
    options += ["--perms", "0755", "--dir", "/line/recording", "--ro-bind", str(RECORDING), "/line/recording"]
    options += ["--proc", "/proc", "--dev", "/dev", "--ro-bind", str(JAILED), "/line/jailed"]
    options += [*private, "/dev/shm"]
    # What an ordinary user's jail left writable here, one submission could leave for the next.
    return [*options, "--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/tmp"]
