"""Lays out what a jail shows as one tree, and becomes bubblewrap, which then has one mount to make instead of hundreds.

    python -I -S lay_out.py DESCRIPTOR

The descriptor holds the plan (see bubblewrap.py) as JSON. The tree stands in mounts of this process's own, which end with
it. Where this process may make none, bubblewrap gets the same as a list of mounts, which takes it longer.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Mapping

sys.path.append(os.path.dirname(os.path.realpath(__file__)))
from jailed import walls  # type: ignore[import-not-found]


def lay_out(root: str, own: Iterable[str], steps: Iterable[tuple[str, str]], links: Mapping[str, str]) -> None:
    """Show paths of this machine below `root`, in a mount namespace of our own. Raises OSError where that is refused."""
    walls.unshare(walls.CLONE_NEWNS | (walls.CLONE_NEWUSER if os.geteuid() else 0))
    walls.keep_mounts_private()
    walls.mount("tmpfs", root, walls.MS_NOSUID | walls.MS_NODEV, "mode=755")
    for path in own:
        os.makedirs(root + path)
    for kind, path in steps:
        place = root + path
        if kind == "link":
            os.makedirs(os.path.dirname(place), exist_ok=True)
            os.symlink(links[path], place)
        elif kind == "bind":
            walls.bind(path, place)
        elif os.path.isdir(path):  # a cover; below it more may be shown
            walls.mount("tmpfs", place, walls.MS_NOSUID | walls.MS_NODEV, "mode=755")
        else:
            walls.bind(os.devnull, place)


def main() -> None:
    """Become bubblewrap."""
    with open(int(sys.argv[1]), encoding="ascii") as file:
        plan = json.load(file)
    os.umask(0o022)
    try:
        lay_out(plan["root"], plan["own"], plan["steps"], plan["links"])
        options = plan["laid_out"]
    except OSError:
        options = plan["one_by_one"]
    told = os.memfd_create("options", 0)
    os.write(told, b"".join(os.fsencode(option) + b"\0" for option in options))
    os.lseek(told, 0, os.SEEK_SET)
    os.execv(plan["bubblewrap"], ["bwrap", "--args", str(told), "--", *plan["command"]])


if __name__ == "__main__":
    main()
