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
import sysconfig
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..problem import Problem
from .jailed.shared import wire
from .settings import Settings

JAILED = Path(__file__).resolve().parent / "jailed"
START_SECONDS = 60
_SYSTEM = ("/usr", "/lib", "/lib64", "/lib32", "/bin", "/sbin")
_ETC = ("/etc/ld.so.cache", "/etc/localtime", "/etc/alternatives", "/etc/fonts", "/etc/mime.types")


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
            report = json.loads(self.orders.recv(4096))
            self.orders.close()
            return dict(report)
        self.orders.close()
        return {}


class Jail:
    """One warm process on the learner's side. `mode` says how submissions are kept apart: nested, once or none."""

    def __init__(self, settings: Settings, mode: str) -> None:
        self.settings, self.mode = settings, mode
        self.folder = tempfile.mkdtemp(prefix="grading-")
        ours, theirs = socket.socketpair(
            socket.AF_UNIX, socket.SOCK_SEQPACKET if sys.platform == "linux" else socket.SOCK_DGRAM
        )
        self.control = ours
        command = self._command(theirs.fileno())
        with open(os.path.join(self.folder, "log"), "wb") as log:
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, pass_fds=[theirs.fileno()],
                env=_environment(self.folder if mode == "none" else "/tmp"), cwd="/",
            )  # fmt: skip
        theirs.close()
        self.ready = False

    def _command(self, control: int) -> list[str]:
        told = {"mode": self.mode, "stand_ins": self.settings.stand_ins, "absent": self.settings.absent}
        if self.mode == "none":
            return [sys.executable, "-P", str(JAILED / "zygote.py"), str(control), json.dumps(told)]
        if os.geteuid() == 0:
            told["uid"] = told["gid"] = unused_uid()  # type: ignore[assignment]
        python = [sys.executable, "-P", "/line/jailed/zygote.py", str(control), json.dumps(told)]
        return [*bubblewrap(self.settings), "--", *python]

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
        shutil.rmtree(self.folder, ignore_errors=True)


class Jails:
    """Gives every submission a workspace, by the strongest means this machine allows."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.mode, self.current = self._probe()

    def _probe(self) -> tuple[str, Jail]:
        wanted = self.settings.isolation
        if wanted != "none" and (why := missing()):
            raise IsolationUnavailable(explain(why))
        reasons = []
        for mode in ("nested", "once") if wanted == "auto" else (wanted,):
            jail = Jail(self.settings, mode)
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
        return Jail(self.settings, mode)

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
        self.current = Jail(self.settings, self.mode)

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


def _environment(home: str) -> dict[str, str]:
    environment = {
        "PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": home, "TMPDIR": home,
        "PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUSERBASE": site.getuserbase(),
        "PYTHONPATH": os.pathsep.join(p for p in sys.path if os.path.basename(p) in ("site-packages", "dist-packages")),
        "NBGRADER_EXECUTION": "autograde",
        "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1",
    }  # fmt: skip
    if "GRADING_DEBUG" in os.environ:
        environment["GRADING_DEBUG"] = "1"
    return environment


def bubblewrap(settings: Settings) -> list[str]:
    """bwrap with its options: what is visible inside is only what is listed here."""
    command = [
        str(shutil.which("bwrap")),
        "--unshare-ipc",
        "--unshare-pid",
        "--unshare-net",
        "--unshare-uts",
        "--unshare-cgroup-try",
    ]
    if os.geteuid() == 0:
        command += ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    else:
        command += ["--unshare-user"]
    command += ["--die-with-parent", "--new-session", "--hostname", "workspace"]
    for path in _SYSTEM:
        if os.path.islink(path):
            command += ["--symlink", os.readlink(path), path]
        elif os.path.isdir(path):
            command += ["--ro-bind", path, path]
    for path in _ETC:
        command += ["--ro-bind-try", path, path]
    private = ["--perms", "1777", "--size", str(settings.limits.folder_bytes), "--tmpfs"]
    command += [*private, "/tmp"]  # before the folders of a Python that itself lives below /tmp
    visible = list(python_folders())
    parents = {str(parent) for folder in (*visible, "/line/jailed") for parent in Path(folder).parents}
    for path in sorted(parents - {"/", "/tmp"}):
        # bubblewrap would make them closed to everyone but root.
        command += ["--perms", "0755", "--dir", path]
    for path in visible:
        command += ["--ro-bind", path, path]
    for path in sorted({*project_folders(settings, visible), *_below(settings.hidden, [*visible, "/usr"])}):
        if os.path.isdir(path):
            command += ["--tmpfs", path, "--remount-ro", path]
        else:
            command += ["--ro-bind", os.devnull, path]
    command += ["--proc", "/proc", "--dev", "/dev", "--ro-bind", str(JAILED), "/line/jailed"]
    command += [*private, "/dev/shm"]
    # What an ordinary user's jail left writable here, one submission could leave for the next.
    command += ["--remount-ro", "/dev", "--remount-ro", "/"]
    return [*command, "--chdir", "/tmp"]


def python_folders() -> Iterator[str]:
    """The folders and files of this Python and its installed libraries, outside the system's own."""
    prefixes = {sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix}
    wanted = {os.path.join(prefix, part) for prefix in prefixes for part in ("bin", "lib", "lib64", "pyvenv.cfg")}
    wanted |= {os.path.dirname(os.path.realpath(sys.executable))}
    wanted |= {p for p in sys.path if os.path.basename(p) in ("site-packages", "dist-packages")}
    wanted |= set(sysconfig.get_paths().values()) & set(sys.path)
    kept: list[str] = []
    for path in sorted(wanted):
        if os.path.exists(path) and not any(path == k or path.startswith(k + "/") for k in ("/usr", *kept)):
            kept.append(path)
            yield path


def project_folders(settings: Settings, visible: list[str]) -> Iterator[str]:
    """Where the modules that a learner must not see are installed, if that is below a visible folder."""
    for folder in {*sys.path, sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}:
        for name in (*settings.stand_ins, *settings.absent):
            for path in (os.path.join(folder, name), os.path.join(folder, name + ".py")):
                yield from _below((path,), [*visible, "/usr"])


def _below(paths: tuple[str, ...], visible: list[str]) -> Iterator[str]:
    for path in paths:
        real = os.path.realpath(path)
        if os.path.exists(real) and any(real.startswith(os.path.realpath(v) + "/") for v in visible):
            yield real
