"""A report as one page that asks for nothing else: no script, no font, no picture from elsewhere."""

from __future__ import annotations

from pathlib import Path

from ..own_page import own_page
from . import sections
from .html import text
from .understood import Understood

STYLE = Path(__file__).with_name("style.css")


def page(report: Understood, title: str) -> str:
    """The page as a string. What learners chose (names, code) is escaped."""
    parts = {
        "class": ("The class", sections.class_(report)),
        "mistakes": ("Mistakes", sections.mistakes(report)),
        "questions": ("Questions", sections.questions(report)),
        "similar": ("Similar submissions", sections.similar(report)),
        "learners": ("Learners", "".join(sections.learners(report))),
    }
    links = "".join(f'<a href="#{name}">{heading}</a>' for name, (heading, _) in parts.items())
    body = "".join(
        f'<section aria-labelledby="{name}"><h2 id="{name}">{heading}</h2>{inside}</section>'
        for name, (heading, inside) in parts.items()
    )
    header = f'<header><h1>{text(title)}</h1><nav aria-label="Parts">{links}</nav></header>'
    return own_page(text(title), STYLE, f"{header}<main>{body}</main>")
