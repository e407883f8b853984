"""A jail's root laid out beforehand shows exactly what bubblewrap shows when it mounts everything by itself."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from autograder.sandbox import Settings, jail
from autograder.sandbox.bubblewrap import LAY_OUT, bubblewrap
from autograder.sandbox.visible import View, view_of

pytestmark = pytest.mark.usefixtures("bwrap")
# Every path with what it is, and every place that can be written to; each workspace has another /tmp than the jail.
LIST = """
import os, sys
for folder, folders, files in os.walk("/"):
    if folder == "/":
        folders.remove("proc"), folders.remove("dev")
    kinds = {name: os.lstat(os.path.join(folder, name)).st_mode for name in [*folders, *files]}
    flags = os.statvfs(folder).f_flag & (os.ST_RDONLY | os.ST_NOSUID | os.ST_NODEV)
    flags = None if folder.startswith("/tmp/") else flags
    print(folder, oct(os.stat(folder).st_mode), flags, sorted(kinds.items()))
"""
# The same program on a machine that lets nobody mount anything, as a user who may not.
REFUSED = """
import os, runpy, sys
def refused(*args): raise OSError(1, "Operation not permitted")
sys.path.append(os.path.dirname(sys.argv[1]))
from jailed import walls
walls.unshare = refused
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


def seen(view: View, folder: Path, *, refused: bool) -> str:
    """What a process sees inside."""
    folder.mkdir()
    with bubblewrap(Settings(), view, str(folder), [sys.executable, "-I", "-S", "-c", LIST]) as inside:
        command = inside.command
        if refused:
            command = [sys.executable, "-I", "-S", "-c", REFUSED, str(LAY_OUT), command[-1]]
        done = subprocess.run(command, pass_fds=[inside.plan], cwd="/", capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_both_ways_show_the_same(tmp_path: Path) -> None:
    """With a part of Python below /tmp, and a link there, as in an environment made there."""
    environment = tmp_path / "environment"
    (environment / "lib" / "covered").mkdir(parents=True)
    (environment / "lib" / "shown.py").write_text("")
    (environment / "lib64").symlink_to("lib")
    (environment / "marks_of_others").write_text("")
    view = view_of(Settings())
    view.show(str(environment / "lib64"))
    view.covered |= {str(environment / "lib" / "covered")}
    once, one_by_one = (seen(view, tmp_path / name, refused=name == "refused") for name in ("allowed", "refused"))
    assert sorted(once.splitlines()) == sorted(one_by_one.splitlines())
    assert "shown.py" in once
    assert "marks_of_others" not in once


def test_nothing_of_the_tree_stays_mounted(tmp_path: Path) -> None:
    seen(view_of(Settings()), tmp_path / "place", refused=False)
    assert str(tmp_path) not in Path("/proc/self/mounts").read_text()


def test_the_plan_is_not_left_open_inside(tmp_path: Path) -> None:
    list_open = "import os; print(sorted(os.listdir('/proc/self/fd')))"  # 3 is the listing itself
    (tmp_path / "place").mkdir()
    command = [sys.executable, "-I", "-S", "-c", list_open]
    with bubblewrap(Settings(), view_of(Settings()), str(tmp_path / "place"), command) as inside:
        done = subprocess.run(inside.command, pass_fds=[inside.plan], cwd="/", capture_output=True, text=True)
    assert done.stdout == "['0', '1', '2', '3']\n", done.stdout + done.stderr


def test_a_jail_can_be_closed_twice(quick: Settings) -> None:
    """As after a probe that found that nothing can be shut in."""
    jails = jail.Jails(quick)
    assert jails.mode == quick.isolation
    jails.close()
    jails.close()
