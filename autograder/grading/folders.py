"""Reads a folder that somebody else filled: the one place that walks a submission.

Every folder and file is opened relative to its parent's descriptor and never through a symbolic link, so nothing that
happens meanwhile can lead the walk elsewhere. Depth, number of files, length of paths and bytes are bounded; the walk
needs no recursion. What is left out gets a note.

Hard links are read like any other file: they cannot come out of an archive or over a network, whoever makes one needs
the file on the same disk, and backups and copies with `cp -l` make them of honest submissions.
"""

from __future__ import annotations

import fnmatch
import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import PurePath

from ..sandbox.outputs import one_line

# In bytes, below a submission's folder. What can be read there has to fit into other folders with longer names too.
LONGEST_PATH = 1000
DEEPEST = 50
MOST_FILES = 10_000
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC


class Refused(Exception):
    """A folder that is not read. The message says why."""


def read_learners_folder(
    root: str, folder: str, ignore: Sequence[str], limit: int
) -> tuple[dict[str, bytes], list[str]]:
    """The regular files below `folder`, which lies below `root`, by relative path; and notes on what was left out.

    Links below `root` are not followed: a submission is what lies there itself. Raises Refused, or OSError.
    """
    with ExitStack() as stack:
        return _read(_opened(stack, root, folder), ignore, limit, MOST_FILES)


def _opened(stack: ExitStack, root: str, folder: str) -> _Folder:
    """A folder below `root`, opened step by step and through no link."""
    opened = stack.enter_context(_Folder.open(root))
    place = root
    for part in PurePath(os.path.relpath(folder, root)).parts:
        place = os.path.join(place, part)
        try:
            opened = stack.enter_context(opened.inner(part))
        except OSError as error:
            raise Refused(_why_not(opened, part, error, place)) from None
    return opened


def why_not_copied(root: str, folder: str, ignore: Sequence[str]) -> str:
    """Why a learner's folder must not be copied by a program that follows links and opens what it finds; "" if it may.

    Raises Refused, or OSError.
    """
    with ExitStack() as stack:
        for inner, name, kind in _walk(_opened(stack, root, folder), ignore):
            shown = one_line(inner.path_of(name), 100)
            if kind not in ("", "folder"):
                return f"{shown} cannot be copied: {kind}"
            if not kind and not stat.S_ISREG(inner.mode_of(name)):
                return f"{shown} cannot be copied: it is no regular file"
    return ""


def read_own_folder(folder: str, ignore: Sequence[str]) -> dict[str, bytes]:
    """The files below a folder of the instructor's, whose links are followed; none where there is no folder."""
    try:
        with _Folder.open(folder, follow=True) as opened:
            return _read(opened, ignore, 1 << 31, 1 << 31)[0]
    except (FileNotFoundError, NotADirectoryError):
        return {}


class _Folder:
    """An open folder; `relative` is its path below where a walk began."""

    def __init__(self, descriptor: int, relative: str, follow: bool) -> None:
        self.descriptor, self.relative, self.follow = descriptor, relative, follow
        self.no_link = 0 if follow else os.O_NOFOLLOW

    @classmethod
    def open(cls, path: str, follow: bool = False) -> _Folder:
        return cls(os.open(path, _FOLDER), "", follow)

    def __enter__(self) -> _Folder:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self.descriptor)

    def inner(self, name: str, relative: str = "") -> _Folder:
        return _Folder(os.open(name, _FOLDER | self.no_link, dir_fd=self.descriptor), relative, self.follow)

    def path_of(self, name: str) -> str:
        return f"{self.relative}/{name}" if self.relative else name

    def mode_of(self, name: str) -> int:
        return os.stat(name, dir_fd=self.descriptor, follow_symlinks=self.follow).st_mode

    def names(self) -> list[str]:
        return sorted(os.listdir(self.descriptor))


def _why_not(parent: _Folder, name: str, error: OSError, place: str) -> str:
    try:
        is_link = stat.S_ISLNK(parent.mode_of(name))
    except OSError:
        is_link = False
    shown = one_line(place, 300)
    if is_link:
        return f"{shown} is a symbolic link, and links are not followed: put the folder itself there"
    return f"{shown} cannot be read: {error.strerror}"


def _read(top: _Folder, ignore: Sequence[str], limit: int, most: int) -> tuple[dict[str, bytes], list[str]]:
    files: dict[str, bytes] = {}
    notes: list[str] = []
    seen = total = 0
    for folder, name, kind in _walk(top, ignore):
        seen += 1
        relative = folder.path_of(name)
        if seen > most:
            notes.append(f"{one_line(relative, 100)} and what follows were left out: there are more than {most}")
            break
        if kind == "folder":
            continue
        data = kind or _content(folder, name, limit - total)
        if isinstance(data, str):
            notes.append(f"{one_line(relative, 100)} was left out: {data}")
            continue
        total += len(data)
        files[relative] = data
    return files, notes


def _walk(top: _Folder, ignore: Sequence[str]) -> Iterator[tuple[_Folder, str, str]]:
    """Every name, with its kind: "folder", "" for a file, or why it is left out. A folder's names come before those in
    the folders within.
    """
    way: list[tuple[_Folder, list[str]]] = [(top, [])]  # the folders that are open, and what is to be gone into in each
    try:
        yield from _names(top, ignore, way[0][1])
        while way:
            folder, inner = way[-1]
            if not inner:
                way.pop()
                if folder is not top:
                    folder.__exit__()
                continue
            name = inner.pop()
            if len(way) > DEEPEST:
                yield folder, name, "it lies too deep"
                continue
            try:
                way.append((folder.inner(name, folder.path_of(name)), []))
                yield from _names(way[-1][0], ignore, way[-1][1])
            except OSError as error:
                yield folder, name, error.strerror or "it cannot be read"
    finally:
        for folder, _ in way:
            if folder is not top:
                folder.__exit__()


def _names(folder: _Folder, ignore: Sequence[str], inner: list[str]) -> Iterator[tuple[_Folder, str, str]]:
    """What is in one folder; folders to go into are put into `inner` too, the last of them first."""
    for name in folder.names():
        if any(fnmatch.fnmatch(name, pattern) for pattern in ignore):
            continue
        kind = _kind(folder, name)
        if kind == "folder":
            inner.append(name)
        yield folder, name, kind
    inner.reverse()


def _kind(folder: _Folder, name: str) -> str:
    """ "folder", "" for a file that can be read, or why the name is left out."""
    if len(os.fsencode(folder.path_of(name))) > LONGEST_PATH:
        return "its path is too long"
    try:
        mode = folder.mode_of(name)
    except OSError as error:
        return error.strerror or "it cannot be read"
    if stat.S_ISLNK(mode):
        return "it is a link"
    return "folder" if stat.S_ISDIR(mode) else ""


def _content(folder: _Folder, name: str, limit: int) -> bytes | str:
    try:
        descriptor = os.open(name, _FILE | folder.no_link, dir_fd=folder.descriptor)
    except OSError as error:
        return error.strerror or "it cannot be read"
    with open(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            return "it is no regular file"
        if status.st_size > limit:
            return f"it is too large ({status.st_size // 1_000_000} MB)"
        try:
            return file.read(limit)
        except OSError as error:
            return error.strerror or "it cannot be read"
