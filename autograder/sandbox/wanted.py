"""The files that a submission must not see, and whether what was seen inside is one of them."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .settings import Settings
from .visible import View, project_files, project_roots, within

SMALL = 100  # bytes; a file below that gives nothing away, and is the same in many places
MOST = 50_000  # files of a course that are looked for; the folders they are in come first
SUFFIXES = (".py", ".ipynb", ".md", ".yaml")
# Folders in a project that hold other people's files, of which this machine may have more copies.
OTHERS = (".git", "node_modules")


@dataclass
class Wanted:
    """Files and folders by the inode that their folder lists; contents by size, then by hash."""

    inodes: dict[int, list[str]] = field(default_factory=dict)
    contents: dict[int, dict[str, str]] = field(default_factory=dict)

    def asked(self) -> dict[str, Any]:
        """What the one who looks has to know, as JSON."""
        return {"inodes": list(self.inodes), "sizes": list(self.contents), "suffixes": SUFFIXES}

    def found(self, candidates: Iterable[list[Any]]) -> str:
        """What was found where and what to do, in words; nothing if no candidate is one of the files."""
        for path, listed, device, inode, size, digest in candidates:
            for original in self.inodes.get(listed, ()):
                if _same(original, device, inode) and (size >= SMALL or os.path.isdir(original)):
                    return _explain(path, f"is {original} itself")
            if original := self.contents.get(size, {}).get(digest, ""):
                return _explain(path, f"has the content of {original}")
        return ""

    def add(self, path: str, inode: int) -> None:
        """A file or folder that must not be seen under any name."""
        self.inodes.setdefault(inode, []).append(path)

    def add_content(self, path: str) -> None:
        """A file of which no copy must be seen either."""
        with open(path, "rb") as file:
            data = file.read()
        if len(data) >= SMALL:
            self.contents.setdefault(len(data), {})[hashlib.sha256(data).hexdigest()] = path


def _same(path: str, device: int, inode: int) -> bool:
    try:
        found = os.lstat(path)
    except OSError:
        return False
    return (found.st_dev, found.st_ino) == (device, inode)


def _explain(path: str, what: str) -> str:
    return (
        f"A submission could read {path}, which {what}, so nothing was graded. Move or delete it, or add it to "
        "`c.GradingEngine.hidden` in nbgrader_config.py, and grade again."
    )


def wanted_files(settings: Settings, view: View, allowed: Iterable[Path]) -> Wanted:
    """What must not be seen: this project's files, also as copies, and `hidden`. `allowed` is the jail's own program."""
    wanted = Wanted()
    program = {os.path.realpath(path) for path in allowed}
    listed = {*project_roots(settings), *project_files(settings)}
    project = {path for path in listed if not any(within(path, one) for one in program)}
    hidden = {os.path.realpath(path) for path in settings.hidden if os.path.exists(path)}
    shown = {*view.bound, *program}
    for path, inode in walk(project, shown):
        wanted.add(path, inode)
        if path.endswith(SUFFIXES) and os.path.isfile(path) and not os.path.islink(path):
            wanted.add_content(path)
    for path, inode in walk(hidden - project, shown):
        wanted.add(path, inode)
    for path, _ in walk(program, ()):
        if os.path.isfile(path):
            data = Path(path).read_bytes()
            wanted.contents.get(len(data), {}).pop(hashlib.sha256(data).hexdigest(), None)
    return wanted


def walk(roots: Iterable[str], shown: Iterable[str]) -> Iterator[tuple[str, int]]:
    """Files and folders at and below `roots`, each with its inode, without environments and what is shown on purpose."""
    left, shown = MOST, frozenset(shown)
    todo = sorted(roots)
    yield from ((root, os.stat(root).st_ino) for root in todo)
    while todo and left > 0:
        try:
            entries = list(os.scandir(todo.pop(0)))
        except OSError:  # a file, or a folder that this user cannot read
            continue
        if any(entry.name in ("pyvenv.cfg", "conda-meta") for entry in entries):
            continue
        left -= len(entries)
        for entry in entries:
            if entry.path not in shown and entry.name not in OTHERS:
                yield entry.path, entry.inode()
                if entry.is_dir(follow_symlinks=False):
                    todo.append(entry.path)
