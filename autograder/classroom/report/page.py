"""A report as one page that asks for nothing else: no script, no font, no picture from elsewhere."""

from __future__ import annotations

from pathlib import Path

from . import sections
from .html import text
from .understood import Understood

# Nothing may be loaded and no script may run, whatever the page should hold.
POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def page(report: Understood, title: str) -> str:
    """The page as a string. What learners chose (names, code) is escaped."""
    parts = {
        "class": ("The class", sections.class_(report)),
        "mistakes": ("Mistakes", sections.mistakes(report)),
        "questions": ("Questions", sections.questions(report)),
        "similar": ("Similar submissions", sections.similar(report)),
        "learners": ("Learners", "".join(sections.learners(report))),
    }
    style = Path(__file__).with_name("style.css").read_text("utf-8")
    links = "".join(f'<a href="#{name}">{heading}</a>' for name, (heading, _) in parts.items())
    body = "".join(
        f'<section aria-labelledby="{name}"><h2 id="{name}">{heading}</h2>{inside}</section>'
        for name, (heading, inside) in parts.items()
    )
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{text(title)}</title>'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{style}</style></head>'
        f'<body><header><h1>{text(title)}</h1><nav aria-label="Parts">{links}</nav></header><main>{body}</main></body></html>\n'
    )
