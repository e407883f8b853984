"""Where a report's lesson can be read: as a file in the learner's folder, or on the site whose pages run the notebook."""

from __future__ import annotations

import importlib
import re
import sys
from pathlib import Path

from ..course import read
from .way import folder_of


def lesson_address(where: str) -> str | None:
    """The address of a section such as `one_head#why-the-scale`, as a notebook's page needs it; None where nothing is there."""
    unit, _, section = where.partition("#")
    path = next((one.lesson for one in read().units if one.short == unit), None)
    if path is None:
        return None
    here = Path.cwd()
    folder = folder_of(here)
    if (folder / "lessons" / path.name).is_file():
        return f"{'../' if folder != here else ''}lessons/{path.name}#{_heading(path, section)}"
    site = _site()
    return site and f"{site}/lessons/{path.stem}.html#{section}"


def _site() -> str | None:
    """The root of the site when the kernel runs in a page of its browser edition; only the kernel's worker knows it."""
    if sys.platform != "emscripten":
        return None
    address = str(importlib.import_module("pyjs").js.location.href)
    root, found, _ = address.partition("/lite/extensions/")
    return root if found else None


def _heading(path: Path, section: str) -> str:
    """A heading as JupyterLab names it in an address: its own letters, with dashes for spaces."""
    headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return next(
        (h.replace(" ", "-") for h in headings if re.sub(r"[^\w-]", "", h.replace(" ", "-")).lower() == section), ""
    )
