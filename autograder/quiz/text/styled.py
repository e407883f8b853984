"""Terminal text: the bank's Markdown as rich renderables. Code is cyan, formulas italic; nothing depends on colour."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from markdown_it.token import Token
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from .formula import plain_formula
from .parse import parse

_OPENS = {"strong_open": "bold", "em_open": "italic"}
_CODE, _FORMULA = "cyan", "italic"


def to_text(markdown: str) -> Text:
    """The text's paragraphs as one styled text."""
    made = Text()
    for token in parse(markdown):
        if token.type == "inline":
            made.append("\n" if made else "")
            made.append_text(_inline(token.children or []))
    return made


def to_blocks(markdown: str) -> RenderableType:
    """Paragraphs, lists and code, with a blank line between them."""
    blocks: list[RenderableType] = []
    marks: list[str] = []
    for token in parse(markdown):
        if token.type == "list_item_open":
            marks.append(f"{token.info}." if token.info else "•")
        elif token.type == "inline":
            body = _inline(token.children or [])
            mark = marks.pop() if marks else ""
            blocks.append(Padding(Text.assemble(f"{mark} ", body), (0, 0, 0, 1)) if mark else body)
            blocks.append("" if not mark else Text(end=""))
        elif token.type in ("fence", "code_block"):
            blocks += [Padding(Text(token.content.rstrip("\n"), style=_CODE, no_wrap=False), (0, 0, 0, 2)), ""]
        elif token.type == "math_block":
            blocks += [Padding(Text(plain_formula(token.content.strip()), style=_FORMULA), (0, 0, 0, 4)), ""]
    while blocks and (blocks[-1] == "" or (isinstance(blocks[-1], Text) and not blocks[-1].plain)):
        blocks.pop()
    return Group(*blocks)


@cache
def _formula(latex: str) -> Text:
    # A formula is one word to a line that is too long for it.
    return Text(plain_formula(latex).replace(" ", "\u00a0"), style=_FORMULA)


def _inline(tokens: Sequence[Token]) -> Text:
    made = Text()
    styles: list[str] = []
    for token in tokens:
        if token.type in _OPENS:
            styles.append(_OPENS[token.type])
        elif token.type.endswith("_close") and styles:
            styles.pop()
        elif token.type.startswith("math_inline"):
            made.append_text(_formula(token.content))
        elif token.type == "code_inline":
            made.append(token.content, style=_CODE)
        elif token.type in ("softbreak", "hardbreak"):
            made.append(" " if token.type == "softbreak" else "\n")
        else:
            made.append(token.content, style=" ".join(styles))
    return made
