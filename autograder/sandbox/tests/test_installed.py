"""However the course is installed, a submission finds nothing of it on the disk, and a file that it could find stops the run."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

import pytest

from autograder import paths
from autograder.conftest import need
from autograder.sandbox import IsolationUnavailable, Settings, jail, pool
from autograder.sandbox.tests.play import play
from autograder.sandbox.visible import View, reach, view_of

pytestmark = [
    pytest.mark.skipif(not paths.in_repository(), reason="the course is installed from a repository"),
    pytest.mark.usefixtures("bwrap"),
]
HERE = Path(sys.executable).parent
VERSION = f"python{sys.version_info.major}.{sys.version_info.minor}"
SYSTEM = f"/usr/bin/{VERSION}"
ATTACK = Path(__file__).with_name("read_reference.py")


def run(*command: object, wrapped: list[str] | None = None) -> str:
    """The output of a command that must succeed, in an environment that knows nothing of this one."""
    env = {"PATH": os.environ["PATH"], "HOME": os.environ["HOME"], "LANG": "C.UTF-8"}
    done = subprocess.run([*(wrapped or []), *map(str, command)], cwd="/", env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def uv(python: object, *what: object, wrapped: list[str] | None = None) -> None:
    run(HERE / "uv", "pip", "install", "--quiet", "--offline", "--no-deps", "--no-build-isolation", "--python", python,
        "--no-cache", "--break-system-packages", *what, wrapped=wrapped)  # fmt: skip


def packages(python: object, wrapped: list[str] | None = None) -> Path:
    """Where a Python keeps packages, with the packages of this environment added to what it searches.

    A .pth file that is found through another is not read, so the editable install of this environment stays unseen.
    """
    folder = Path(run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", wrapped=wrapped).strip())
    run("sh", "-c", 'mkdir -p "$0" && echo "$1" > "$0/packages.pth"', folder, sysconfig.get_path("purelib"),
        wrapped=wrapped)  # fmt: skip
    return folder


def environment(folder: Path) -> Path:
    run(sys.executable, "-m", "venv", "--without-pip", folder)
    packages(folder / "bin" / "python")
    return folder / "bin" / "python"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    made = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(made, cwd=paths.root(), check=True, capture_output=True)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def wanted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Size and hash of every file of the project that is not the jail's own program."""
    own = {path.read_bytes() for folder in (jail.JAILED, jail.RECORDING) for path in folder.rglob("*.py")}
    found = {
        path.read_bytes()
        for part in ("reference_impl", "autograder", "course", "exercises", "solutions")
        for path in (paths.root() / part).rglob("*.*")
        if path.is_file() and path.stat().st_size >= 100
    }
    file = tmp_path_factory.mktemp("wanted") / "wanted.json"
    file.write_text(json.dumps([(len(data), hashlib.sha256(data).hexdigest()) for data in found - own]))
    return file


def by_make(folder: Path, wheel: Path) -> tuple[Path, list[str]]:
    return Path(sys.executable), []


def by_pip(folder: Path, wheel: Path) -> tuple[Path, list[str]]:
    python = environment(folder / "venv")
    run(sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-deps", "--no-build-isolation",
        "--no-index", "--no-compile", paths.root())  # fmt: skip
    return python, []


def by_wheel(folder: Path, wheel: Path) -> tuple[Path, list[str]]:
    python = environment(folder / "venv")
    uv(python, wheel)
    return python, []


def by_pipx(folder: Path, wheel: Path) -> tuple[Path, list[str]]:
    """The layout that pipx makes: an environment of the program's own, reached by a link to its command."""
    python = environment(folder / ".local" / "share" / "pipx" / "venvs" / "mha-course")
    uv(python, wheel)
    command = folder / ".local" / "bin" / "mha"
    command.parent.mkdir()
    command.symlink_to(python.with_name("mha"))
    return Path(command.resolve().read_text().splitlines()[0].removeprefix("#!")), []


