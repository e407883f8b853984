"""Starting Python for this project's own work: no folder that somebody else filled is on its path.

Everything of ours that starts a Python goes through here. A learner's own kernel does not: there, the folder of the
notebook belongs on the path.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# Where this project is imported from: the repository, or site-packages.
ROOT = str(Path(__file__).resolve().parents[1])


def own_python(*arguments: str | Path) -> list[str]:
    """The command that runs this Python with `arguments`, the working folder not on its path."""
    return [sys.executable, "-P", *map(str, arguments)]


def own_environment(**more: str) -> dict[str, str]:
    """This process's environment for a Python of ours: no relative folders on its path, and nothing run at its start."""
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONSTARTUP", "PYTHONINSPECT")}
    paths = os.pathsep.join([ROOT, *filter(os.path.isabs, environment.get("PYTHONPATH", "").split(os.pathsep))])
    return environment | {"PYTHONPATH": paths, "PYTHONSAFEPATH": "1"} | more


@contextmanager
def own_processes() -> Iterator[None]:
    """Within the block, processes that multiprocessing starts are started like own_python's."""
    before, ours = dict(os.environ), own_environment()
    os.environ.clear()
    os.environ.update(ours)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def leave_working_folder() -> None:
    """Take the working folder, and every relative one, off the path of this process; modules that are there stay."""
    relative = [entry for entry in os.environ.get("PYTHONPATH", "").split(os.pathsep) if not os.path.isabs(entry)]
    foreign = {os.path.realpath(entry) for entry in ("", *relative)} - {os.path.realpath(ROOT)}
    sys.path[:] = [entry for entry in sys.path if os.path.realpath(entry) not in foreign]
