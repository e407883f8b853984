"""HTML of the bank's texts: MathML for pages and QTI, or LaTeX between \\( and \\) for Moodle, which renders it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from html import escape

from markdown_it import MarkdownIt
from markdown_it.token import Token

from .formula import mathml
from .parse import new_parser

Formula = Callable[[str, bool], str]


def _as_mathml(latex: str, display: bool) -> str:
    return mathml(latex, display=display)


def as_latex(latex: str, display: bool) -> str:
    """The formula as MathJax finds it in a page."""
    return escape(rf"\[{latex}\]" if display else rf"\({latex}\)")


@cache
def to_html(markdown: str, formula: Formula = _as_mathml) -> str:
    """Block HTML: paragraphs, lists, code."""
    return _render(markdown, formula).strip()


@cache
def to_inline_html(markdown: str, formula: Formula = _as_mathml) -> str:
    """HTML that may stand inside a paragraph, a button or a label."""
    return _render(markdown, formula).strip().removeprefix("<p>").removesuffix("</p>").replace("</p>\n<p>", "<br/>")


@cache
def _renderer(formula: Formula) -> MarkdownIt:
    made = new_parser()

    def inline(_: object, tokens: Sequence[Token], index: int, *__: object) -> str:
        return formula(tokens[index].content.strip(), False)

    def block(_: object, tokens: Sequence[Token], index: int, *__: object) -> str:
        return formula(tokens[index].content.strip(), True)

    made.add_render_rule("math_inline", inline)
    made.add_render_rule("math_inline_double", block)
    made.add_render_rule("math_block", block)
    return made


def _render(markdown: str, formula: Formula) -> str:
    return str(_renderer(formula).render(markdown))
