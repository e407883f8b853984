"""The lessons as plain pages beside the quiz's page, so that a section to read is one click away, also without a network."""

from __future__ import annotations

import re
import shutil
from html import escape
from pathlib import Path

from .questions import Bank
from .reading import slug
from .text.html import to_html

_STYLE = """
:root { color-scheme: light dark; }
body { max-width: 46rem; margin: 0 auto; padding: 1rem 1.25rem; font: 1rem/1.6 system-ui, sans-serif; }
pre, table { display: block; overflow-x: auto; }
pre, code { background: light-dark(#f3f5f9, #222835); }
pre { padding: 0.7rem 0.9rem; }
td, th { padding: 0.25rem 0.8rem 0.25rem 0; text-align: left; vertical-align: top; }
img { max-width: 100%; background: #fff; }
"""
_HEADING = re.compile(r"<h([23])>(.*?)</h[23]>")


def write_lessons(bank: Bank, folder: Path) -> None:
    """Write a page for each lesson that a question points to, with its pictures."""
    units = {question.read.partition("#")[0] for question in bank.questions}
    for unit in bank.units:
        if unit.name in units and unit.lesson.is_file():
            folder.mkdir(parents=True, exist_ok=True)
            markdown = unit.lesson.read_text(encoding="utf-8")
            (folder / f"{unit.lesson.stem}.html").write_text(_page(unit.title, markdown), encoding="utf-8")
            for picture in set(re.findall(r"\]\((pictures/[\w.]+)\)", markdown)):
                (folder / "pictures").mkdir(exist_ok=True)
                shutil.copyfile(unit.lesson.parent / picture, folder / picture)


def _page(title: str, markdown: str) -> str:
    # The lessons link to each other as files, and to the glossary of the book, which is not here.
    linked = re.sub(r"\]\((\d\d_\w+)\.md(#[\w-]*)?\)", r"](\1.html\2)", markdown)
    linked = re.sub(r"\[([^\]]+)\]\((?!pictures/|\d\d_|https?:)[^)]*\)", r"\1", linked)
    linked = linked.replace("```{mermaid}", "```").replace("```mermaid", "```")
    body = _HEADING.sub(
        lambda found: f'<h{found[1]} id="{_anchor(found[2])}">{found[2]}</h{found[1]}>', to_html(linked)
    )
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def _anchor(heading: str) -> str:
    return slug(re.sub(r"<[^>]+>", "", heading))
