"""Markdown and formulas as HTML that loads nothing and does nothing."""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape, unescape

from ...quiz.text.formula import mathml
from ...sandbox.outputs import plain_text, safe_html, safe_markdown

# What a page with MathJax would take for a formula: $$...$$, $...$, \[...\] and \(...\).
FORMULA = re.compile(
    r"\$\$(.+?)\$\$|(?<![\\\w$])\$(?!\s)([^$\n]+?)(?<!\s)\$(?!\d)|\\\[(.+?)\\\]|\\\((.+?)\\\)", re.DOTALL
)
# Formulas in code are code.
CODE = re.compile(r"(<(?:pre|code)\b.*?</(?:pre|code)>)", re.DOTALL)


def text(told: object) -> str:
    """Anything as text."""
    return escape(plain_text(told))


@lru_cache(1024)
def markdown(source: str) -> str:
    """Markdown, the course's or a learner's, whose stored text is HTML already. A class shares most of it."""
    return with_formulas(safe_markdown(source))


def html(fragment: str) -> str:
    """HTML that a cell showed."""
    return with_formulas(safe_html(fragment))


def with_formulas(page: str) -> str:
    """HTML with its formulas as MathML; one that cannot be read stays as it was written, as code."""
    return "".join(part if place % 2 else FORMULA.sub(_formula, part) for place, part in enumerate(CODE.split(page)))


def _formula(match: re.Match[str]) -> str:
    written = next(group for group in match.groups() if group is not None)
    if "<" in written:  # markup between two signs of money
        return match[0]
    try:
        return mathml(unescape(written).strip(), display=match[1] is not None or match[3] is not None)
    except ValueError:
        return f"<code>{written}</code>"