def by_system(folder: Path, wheel: Path) -> tuple[Path, list[str]]:
    """The system's Python in a root of its own: read-only, but for a new /usr/local and this test's folder."""
    need(SYSTEM if os.path.exists(SYSTEM) else None, VERSION)
    local = folder / "local"
    (local / "bin").mkdir(parents=True)
    privileges = ["--cap-add", "ALL"] if os.geteuid() == 0 else ["--unshare-user"]
    root = ["bwrap", *privileges, "--ro-bind", "/", "/", "--dev-bind", "/dev", "/dev", "--proc", "/proc",
            "--bind", tempfile.gettempdir(), tempfile.gettempdir(), "--bind", str(local), "/usr/local", "--"]  # fmt: skip
    packages(SYSTEM, root)
    uv(SYSTEM, wheel, wrapped=root)
    assert list(local.glob("lib/*/dist-packages/reference_impl"))
    return Path(SYSTEM), root


def by_conda(folder: Path, wheel: Path) -> tuple[Path, list[str]]:
    """A Python of its own below links, with lib64 a link to lib and the files of packages shared with pkgs/."""
    need(SYSTEM if os.path.exists(SYSTEM) else None, VERSION)
    prefix = folder / "disk" / "conda" / "envs" / "course"
    (prefix / "bin").mkdir(parents=True)
    (prefix / "conda-meta").mkdir()
    shutil.copy(os.path.realpath(SYSTEM), prefix / "bin" / VERSION)
    (prefix / "bin" / "python").symlink_to(VERSION)
    shutil.copytree(
        f"/usr/lib/{VERSION}", prefix / "lib" / VERSION, symlinks=True,
        ignore=shutil.ignore_patterns("test", "idlelib", "site-packages", "sitecustomize.py", "config-*"),
    )  # fmt: skip
    (prefix / "lib64").symlink_to("lib")
    (folder / "opt").symlink_to(folder / "disk")
    python = folder / "opt" / "conda" / "envs" / "course" / "bin" / "python"
    installed = packages(python)
    uv(python, wheel)
    kept = folder / "disk" / "conda" / "pkgs" / "mha-course-0.1.0" / "site-packages"
    shutil.copytree(installed / "reference_impl", kept / "reference_impl", copy_function=os.link)
    return python, []


WAYS = {"make": by_make, "pip": by_pip, "wheel": by_wheel, "pipx": by_pipx, "system": by_system, "conda": by_conda}


@pytest.mark.parametrize("way", WAYS)
def test_a_submission_finds_nothing_of_the_course(way: str, wheel: Path, wanted: Path, tmp_path: Path) -> None:
    python, root = WAYS[way](tmp_path, wheel)
    told = json.loads(run(python, "-P", ATTACK, wanted, wrapped=root).splitlines()[-1])
    assert "libraries work" in told["said"], told
    assert "FOUND" not in told["said"], told
    assert told["marks"] == {"t": 0.0}
    assert told["honest"].strip() == "None"


@pytest.fixture
def other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package of somebody else's in a folder of packages that this Python searches."""
    package = tmp_path / "site-packages" / "other"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("")
    record = tmp_path / "site-packages" / "other-1.0.dist-info" / "RECORD"
    record.parent.mkdir()
    record.write_text("other/__init__.py,,\n")
    monkeypatch.syspath_prepend(str(tmp_path / "site-packages"))
    return package


REFERENCE = paths.root() / "reference_impl" / "attention.py"


def test_a_copy_of_the_reference_that_could_be_read_stops_the_run(other: Path) -> None:
    copy = other / "copied.py"
    shutil.copy(REFERENCE, copy)
    with pytest.raises(IsolationUnavailable, match="was graded") as error:
        jail.look_inside(Settings(), view_of(Settings()))
    assert f"could read {copy}, which has the content of {REFERENCE}" in str(error.value)
    hiding = Settings(hidden=(str(copy),))
    jail.look_inside(hiding, view_of(hiding))


def test_a_gradebook_that_could_be_read_stops_the_run(other: Path, tmp_path: Path) -> None:
    """By a second name of the same file, which no path tells."""
    course = tmp_path / "course"
    course.mkdir()
    (course / "gradebook.db").write_bytes(b"marks" * 100)
    os.link(course / "gradebook.db", other / "data")
    settings = Settings(hidden=(str(course),))
    with pytest.raises(IsolationUnavailable, match=r"is .*/gradebook\.db itself"):
        jail.look_inside(settings, view_of(settings))


