"""The web page: one file that holds the questions, the module and the style, and asks the network for nothing."""

from __future__ import annotations

import json
from pathlib import Path

from .cards import page_data
from .module import WEB, es_module, style_sheet
from .questions import Bank


def page_html(bank: Bank, lessons: str | None = None) -> str:
    """The page as a string; `lessons` is the address of the lessons that it links to, ending in "/"."""
    # "</" would end the script element that holds the data.
    data = json.dumps(page_data(bank, lessons), ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")
    parts = {"/*STYLE*/": style_sheet(), "/*DATA*/": data, "/*MODULE*/": es_module()}
    page = (WEB / "page.html").read_text(encoding="utf-8")
    for mark, part in parts.items():
        before, _, after = page.partition(mark)
        page = before + part + after
    return page


def write_page(bank: Bank, folder: Path, lessons: str | None = None) -> Path:
    """Write index.html into a folder, made if need be, and return its path.

    lessons  where the course's book is, such as "../lessons/"; without it the lessons are written beside the page
    """
    folder.mkdir(parents=True, exist_ok=True)
    if lessons is None:
        from .lessons import write_lessons

        write_lessons(bank, folder / "lessons")
    path = folder / "index.html"
    path.write_text(page_html(bank, lessons or "lessons/"), encoding="utf-8")
    return path
