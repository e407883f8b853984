"""The book's scripts: one file each, with the libraries they use and those libraries' licences, for pages on any disk."""

from __future__ import annotations

import fcntl
import json
import re
import shutil
import subprocess
from pathlib import Path

from ..problem import Problem

WEB = Path(__file__).with_name("web")
"""The scripts' sources, with a package.json that names the libraries and a lock file that fixes them."""


def bundle(entry: str, target: Path) -> Path:
    """Write the script that begins at web/`entry` as one file to `target`, whose folder exists, and return its path.

    The file is a plain script: pages opened from a disk may not load modules. The libraries are fetched on first use.
    Raises Problem where npm is missing or fails.
    """
    fetch_libraries()
    metafile = target.with_suffix(".meta.json")
    try:
        _run(
            str(WEB / "node_modules" / ".bin" / "esbuild"),
            entry,
            *("--bundle", "--minify", "--format=iife", "--log-level=warning", "--charset=utf8"),
            f"--outfile={target.resolve()}",
            f"--metafile={metafile.resolve()}",
        )
        inputs = json.loads(metafile.read_text(encoding="utf-8"))["inputs"]
    finally:
        metafile.unlink(missing_ok=True)
    script = target.read_text(encoding="utf-8")
    target.write_text(f"/*!\n{_licences(inputs)}\n*/\n{script}", encoding="utf-8")
    return target


def fetch_libraries() -> None:
    """Install what the lock file names, unless it is there: one build at a time, since others may begin meanwhile."""
    wanted, installed = WEB / "package-lock.json", WEB / "node_modules" / ".package-lock.json"
    with wanted.open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if installed.is_file() and installed.stat().st_mtime >= wanted.stat().st_mtime:
            return
        npm = shutil.which("npm")
        if npm is None:
            raise Problem("The book's scripts need npm, which is not installed. Install it, for example with apt-get.")
        _run(npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund")
        installed.touch()


def _run(*command: str) -> None:
    done = subprocess.run(command, cwd=WEB, capture_output=True, text=True, check=False)
    if done.returncode:
        said = (done.stderr or done.stdout).strip()
        raise Problem(f"{Path(command[0]).name} could not make the book's scripts. It reported:\n{said}")


def _licences(inputs: dict[str, object]) -> str:
    """The name and licence of every library that went into a script."""
    packages = {found[1] for path in inputs if (found := re.match(r"node_modules/((?:@[^/]+/)?[^/]+)/", path))}
    texts = []
    for package in sorted(packages):
        folder = WEB / "node_modules" / package
        licence = next(
            (path for path in sorted(folder.iterdir()) if path.name.lower().startswith(("license", "licence"))), None
        )
        if licence is None:
            raise Problem(f"The library {package} has no licence file, so it cannot be part of the book's scripts.")
        text = licence.read_text(encoding="utf-8").strip().replace("*/", "* /")
        texts.append(f"{package}\n\n{text}")
    return "\n\n".join(texts)
