"""The ways to shut submissions in: as root and as an ordinary user, nested, one jail each, and not at all."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.grading.tests.make_course import answer, check
from autograder.sandbox import IsolationUnavailable, Settings, jail
from autograder.sandbox.pool import isolation_of
from autograder.sandbox.tests.play import play

ROOT = Path(__file__).resolve().parents[3]
CELLS = [
    answer("a", "import os\nprint('uid', os.getuid())\ndef f(x):\n    return x + 1"),
    check("t", "assert f(1) == 2", 1),
    answer("b", "import os\nos._exit(1)"),
    check("u", "assert f(2) == 3", 1),
]


@pytest.mark.parametrize("mode", ["nested", "once", "none"])
def test_every_mode_gives_the_same_marks_and_says_which_it_was(quick: Settings, mode: str) -> None:
    if mode == "nested" and quick.isolation != "nested":  # this machine refuses it: the probe has to see that
        assert isolation_of(Settings()) == "once"
        return
    played = play(CELLS, replace(quick, isolation=mode))
    assert played.marks == {"t": 1.0, "u": 1.0}
    assert played.result.isolation == mode
    assert played.result.restarts == 1


def test_root_is_dropped_before_a_submission_runs(quick: Settings) -> None:
    assert play(CELLS, quick).text("a").strip() != "uid 0"


@pytest.mark.parametrize("name", ["privileges", "the course on disk", "somewhere to write", "open files", "devices"])
def test_in_a_jail_of_its_own_there_is_nothing_to_find_either(quick: Settings, name: str) -> None:
    from autograder.sandbox.tests import test_hostile

    source = test_hostile.FINDS_NOTHING[name][0]
    shown = test_hostile.attack(replace(quick, isolation="once"), source + "\nprint('looked')").text("double")
    assert "looked" in shown
    assert "FOUND" not in shown, shown


@pytest.mark.parametrize("mode", ["nested", "once"])
def test_hostile_code_is_shut_in_for_an_ordinary_user_too(mode: str, tmp_path: Path) -> None:
    if os.geteuid() != 0:
        attacks_by_an_ordinary_user(mode)
        return
    script = (
        "import os\n"
        "os.setgroups([]); os.setgid(65534); os.setuid(65534)\n"
        "os.environ['HOME'] = os.getcwd()\n"
        "import pytest, sys\n"
        "from autograder.sandbox.settings import Settings\n"
        "from autograder.sandbox.tests.test_isolation import attacks_by_an_ordinary_user\n"
        f"attacks_by_an_ordinary_user({mode!r})\n"
    )
    tmp_path.chmod(0o777)
    done = subprocess.run(
        [python_for_everyone(), "-c", script],
        cwd=tmp_path, capture_output=True, text=True, timeout=300,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": os.pathsep.join([str(ROOT), numpy_folder()])},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def numpy_folder() -> str:
    """The folder of installed libraries."""
    return str(Path(str(jail.wire.np.__file__)).parents[1])


def python_for_everyone() -> str:
    """A Python of this version that an ordinary user can run; root's own may be below a closed folder."""
    name = f"python{sys.version_info.major}.{sys.version_info.minor}"
    for path in (sys.executable, f"/usr/bin/{name}", f"/usr/local/bin/{name}"):
        if os.path.exists(path) and all(parent.stat().st_mode & 1 for parent in Path(path).resolve().parents):
            return path
    return pytest.skip(f"no {name} that an ordinary user can run")


def attacks_by_an_ordinary_user(mode: str) -> None:
    """Run from a process that is no longer root."""
    from autograder.sandbox.tests import test_hostile

    assert os.getuid() != 0
    settings = Settings(isolation=mode).with_limits(
        cell_seconds=3, seconds=40, grace_seconds=0.5, memory_bytes=400_000_000, folder_bytes=20_000_000, processes=40
    )
    for table in (test_hostile.ENDS, test_hostile.NO_MARK):
        for name in [*list(table)[:6], "loops and ignores signals", "leaves a daemon", "a flood of processes"]:
            if name in table:
                played = test_hostile.attack(settings, table[name][0])
                assert played.marks == test_hostile.SPARED, (name, played.marks)
    for name, source in test_hostile.FINDS_NOTHING.items():
        if mode == "nested" or name != "other processes":
            played = test_hostile.attack(settings, source[0] + "\nprint('looked')")
            assert "FOUND" not in played.text("double"), (name, played.text("double"))


def test_without_bubblewrap_grading_refuses_and_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda name: None)
    with pytest.raises(IsolationUnavailable, match="apt-get install bubblewrap"):
        jail.Jails(Settings())


def test_on_another_system_grading_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "darwin")
    with pytest.raises(IsolationUnavailable, match="needs Linux"):
        jail.Jails(Settings())


def test_where_nested_namespaces_are_refused_each_submission_gets_its_own_jail(
    quick: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A bwrap that forbids nesting, as some systems do."""
    fake = tmp_path / "bwrap"
    real = jail.shutil.which("bwrap")
    forbid = "--unshare-user --disable-userns" if os.geteuid() else ""
    fake.write_text(f'#!/bin/sh\ncase "$*" in *\'"nested"\'*) exit 1;; esac\nexec {real} {forbid} "$@"\n')
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    settings = Settings(limits=replace(quick.limits, cells=1999))
    assert isolation_of(settings) == "once"
