"""A page that stands by itself: one file, which loads nothing and runs nothing."""

from __future__ import annotations

from functools import cache
from pathlib import Path

# Nothing may be loaded and no script may run, whatever the page should hold: the policy says so to the browser.
COMMON = Path(__file__).with_name("page.css")


def own_page(title: str, style: Path, body: str, allowed: str = "") -> str:
    """The page as a string.

    title, body  HTML already
    style        the page's own rules, which follow the common ones
    allowed      what the page may show beside text and its own styles, as in a Content-Security-Policy
    """
    policy = "; ".join(filter(None, ("default-src 'none'", "style-src 'unsafe-inline'", allowed)))
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{_rules(style)}</style></head>'
        f"<body>{body}</body></html>\n"
    )


@cache
def _rules(style: Path) -> str:
    return COMMON.read_text("utf-8") + style.read_text("utf-8")
