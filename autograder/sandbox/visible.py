"""What a jail shows of this machine: the system, Python, and the packages of other projects, by where they really are.

Every file is shown at its real path and nowhere else; the links that lead there are made again as links. Of a folder of
installed packages only what belongs to a known distribution is shown, and never what belongs to this project.
"""

from __future__ import annotations

import csv
import errno
import glob
import importlib.util
import os
import re
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from .settings import Settings

SYSTEM = ("/usr", "/lib", "/lib64", "/lib32", "/bin", "/sbin")
ETC = ("/etc/ld.so.cache", "/etc/localtime", "/etc/alternatives", "/etc/fonts", "/etc/mime.types")
NO_USE = ("/usr/share/doc", "/usr/share/icons", "/usr/share/man", "/usr/src")  # many files, none for a notebook
PACKAGES = ("site-packages", "dist-packages")
_MADE = ("/", "/tmp")  # folders that the jail has anyway


@dataclass
class View:
    """Real paths that are shown, links to make, and real paths below which nothing is shown unless it is bound itself."""

    bound: set[str] = field(default_factory=set)
    links: dict[str, str] = field(default_factory=dict)
    covered: set[str] = field(default_factory=set)

    def show(self, path: str) -> None:
        """Show what is at a path, if it exists, with the links on the way to it."""
        if os.path.exists(path):
            self.bound.add(self.link(path))

    def link(self, path: str) -> str:
        """Make the links on the way to a path, and return where it really is."""
        links, real = reach(path)
        self.links.update(links)
        return real

    def steps(self) -> list[tuple[str, str]]:
        """What to do, outermost first: ("bind" | "link" | "cover", path). Leaves out what another step does already."""
        wanted = dict.fromkeys(self.links, "link") | dict.fromkeys(self.bound, "bind")
        wanted |= dict.fromkeys(self.covered, "cover")
        return [
            (kind, path)
            for path, kind in sorted(wanted.items())
            if (kind == "cover") == (_around(path, wanted) == "bind")
        ]

    def tops(self, folder: str) -> list[str]:
        """The entries of a folder that the steps make or show something in."""
        below = f"{folder}/"
        return sorted({path[len(below) :].partition("/")[0] for _, path in self.steps() if path.startswith(below)})

    def options(self) -> list[str]:
        """The same as options of bubblewrap."""
        todo = {path: kind for kind, path in self.steps()}
        for folder in {folder for path in todo for folder in parents(path)} - {*todo, *_MADE}:
            if _around(folder, todo) != "bind":
                todo[folder] = "folder"
        command: list[str] = []
        for path, kind in sorted(todo.items()):
            if kind == "bind":
                command += ["--ro-bind", path, path]
            elif kind == "link":
                command += ["--symlink", self.links[path], path]
            elif kind == "folder":  # bubblewrap would make it closed to everyone but root
                command += ["--perms", "0755", "--dir", path]
            elif os.path.isdir(path):
                command += ["--perms", "0755", "--tmpfs", path]
            else:
                command += ["--ro-bind", os.devnull, path]
        for path, kind in todo.items():
            if kind == "cover" and os.path.isdir(path):
                command += ["--remount-ro", path]
        return command


def _around(path: str, known: dict[str, str]) -> str:
    """The kind of the innermost known path around a path, folders that are only made left out."""
    return next((known[p] for p in parents(path) if known.get(p, "folder") != "folder"), "")


def view_of(settings: Settings) -> View:
    """What a submission may see on this machine."""
    view = View()
    for path in (*SYSTEM, *ETC, *python_parts()):
        view.show(path)
    for prefix in (sys.prefix, sys.exec_prefix):
        for name in ("lib", "lib64"):
            view.link(os.path.join(prefix, name))
    folders = {view.link(path): None for path in package_folders()}
    view.covered |= {*map(os.path.realpath, NO_USE), *folders, *other_package_folders(view.bound)}
    for folder in folders:
        for name in sorted(shown_entries(folder, settings)):
            view.show(os.path.join(folder, name))
    view.covered |= {*map(os.path.realpath, settings.hidden), *project_roots(settings), *project_files(settings)}
    view.covered = {path for path in view.covered if os.path.exists(path)}
    return view


def reach(path: str) -> tuple[dict[str, str], str]:
    """The links on the way to a path, each at its own real place, and the real path. Raises OSError for a circle."""
    links: dict[str, str] = {}
    real, todo = "/", os.path.join(os.getcwd(), path).split("/")
    followed = 0
    while todo:
        part = todo.pop(0)
        here = os.path.normpath(os.path.join(real, part))
        if part in ("", ".") or not os.path.islink(here):
            real = here
            continue
        if (followed := followed + 1) > 40:
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), path)
        links[here] = os.readlink(here)
        real = "/" if links[here].startswith("/") else real
        todo = links[here].split("/") + todo
    return links, real


def parents(path: str) -> Iterator[str]:
    """The folders around a path, innermost first."""
    while path != (path := os.path.dirname(path)):
        yield path


def within(path: str, folder: str) -> bool:
    """Whether a real path is a folder or below it."""
    return path == folder or path.startswith(folder.rstrip("/") + "/")


