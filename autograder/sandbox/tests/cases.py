"""Reads tables of code from text files, so that they look like code.

Each case begins with a line `=== its name`; a line `---` divides its parts.
"""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parent / "cases"


def cases(name: str) -> dict[str, list[str]]:
    """The parts of every case in a file, by the case's name."""
    found: dict[str, list[str]] = {}
    for case in (FOLDER / f"{name}.txt").read_text("utf-8").split("=== ")[1:]:
        title, _, body = case.partition("\n")
        found[title.strip()] = [part.strip("\n") for part in body.split("\n---\n")]
    return found
