"""Nothing that lies in the folder a command is started in is taken for a library, a template or a start-up file."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from autograder import own_python
from autograder.classroom.directory import CourseDirectory
from autograder.environment import OWN_CHECKS
from autograder.grading.records import path_of

from .tiny import RIGHT, UNIT, hand_in

COMMANDS = Path(sys.executable).parent
# Beside all that is installed: what libraries try to import and may not find.
OPTIONAL = {"sitecustomize", "usercustomize", "pandas", "torch", "uvloop", "cupy", "polars", "pysqlite2", "late"}
TEMPLATES = ["index.html.j2", "feedback/index.html.j2", "nbconvert/templates/classic/index.html.j2", "mathjax.html.j2"]


@pytest.fixture
def foreign(tmp_path: Path) -> Path:
    """A folder full of modules, packages and templates, each of which leaves a mark when it runs."""
    folder = tmp_path / "foreign"
    mark = f"open({str(tmp_path / 'ran')!r}, 'a').write(__name__ + chr(10))\n"
    for name in {*sys.stdlib_module_names, *packages_distributions(), *OPTIONAL}:
        if name.isidentifier():
            (folder / name).mkdir(parents=True)
            (folder / name / "__init__.py").write_text(mark)
            (folder / f"{name}.py").write_text(mark)
    for name in TEMPLATES:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("{{ cycler.__init__.__globals__.os.mkdir('" + str(tmp_path / "ran") + "') }}")
    return folder


def run(directory: CourseDirectory, folder: Path, *command: object, **more: str) -> str:
    """Run a command of this environment in a folder; what it printed."""
    env = {**os.environ, "PATH": f"{COMMANDS}{os.pathsep}{os.environ['PATH']}", **more}
    env.setdefault(OWN_CHECKS, str(directory.root / "checks"))
    program = COMMANDS / str(command[0])
    done = subprocess.run(
        [program, *map(str, command[1:])], cwd=folder, env=env, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def ran(folder: Path) -> str:
    """What ran of the foreign folder."""
    mark = folder.parent / "ran"
    return "a template" if mark.is_dir() else mark.read_text() if mark.exists() else ""


def test_the_fixture_does_leave_marks(foreign: Path) -> None:
    subprocess.run([sys.executable, "-m", "autograder.sandbox.worker"], cwd=foreign, capture_output=True, timeout=60)
    assert ran(foreign)


@pytest.mark.parametrize(("isolation", "learners"), [("auto", 8), ("none", 1)])
def test_grading_and_feedback(
    directory: CourseDirectory, foreign: Path, isolation: str, learners: int, bwrap: str
) -> None:
    for number in range(learners):  # 8: enough for feedback pages to be made in several processes
        hand_in(directory, f"learner{number}", RIGHT)
    run(directory, foreign, "mha", "grade", directory.root, "--feedback", "--isolation", isolation)
    assert len(list((directory.root / "feedback").rglob("*.html"))) == learners
    assert ran(foreign) == ""


def test_nbgrader_with_the_engine_and_its_own_feedback(directory: CourseDirectory, foreign: Path, bwrap: str) -> None:
    hand_in(directory, "ada", RIGHT)
    root = f"--CourseDirectory.root={directory.root}"
    run(directory, foreign, "nbgrader", "autograde", UNIT, root)
    assert path_of(directory.root, UNIT, "ada").is_file()
    assert ran(foreign) == ""


def test_checking_a_notebook_of_another_folder(directory: CourseDirectory, foreign: Path) -> None:
    notebook = hand_in(directory, "ada", RIGHT)
    run(directory, foreign, "mha", "check", notebook)
    assert ran(foreign) == ""


@pytest.mark.parametrize("command", [["lab", "--copy-only"], ["init"]])
def test_commands_that_make_something(
    directory: CourseDirectory, foreign: Path, command: list[str], tmp_path: Path
) -> None:
    run(directory, foreign, "mha", *command, tmp_path / "made")
    assert ran(foreign) == ""


def test_what_ours_inherit_of_a_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(["", ".", "lib", str(tmp_path)]))
    monkeypatch.setenv("PYTHONSTARTUP", "start.py")
    environment = own_python.own_environment(A="b")
    assert environment["PYTHONPATH"] == os.pathsep.join([own_python.ROOT, str(tmp_path)])
    assert environment["PYTHONSAFEPATH"] == "1"
    assert environment["A"] == "b"
    assert "PYTHONSTARTUP" not in environment


def test_multiprocessing_gets_the_same_and_this_process_its_own_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONSTARTUP", "start.py")
    before = dict(os.environ)
    with own_python.own_processes():
        assert os.environ["PYTHONSAFEPATH"] == "1"
        assert "PYTHONSTARTUP" not in os.environ
    assert dict(os.environ) == before


def test_this_process_leaves_the_folder_and_keeps_the_project(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "lib").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(["lib", "/usr/share"]))
    foreign = ["", ".", str(tmp_path), "lib", str(tmp_path / "lib")]
    monkeypatch.setattr(sys, "path", [*foreign, "/usr/share", own_python.ROOT])
    own_python.leave_working_folder()
    assert sys.path == ["/usr/share", own_python.ROOT]
    monkeypatch.chdir(own_python.ROOT)
    own_python.leave_working_folder()
    assert own_python.ROOT in sys.path
