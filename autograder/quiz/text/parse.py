"""One parser for all faces: CommonMark with formulas between dollar signs."""

from __future__ import annotations

from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin


def new_parser() -> MarkdownIt:
    """A parser of its own, to which render rules may be added. HTML in the bank is shown as text, never passed on."""
    return (
        MarkdownIt("commonmark", {"html": False})
        .enable("table")
        .use(dollarmath_plugin, allow_space=False, double_inline=True)
    )


@cache
def _parser() -> MarkdownIt:
    return new_parser()


@cache
def parse(markdown: str) -> tuple[Token, ...]:
    """The block tokens of a text."""
    return tuple(_parser().parse(markdown))
