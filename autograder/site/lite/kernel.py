"""The kernel's files in four archives in place of thirty, with bytecode, so that a first visit does not compile 2,000 files.

The kernel unpacks every archive that `empack_env_meta.json` lists. Bytecode is added where this Python makes the kind that
the kernel reads; elsewhere the site is only slower.
"""

from __future__ import annotations

import gzip
import importlib.util
import io
import json
import py_compile
import tarfile
import tempfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

KERNEL = Path("extensions/@jupyterlite/xeus-python-kernel/static")
META = "empack_env_meta.json"
# The number that bytecode of Python 3.11, the kernel's, begins with.
BYTECODE = (3495).to_bytes(2, "little") + b"\r\n"
OWN_ARCHIVE = {"python", "numpy"}
# Packages that only install others or talk to a terminal, and folders of the standard library that need a desktop.
NOT_NEEDED = {"pip", "setuptools", "wheel", "pexpect", "ptyprocess", "jedi", "parso"}
NOT_NEEDED_FOLDERS = tuple(
    f"lib/python3.11/{name}/"
    for name in ("lib2to3", "idlelib", "distutils", "turtledemo", "tkinter", "ensurepip", "venv", "pydoc_data")
)


def pack(site: Path, course: Mapping[str, bytes]) -> list[str]:
    """Replace the archives of a built site's kernel. Returns the names of the new ones."""
    folder = site / KERNEL
    meta = json.loads((folder / META).read_text(encoding="utf-8"))
    archives: dict[str, dict[str, bytes]] = {"python": {}, "numpy": {}, "ipython": {}}
    versions = {"ipython": "0", "course": "0"}
    for package in meta["packages"]:
        name, path = package["name"], folder / package["filename"]
        if name not in NOT_NEEDED:
            archives[name if name in OWN_ARCHIVE else "ipython"].update(_unpacked(path))
            versions.setdefault(name, package["version"])
        path.unlink()
    archives["course"] = dict(course)
    meta["packages"] = [
        {**_entry(name, versions[name]), "filename": _write(folder / f"{name}.tar.gz", files)}
        for name, files in archives.items()
    ]
    (folder / META).write_text(json.dumps(meta), encoding="utf-8")
    return [package["filename"] for package in meta["packages"]]


def _entry(name: str, version: str) -> dict[str, str]:
    return {"name": name, "version": version, "build": "0", "filename_stem": name}


def _unpacked(archive: Path) -> dict[str, bytes]:
    with tarfile.open(archive) as packed:
        return {
            member.name: file.read()
            for member in packed
            if member.isfile()
            and not member.name.startswith(("conda-meta/", *NOT_NEEDED_FOLDERS))
            and "tests" not in PurePosixPath(member.name).parts
            and (file := packed.extractfile(member))
        }


def _write(path: Path, files: Mapping[str, bytes]) -> str:
    """Write an archive that is the same, byte for byte, whenever its files are. Returns its name."""
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w", format=tarfile.USTAR_FORMAT) as packed:
        for name, content in sorted((dict(files) | _bytecode(files)).items()):
            member = tarfile.TarInfo(name)
            member.size, member.mode = len(content), 0o644
            packed.addfile(member, io.BytesIO(content))
    path.write_bytes(gzip.compress(raw.getvalue(), compresslevel=6, mtime=0))
    return path.name


def _bytecode(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The compiled modules, where Python looks for them. Not checked against their sources, which never change."""
    if importlib.util.MAGIC_NUMBER != BYTECODE:
        return {}
    made = {}
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "module.py"), Path(folder, "module.pyc")
        for name, content in files.items():
            if not name.endswith(".py"):
                continue
            source.write_bytes(content)
            try:
                py_compile.compile(
                    str(source), str(target), f"/{name}", doraise=True,
                    invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
                )  # fmt: skip
            except py_compile.PyCompileError:  # a template that only looks like a module
                continue
            path = PurePosixPath(name)
            made[str(path.parent / "__pycache__" / f"{path.stem}.cpython-311.pyc")] = target.read_bytes()
    return made
