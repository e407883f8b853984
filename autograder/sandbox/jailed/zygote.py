"""A warm process that forks one shut-in child per submission.

It holds Python, NumPy and an IPython shell ready, and never runs a line of a submission itself. For each submission
it forks a keeper, which makes the namespaces, forks the learner's process into them, and watches time and memory.

    python zygote.py SOCKET '{"mode": "nested" | "once" | "none", ...}'
"""

from __future__ import annotations

import array
import contextlib
import gc
import importlib
import importlib.util
import json
import os
import shutil
import socket
import sys
import tempfile
from typing import Any

from IPython.core.async_helpers import get_asyncio_loop

if __name__ == "__main__":  # Inside the jail this folder is all there is of the project.
    sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    from jailed import walls  # type: ignore[import-not-found]
    from jailed.keeper import Keeper, Warm, leave_after, seed  # type: ignore[import-not-found]
    from jailed.shared.shell import Shell, offer_no_input  # type: ignore[import-not-found]
    from jailed.stand_ins import StandInFinder  # type: ignore[import-not-found]

    del sys.path[0]
    for _name in [name for name in sys.modules if name.partition(".")[0] == "jailed"]:
        del sys.modules[_name]  # The name belongs to the learner.
else:
    from . import walls
    from .keeper import Keeper, Warm, leave_after, seed
    from .shared.shell import Shell, offer_no_input
    from .stand_ins import StandInFinder


def recorder(folder: str) -> Any:
    """`record` of the package in this folder, whose name stays the learner's."""
    name = "recording_of_calls"
    spec = importlib.util.spec_from_file_location(
        name, os.path.join(folder, "__init__.py"), submodule_search_locations=[folder]
    )
    assert spec is not None
    assert spec.loader is not None
    sys.modules[name] = module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for loaded in [loaded for loaded in sys.modules if loaded.partition(".")[0] == name]:
        del sys.modules[loaded]
    return module.record


def main() -> None:
    control = socket.socket(fileno=int(sys.argv[1]))
    settings = json.loads(sys.argv[2])
    if settings.get("uid"):
        walls.drop_bounding_set()  # while we may
        os.setgroups([])
        os.setresgid(settings["gid"], settings["gid"], settings["gid"])
        os.setresuid(settings["uid"], settings["uid"], settings["uid"])
    if sys.platform == "linux" and settings["mode"] != "none":
        walls.prctl(walls.PR_SET_DUMPABLE, 0)
    Zygote(control, settings).serve()


class Zygote:
    """`control` brings one message per submission, with two sockets: the line to the tests, and one for orders."""

    def __init__(self, control: socket.socket, settings: dict[str, Any]) -> None:
        self.control, self.settings = control, settings
        self.tried: set[str] = set()
        shown = walls.shown_below("/tmp") if settings["mode"] == "nested" else []
        self.home = tempfile.mkdtemp(prefix="home-")
        os.environ.update(HOME=self.home, IPYTHONDIR=self.home, MPLCONFIGDIR=self.home)
        sys.meta_path.insert(0, StandInFinder(settings["stand_ins"], settings["absent"]))
        record = recorder(settings["recording"])
        shell = Shell.instance()
        self.warm = Warm(settings, shown, shell, record)
        offer_no_input()
        warm_up(shell)
        sys.path.insert(0, "")
        settle()

    def serve(self) -> None:
        """Fork for every message until the other end is closed."""
        self.control.send(b"ready")
        while True:
            message, fds = receive(self.control)
            if not message:
                break
            job = json.loads(message)
            for name in set(job["preload"]) - self.tried:
                with contextlib.suppress(Exception):
                    importlib.import_module(name)
                self.tried.add(name)
                settle()
            keeper = os.fork()
            if keeper == 0:
                self.control.close()
                leave_after(Keeper(self.warm, job, *fds).run)
            for fd in fds:
                os.close(fd)
            os.waitpid(keeper, 0)
            if self.settings["mode"] == "once":
                break
        shutil.rmtree(self.home, ignore_errors=True)


def receive(sock: socket.socket) -> tuple[bytes, list[int]]:
    """One message with the file descriptors that came along; an empty one when the other end is closed."""
    fds = array.array("i")
    message, extra, _, _ = sock.recvmsg(1 << 16, socket.CMSG_SPACE(2 * fds.itemsize))
    for level, kind, data in extra:
        if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
            fds.frombytes(data[: len(data) - len(data) % fds.itemsize])
    return message, list(fds)


def settle() -> None:
    """Before forking: a child's collector then leaves the memory alone that it shares with us."""
    gc.collect()
    gc.freeze()


def warm_up(shell: Shell) -> None:
    """Run what the first cell would otherwise pay for."""
    for source in ("1 + 1", "print(end='')", "1 / 0", "await __import__('asyncio').sleep(0)", "{}['x']", "%who"):
        shell.run(source)
    get_asyncio_loop().close()  # A forked process cannot use it: IPython makes another when it needs one.
    shell.reset(new_session=True)
    shell.execution_count = 1
    seed(0)  # NumPy imports its random numbers when they are first used.
    b"".decode("unicode_escape")


if __name__ == "__main__":
    main()
