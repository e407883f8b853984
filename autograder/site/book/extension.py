"""What Sphinx does beyond Markdown: formulas as MathML, and the glossary's terms marked in the lessons."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape
from typing import Any

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx

from ...quiz.text.formula import mathml
from ...quiz.text.plain import to_plain
from ..glossary import Term, load_glossary

# Where a definition would stand in the way: headings, links, code, what is drawn.
NOT_IN = (
    nodes.title, nodes.reference, pending_xref, nodes.literal, nodes.literal_block, nodes.math, nodes.math_block, nodes.raw,
)  # fmt: skip


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_html_math_renderer(
        "mathml", inline_renderers=(_formula(False), None), block_renderers=(_formula(True), None)
    )
    app.connect("doctree-read", _mark_terms)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _formula(display: bool) -> Callable[[Any, nodes.Element], None]:
    """A visitor that writes a formula as MathML, which browsers set without a script and without a network."""

    def visit(writer: Any, node: nodes.Element) -> None:
        made = mathml(node.astext(), display=display)
        writer.body.append(f'<div class="formula" tabindex="0">{made}</div>' if display else made)
        raise nodes.SkipNode

    return visit


def _mark_terms(app: Sphinx, doctree: nodes.document) -> None:
    """The first mention of each term in a lesson shows its definition on hover and focus, and leads to the glossary."""
    if not app.env.docname.startswith("lessons/"):
        return
    spellings = load_glossary().by_spelling()
    pattern = _pattern(spellings)
    seen: set[str] = set()
    for text in list(doctree.findall(nodes.Text)):
        if any(isinstance(parent, NOT_IN) for parent in _parents(text)):
            continue
        parts = _split(text.astext(), pattern, spellings, seen)
        if len(parts) > 1 and text.parent is not None:
            text.parent.replace(text, parts)


def _pattern(spellings: dict[str, Term]) -> re.Pattern[str]:
    """Spellings of three letters and more, the longest first; shorter ones are letters of formulas more often than not."""
    words = sorted((word for word in spellings if len(word) > 2), key=len, reverse=True)
    return re.compile(rf"(?<![\w-])({'|'.join(map(re.escape, words))})(?![\w-])", re.IGNORECASE)


def _parents(node: nodes.Node) -> list[nodes.Node]:
    found = []
    while node.parent is not None:
        node = node.parent
        found.append(node)
    return found


def _split(text: str, pattern: re.Pattern[str], spellings: dict[str, Term], seen: set[str]) -> list[nodes.Node]:
    parts: list[nodes.Node] = []
    at = 0
    for found in pattern.finditer(text):
        term = spellings[found[0].casefold()]
        if term.id in seen:
            continue
        seen.add(term.id)
        if found.start() > at:
            parts.append(nodes.Text(text[at : found.start()]))
        parts.append(nodes.raw("", _marked(found[0], term), format="html"))
        at = found.end()
    parts.append(nodes.Text(text[at:]))
    return parts


def _marked(word: str, term: Term) -> str:
    return (
        f'<span class="term"><a href="../glossary.html#{term.id}" aria-describedby="term-{term.id}">{escape(word)}</a>'
        f'<span role="tooltip" id="term-{term.id}">{escape(to_plain(term.definition))}</span></span>'
    )
