"""The built wheel, installed away from the repository: it brings the course along."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from autograder import course, paths

pytestmark = pytest.mark.skipif(not paths.in_repository(), reason="a wheel is built from a repository")
HERE = Path(sys.executable).parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    made = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=paths.root(), capture_output=True, text=True,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel in it, which sees the packages of this one but not this repository."""
    root = tmp_path_factory.mktemp("installed")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", root / "venv"], check=True)
    python = root / "venv" / "bin" / "python"
    subprocess.run(
        [HERE / "uv", "pip", "install", "--quiet", "--offline", "--no-deps", "--python", python, wheel], check=True
    )
    # A path in a .pth file is searched, but the .pth files in it are not read: the editable install stays unseen.
    packages = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    Path(packages, "packages.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return root


def run(environment: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    """Run `mha` of that environment, in a folder of its own."""
    work = environment / "work"
    work.mkdir(exist_ok=True)
    env = {
        **{k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "VIRTUAL_ENV", "AUTOGRADER", "MHA"))},
        "HOME": str(environment),
        # What comes with an installed package and is not in site-packages: commands, and nbconvert's templates.
        "PATH": f"{HERE}{os.pathsep}{os.environ['PATH']}",
        "JUPYTER_PATH": str(Path(sys.prefix, "share", "jupyter")),
    }
    return subprocess.run(
        [environment / "venv" / "bin" / "mha", *map(str, arguments)],
        cwd=work, env=env, capture_output=True, text=True, timeout=500,
    )  # fmt: skip


def test_the_wheel_holds_the_code_and_the_course(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    wanted = {"autograder/build/script.py", "autograder/classroom/nbgrader_config.txt", "reference_impl/py.typed"}
    wanted |= {"autograder/_files/course/course.yaml", "autograder/_files/course/sample_class/class.yaml"}
    for unit in course.read().units:
        for path in (unit.lesson, unit.hints, unit.script, unit.exercise):
            wanted.add(f"autograder/_files/{path.relative_to(paths.root()).as_posix()}")
    assert wanted - names == set()
    assert not any(name.endswith(".pyc") or ".ipynb_checkpoints" in name for name in names)


def test_lab_finds_the_notebooks(environment: Path) -> None:
    done = run(environment, "lab", "mine", "--copy-only")
    assert done.returncode == 0, done.stderr
    for unit in course.read().units:
        copied = environment / "work" / "mine" / unit.name / unit.exercise.name
        assert copied.read_bytes() == unit.exercise.read_bytes()


def test_the_demo_runs(environment: Path) -> None:
    done = run(environment, "demo", "results", "head_dimensions")
    assert (done.returncode, done.stderr) == (0, "")
    assert str(paths.root()) not in done.stdout
    assert "Checked in: " + str(environment / "venv") in run(environment, "show", "one_head.scores").stdout
    assert (environment / "work" / "results" / "marks.csv").is_file()
    assert any((environment / "work" / "results" / "feedback").glob("*/04_head_dimensions/head_dimensions.html"))
