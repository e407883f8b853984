"""The notebooks' folder as JupyterLite asks for it: what a Jupyter server would answer, as files."""

from __future__ import annotations

import json
from pathlib import Path

WHEN = "2026-01-01T00:00:00Z"  # fixed, so that the same notebooks give the same files


def write(site: Path) -> None:
    """Write `api/contents/**/all.json` for everything below the site's `files/`."""
    _folder(site, site / "files")


def _folder(site: Path, folder: Path) -> None:
    content = sorted(folder.iterdir())
    model = {**_model(site, folder), "format": "json", "content": [_model(site, path) for path in content]}
    answer = site / "api" / "contents" / folder.relative_to(site / "files") / "all.json"
    answer.parent.mkdir(parents=True, exist_ok=True)
    answer.write_text(json.dumps(model), encoding="utf-8")
    for path in content:
        if path.is_dir():
            _folder(site, path)


def _model(site: Path, path: Path) -> dict[str, object]:
    relative = path.relative_to(site / "files").as_posix()
    kind = "directory" if path.is_dir() else "notebook" if path.suffix == ".ipynb" else "file"
    return {
        "name": "" if relative == "." else path.name,
        "path": "" if relative == "." else relative,
        "created": WHEN,
        "last_modified": WHEN,
        "content": None,
        "format": None,
        "mimetype": None,
        "size": None if path.is_dir() else path.stat().st_size,
        "type": kind,
        "writable": True,
    }
