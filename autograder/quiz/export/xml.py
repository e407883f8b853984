"""Writing XML: elements as strings, so that HTML and MathML that are ready can stand inside them as they are."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape, quoteattr


def el(name: str, /, *children: str, **attributes: str | int | float) -> str:
    """An element. Children are XML already; attribute names write "-" as "_" ("class_" is class)."""
    written = "".join(
        f" {key.rstrip('_').replace('_', '-')}={quoteattr(str(value))}" for key, value in attributes.items()
    )
    inside = "".join(children)
    return f"<{name}{written}>{inside}</{name}>" if inside else f"<{name}{written}/>"


def text(content: str | int | float) -> str:
    """Plain text as XML."""
    return escape(str(content))


def listing_html(lines: tuple[str, ...]) -> str:
    """Code as a block of HTML that keeps its lines and indents where white space is not kept."""
    kept = (re.sub("^ +", lambda found: "\u00a0" * len(found[0]), line) for line in lines)
    return el("pre", el("code", "<br/>".join(text(line) for line in kept)))
