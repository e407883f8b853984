"""The command that runs another inside bubblewrap, where only what a View shows is visible."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .settings import Settings
from .visible import View

JAILED = Path(__file__).resolve().parent / "jailed"
# Notes what a learner's function computes on the way: the same files as in a learner's own notebook.
RECORDING = JAILED.parent.parent / "recording"
RECORDING_INSIDE = "/line/recording"
LAY_OUT = Path(__file__).resolve().with_name("lay_out.py")
# What the jail has beside what it shows; bubblewrap mounts something on each.
OWN = ("/tmp", "/proc", "/dev", "/line/jailed", RECORDING_INSIDE)


@dataclass(frozen=True)
class Inside:
    """A command, and the descriptor that must be open for it: its plan."""

    command: list[str]
    plan: int


@contextlib.contextmanager
def bubblewrap(settings: Settings, view: View, folder: str, command: list[str]) -> Iterator[Inside]:
    """A command inside bubblewrap. `folder` is a private folder, in which a place for the jail's root is made."""
    root = os.path.join(folder, "root")
    os.mkdir(root)
    plan = {
        "root": root,
        "own": OWN,
        "steps": view.steps(),
        "links": view.links,
        "bubblewrap": str(shutil.which("bwrap")),
        "laid_out": options(settings, laid_out(settings, view, root)),
        "one_by_one": options(settings, one_by_one(settings, view)),
        "command": command,
    }
    with tempfile.TemporaryFile("w+", encoding="ascii") as file:
        json.dump(plan, file)
        file.seek(0)
        yield Inside([sys.executable, "-I", "-S", str(LAY_OUT), str(file.fileno())], file.fileno())


def options(settings: Settings, visible: list[str]) -> list[str]:
    """bubblewrap's options, given those that say what is visible."""
    options = ["--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try"]
    if os.geteuid() == 0:
        options += ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID", "--cap-add", "CAP_SETPCAP"]
    else:
        options += ["--unshare-user"]
    options += ["--die-with-parent", "--new-session", "--hostname", "workspace"]
    options += visible
    options += ["--proc", "/proc", "--dev", "/dev", "--ro-bind", str(JAILED), "/line/jailed"]
    options += ["--ro-bind", str(RECORDING), RECORDING_INSIDE]
    options += private(settings, "/dev/shm")
    # What an ordinary user's jail left writable here, one submission could leave for the next.
    return [*options, "--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/tmp"]


def laid_out(settings: Settings, view: View, root: str) -> list[str]:
    """The whole view, which stands below `root`, in one mount; with a private /tmp, and in it what is shown below /tmp."""
    visible = ["--ro-bind", root, "/", *private(settings, "/tmp")]
    for path in (f"/tmp/{name}" for name in view.tops("/tmp")):
        visible += ["--symlink", view.links[path], path] if path in view.links else ["--ro-bind", root + path, path]
    return visible


def one_by_one(settings: Settings, view: View) -> list[str]:
    """The same with a mount for each path, which takes bubblewrap a good part of a second for some hundreds."""
    line = ["--perms", "0755", "--dir", "/line", "--perms", "0755", "--dir", "/line/jailed"]
    line += ["--perms", "0755", "--dir", RECORDING_INSIDE]
    return [*private(settings, "/tmp"), *view.options(), *line]


def private(settings: Settings, path: str) -> list[str]:
    """An empty folder of its own."""
    return ["--perms", "1777", "--size", str(settings.limits.folder_bytes), "--tmpfs", path]
