"""A question's picture: an SVG file whose own <desc> says in words what it shows, for those who cannot see it."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from functools import cache
from html import unescape
from pathlib import Path


@dataclass(frozen=True, slots=True)
class QuizPicture:
    """A picture in course/quiz/pictures; the file is read when it is shown."""

    path: Path

    @property
    def svg(self) -> str:
        """The SVG element."""
        return _read(self.path)

    @property
    def description(self) -> str:
        """What it shows, in words."""
        found = re.search(r"<desc>(.*?)</desc>", self.svg, re.DOTALL)
        return unescape(found[1]) if found else ""

    @property
    def data_uri(self) -> str:
        """The picture as the address of an <img>, where SVG cannot stand in the text."""
        return "data:image/svg+xml;base64," + base64.b64encode(self.svg.encode()).decode()


@cache
def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")