def test_a_run_begins_with_a_look_from_inside(other: Path, quick: Settings) -> None:
    shutil.copy(REFERENCE, other / "copied.py")
    with (
        contextlib.closing(jail.Jails(quick)) as jails,
        pytest.raises(IsolationUnavailable, match="nothing was graded"),
    ):
        jails.look()


def test_every_run_looks_once_and_a_cluster_s_process_too(quick: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many workers it has, and also where an idle worker of an earlier run is used again."""
    asked: list[bool] = []
    begin = pool.WorkerProcess.begin
    monkeypatch.setattr(pool.WorkerProcess, "begin", lambda self, look: (asked.append(look), begin(self, look))[1])
    settings = quick.with_limits(cells=1777)
    play([], settings)
    assert asked == [True]
    play([], settings)
    assert asked == [True]
    taken = [pool._take(settings) for _ in range(2)]
    assert asked == [True, False]
    for worker in taken:
        pool._give_back(settings, worker)
    pool.isolation_of(settings)
    assert asked == [True, False, True]


def test_only_entries_of_known_distributions_are_shown(other: Path) -> None:
    folder = other.parent
    (folder / "nobodys.py").write_text("")
    (folder / "elsewhere.pth").write_text(str(paths.root()))
    (folder / "mha_course-9.dist-info").mkdir()
    (folder / "mha_course-9.dist-info" / "RECORD").write_text("nobodys.py,,\n")
    (folder / "other-1.0.dist-info" / "RECORD").write_text("other/__init__.py,,\nreference_impl/__init__.py,,\n")
    (folder / "reference_impl").mkdir()
    shown = {path for kind, path in view_of(Settings()).steps() if kind == "bind" and path.startswith(str(folder))}
    assert shown == {str(other), str(folder / "other-1.0.dist-info")}


def test_a_course_below_what_is_shown_is_covered(other: Path) -> None:
    course = other / "teaching" / "course"
    course.mkdir(parents=True)
    (other.parent.parent / "link").symlink_to(course)
    steps = view_of(Settings(hidden=(str(other.parent.parent / "link"),))).steps()
    assert ("cover", str(course)) in steps


def test_a_path_is_reached_through_links_that_stay_links(tmp_path: Path) -> None:
    (tmp_path / "lib" / "deep").mkdir(parents=True)
    (tmp_path / "lib64").symlink_to("lib")
    (tmp_path / "opt").symlink_to(tmp_path / "lib64")
    links, real = reach(str(tmp_path / "opt" / "deep"))
    assert real == str(tmp_path / "lib" / "deep")
    assert links == {str(tmp_path / "opt"): str(tmp_path / "lib64"), str(tmp_path / "lib64"): "lib"}
    (tmp_path / "round").symlink_to("round")
    with pytest.raises(OSError, match="symbolic links"):
        reach(str(tmp_path / "round"))


def test_what_another_step_shows_already_is_no_step_of_its_own() -> None:
    view = View({"/a", "/a/b", "/a/c/d"}, {"/a/link": "b"}, {"/a/c", "/z"})
    assert view.steps() == [("bind", "/a"), ("cover", "/a/c"), ("bind", "/a/c/d")]


def test_an_editable_install_is_a_path_and_nothing_else() -> None:
    installed = Path(sysconfig.get_path("purelib"))
    for name in ("autograder", "reference_impl"):
        assert not (installed / name).exists()


def test_a_worker_that_ends_at_once_is_told_in_words(quick: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether it ends before or after the first message to it was sent."""
    monkeypatch.setattr(pool, "own_python", lambda *arguments: ["/bin/false"])
    with pytest.raises(IsolationUnavailable, match="did not start"):
        pool.isolation_of(quick.with_limits(cells=1778))


def test_settings_that_were_refused_count_as_not_looked_at(quick: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where a worker of an earlier run is idle, which would grade without a look."""
    settings = quick.with_limits(cells=1779)
    pool.isolation_of(settings)
    for worker in [pool._take(settings) for _ in range(2)]:
        pool._give_back(settings, worker)

    def refuse(self: pool.WorkerProcess, look: bool) -> None:
        raise IsolationUnavailable("something was found")

    monkeypatch.setattr(pool.WorkerProcess, "begin", refuse)
    with pytest.raises(IsolationUnavailable, match="something was found"):
        pool.isolation_of(settings)
    with pytest.raises(IsolationUnavailable, match="something was found"):
        play([], settings)
