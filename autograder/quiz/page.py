"""The web page: one file that holds the questions, the module and the style, and asks the network for nothing."""

from __future__ import annotations

import json
from pathlib import Path

from .cards import page_data
from .module import WEB, es_module, style_sheet
from .questions import Bank


def page_html(bank: Bank) -> str:
    """The page as a string."""
    # "</" would end the script element that holds the data.
    data = json.dumps(page_data(bank), ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")
    parts = {"/*STYLE*/": style_sheet(), "/*DATA*/": data, "/*MODULE*/": es_module()}
    page = (WEB / "page.html").read_text(encoding="utf-8")
    for mark, part in parts.items():
        before, _, after = page.partition(mark)
        page = before + part + after
    return page


def write_page(bank: Bank, folder: Path) -> Path:
    """Write index.html into a folder, made if need be, and return its path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "index.html"
    path.write_text(page_html(bank), encoding="utf-8")
    return path
