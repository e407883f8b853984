"""`make lite`: the JupyterLite site, from two frozen packages in an environment of their own."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from ... import course as manifest
from ...problem import Problem
from . import files, kernel, listing

HERE = Path(__file__).parent
BUILD = {
    "LiteBuildConfig": {
        "disable_addons": ["jupyterlite-xeus-python"],  # it would fetch packages from elsewhere
        "apps": ["lab", "notebooks", "tree", "edit"],
        "no_sourcemaps": True,
        "no_unused_shared_packages": True,
    }
}
ICON = "favicon.ico"
# `contentsStorageName` is read by the landing page, too, which shows what the saved notebooks earned.
PAGE = {
    "jupyter-lite-schema-version": 0,
    "jupyter-config-data": {
        "appName": "Multi-head attention, built by hand",
        "defaultKernelName": "xeus-python",
        "contentsStorageName": "mha-course notebooks",
        # It expects a checkpoint where a notebook was never changed, and fails.
        "disabledExtensions": ["@jupyter-notebook/notebook-extension:checkpoints"],
    },
}
SETTINGS = {
    "@jupyterlab/docmanager-extension:plugin": {"autosaveInterval": 5},
    # Every cell stays in the page: notebooks are short, and the browser's own search then finds all of them.
    "@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"},
    "@jupyterlab/notebook-extension:panel": {
        "toolbar": [{"name": "download", "command": "docmanager:download", "label": "Download", "rank": 45}]
    },
    "@jupyterlab/mainmenu-extension:plugin": {
        "menus": [
            {
                "id": "jp-mainmenu-file",
                "items": [
                    {"command": "docmanager:download", "rank": 6},
                    {"command": "filemenu:logout", "disabled": True},
                    {"command": "filemenu:shutdown", "disabled": True},
                ],
            }
        ]
    },
}


def build(output: Path, work: Path) -> None:
    """Build the site into `output`, which is replaced; `work` keeps the environment of the frozen packages.

    Raises Problem, with what went wrong, where a command fails.
    """
    jupyter_lite = _environment(work)
    course = manifest.read()
    with tempfile.TemporaryDirectory() as folder:
        source, made = Path(folder, "source"), Path(folder, "made")
        for unit in course.units:
            target = source / "files" / unit.name / unit.exercise.name
            target.parent.mkdir(parents=True)
            shutil.copyfile(unit.exercise, target)
        _write_json(source / "jupyter_lite_config.json", _with_extensions())
        _write_json(source / "jupyter-lite.json", PAGE)
        _write_json(source / "overrides.json", SETTINGS)
        _run([jupyter_lite, "build", "--contents", "files", "--output-dir", made], source)
        listing.write(made)
        kernel.pack(made, files.kernel_files())
        _icons(made)
        _pages(made)
        _service_worker(made)
        shutil.rmtree(output, ignore_errors=True)
        output.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(made, output)


def _environment(work: Path) -> Path:
    """The command `jupyter-lite` of an environment that holds the locked packages and nothing else."""
    lock = HERE / "requirements.lock"
    stamp = work / hashlib.sha256(lock.read_bytes()).hexdigest()[:16]
    if not stamp.exists():
        uv = str(Path(sys.executable).with_name("uv"))
        shutil.rmtree(work, ignore_errors=True)
        _run([uv, "venv", "--quiet", "--python", sys.executable, work])
        _run([uv, "pip", "install", "--quiet", "--python", work, "--require-hashes", "-r", lock])
        stamp.touch()
    return work.resolve() / "bin" / "jupyter-lite"


def _with_extensions() -> dict[str, object]:
    """The settings of the build, with this environment's anywidget; it runs in any JupyterLab 4."""
    anywidget = Path(sys.prefix, "share", "jupyter", "labextensions", "anywidget")
    return {"LiteBuildConfig": {**BUILD["LiteBuildConfig"], "federated_extensions": [str(anywidget)]}}


def _icons(site: Path) -> None:
    """The icons that a notebook's tab shows while its kernel is busy; JupyterLite asks for them and has none."""
    icons = site / "static" / "favicons"
    icons.mkdir(parents=True)
    for name in ("notebook", "busy-1", "busy-2", "busy-3", "file", "terminal"):
        shutil.copyfile(site / "notebooks" / "favicon.ico", icons / f"favicon-{name}.ico")


def _pages(site: Path) -> None:
    """A language, an icon and a script of our own for each of JupyterLite's pages; without an icon a browser asks its host's root."""
    script = (HERE / "page.js").read_text(encoding="utf-8")
    for app in BUILD["LiteBuildConfig"]["apps"]:  # type: ignore[attr-defined]
        page = site / app / "index.html"
        text = page.read_text(encoding="utf-8")
        text = text.replace("<html>", '<html lang="en">', 1)
        text = text.replace(
            "</title>", f'</title>\n    <link rel="icon" href="./{ICON}" />\n    <script>\n{script}</script>', 1
        )
        page.write_text(text, encoding="utf-8")


def _service_worker(site: Path) -> None:
    """A worker of our own, whose cache is named after everything on the site."""
    digest = hashlib.sha256()
    for path in sorted(site.rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(site).as_posix().encode() + path.read_bytes())
    worker = (HERE / "service-worker.js").read_text(encoding="utf-8")
    (site / "service-worker.js").write_text(worker.replace("@VERSION@", digest.hexdigest()[:16]), encoding="utf-8")


def _write_json(path: Path, value: Mapping[str, object]) -> None:
    path.write_text(json.dumps(value, indent=1), encoding="utf-8")


def _run(command: Iterable[str | Path], folder: Path | None = None) -> None:
    words = [str(word) for word in command]
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True)
    if done.returncode:
        raise Problem(f"{' '.join(words)} failed:\n{(done.stdout + done.stderr)[-3000:]}")
