"""The ES module and the style sheet as the page and the widget get them: each in one piece.

The module is kept in files of one idea each. They import nothing but each other, so putting them one after the other
without those imports makes one module. Only the scheduler, vendor/ts-fsrs.js, is built: vendor/package.json says how.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

WEB = Path(__file__).with_name("web")
_MODULES = (
    "vendor/ts-fsrs.js",
    "draw.js",
    "dom.js",
    "marking.js",
    "memory.js",
    "controls.js",
    "summary.js",
    "verdict.js",
    "quiz.js",
)
_STYLES = ("quiz.css", "answers.css")

_IMPORT = re.compile(r'^import [^;]* from "\./[a-z]+\.js";\n', re.MULTILINE)


@cache
def es_module() -> str:
    """The source of the one ES module."""
    return "\n".join(_IMPORT.sub("", (WEB / name).read_text(encoding="utf-8")) for name in _MODULES)


@cache
def style_sheet() -> str:
    """The source of the one style sheet."""
    return "\n".join((WEB / name).read_text(encoding="utf-8") for name in _STYLES)