def python_parts() -> Iterator[str]:
    """This Python without its installed packages: programs, standard library, the file that marks an environment."""
    yield sys.executable
    for prefix in (sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix):
        yield os.path.join(prefix, "pyvenv.cfg")
        yield from glob.glob(os.path.join(glob.escape(prefix), "bin", "python*"))
    for prefix in (sys.base_prefix, sys.base_exec_prefix):
        yield from (os.path.join(prefix, name) for name in ("lib", "lib64"))
    yield from {sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib")} & {*sys.path}


def package_folders() -> list[str]:
    """The folders of installed packages that this Python searches."""
    return [path for path in sys.path if os.path.basename(path) in PACKAGES and os.path.isdir(path)]


def other_package_folders(bound: Iterable[str]) -> Iterator[str]:
    """Folders of installed packages in what is shown, of this Python or any other."""
    for root in bound:
        for place in ("", "lib*", "local/lib*"):
            for name in PACKAGES:
                found = glob.glob(os.path.join(glob.escape(root), place, "py*", name))
                yield from map(os.path.realpath, found)


def shown_entries(folder: str, settings: Settings) -> Iterator[str]:
    """The entries of a folder of packages that belong to a distribution that is not this project's."""
    entries = os.listdir(folder)
    owned = set(debian_entries(folder))
    for entry in entries:
        if is_metadata(entry) and distribution(entry) not in ours(settings):
            owned |= {entry, *entries_of(os.path.join(folder, entry), entries)}
    hidden = modules(settings)
    compiled = os.path.join(folder, "__pycache__")
    for entry in owned.intersection(entries) - {"__pycache__"}:
        if entry.partition(".")[0] in hidden or (is_metadata(entry) and distribution(entry) in ours(settings)):
            continue
        yield entry
        if entry.endswith(".py"):
            for path in glob.glob(os.path.join(glob.escape(compiled), glob.escape(entry[:-3]) + ".*.pyc")):
                yield os.path.relpath(path, folder)


def modules(settings: Settings) -> frozenset[str]:
    """The top-level modules that are this project's."""
    return frozenset({*settings.stand_ins, *settings.absent})


def ours(settings: Settings) -> frozenset[str]:
    """The names of this project's distributions, as they are compared."""
    return frozenset(_comparable(name) for name in settings.distributions)


def is_metadata(entry: str) -> bool:
    """Whether an entry of a folder of packages describes a distribution."""
    return entry.endswith((".dist-info", ".egg-info"))


def distribution(entry: str) -> str:
    """The name of the distribution that an entry such as mha_course-0.1.0.dist-info describes."""
    return _comparable(entry.rpartition(".")[0].partition("-")[0])


def _comparable(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def entries_of(metadata: str, entries: Iterable[str]) -> Iterator[str]:
    """The top-level files and folders that a distribution says are its own."""
    yield from re.findall(r'^"?([^/,\n]+)', _read(os.path.join(metadata, "RECORD")), re.MULTILINE)
    yield from re.findall(r"^\.\./([^/\n]+)", _read(os.path.join(metadata, "installed-files.txt")), re.MULTILINE)
    names = {*_read(os.path.join(metadata, "top_level.txt")).split()}
    yield from (entry for entry in entries if entry.partition(".")[0] in names)


def debian_entries(folder: str) -> Iterator[str]:
    """What Debian's packages put into a folder: some of them say nothing about it beside the files."""
    if within(folder, "/usr/lib/python3"):
        pattern = re.compile(rf"^{re.escape(folder)}/([^/\n]+)", re.MULTILINE)
        for path in glob.glob("/var/lib/dpkg/info/*.list"):
            yield from pattern.findall(_read(path))


def _read(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except OSError:
        return ""


def project_roots(settings: Settings) -> set[str]:
    """Where this project's modules are: in a folder of packages the modules alone, elsewhere the folder they are in."""
    found = {path for folder in sys.path for name in modules(settings) for path in _module(folder, name)}
    for name in modules(settings):
        spec = importlib.util.find_spec(name)
        found |= {*(spec.submodule_search_locations or ()), *([spec.origin] if spec.origin else ())} if spec else set()
    real = {os.path.realpath(path) for path in found if os.path.exists(path)}
    real = {os.path.dirname(path) if os.path.basename(path) == "__init__.py" else path for path in real}
    libraries = {*PACKAGES, os.path.basename(sysconfig.get_path("stdlib"))}
    return {path if os.path.basename(os.path.dirname(path)) in libraries else os.path.dirname(path) for path in real}


def _module(folder: str, name: str) -> list[str]:
    start = os.path.join(folder, name)
    return [start] if os.path.isdir(start) else glob.glob(glob.escape(start) + ".*")


def project_files(settings: Settings) -> Iterator[str]:
    """The files that this project's installed distributions list, and the folders that describe the distributions."""
    for folder in package_folders():
        for entry in os.listdir(folder):
            if is_metadata(entry) and distribution(entry) in ours(settings):
                yield os.path.realpath(os.path.join(folder, entry))
                listed = _read(os.path.join(folder, entry, "RECORD")).splitlines()
                for row in csv.reader(listed):
                    if row and os.path.exists(path := os.path.join(folder, row[0])):
                        yield os.path.realpath(path)
