"""HTML and Markdown made safe by parsing them: what is not on these lists does not come out."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.amsmath import amsmath_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin

_TAGS = (
    "a b blockquote br caption code col colgroup dd del details div dl dt em h1 h2 h3 h4 h5 h6 hr i img kbd li ol p pre "
    "s small span strong sub summary sup table tbody td tfoot th thead tr u ul"
)
_ATTRIBUTES = {
    "*": {"style", "aria-label"},
    "a": {"href", "title"},
    "img": {"alt", "src", "title"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
}
_LINK = re.compile(r"(?i)https?://|mailto:|#")
_PICTURE = re.compile(r"data:image/(?:png|jpeg);base64,[A-Za-z0-9+/=]+")
# Words, colours and lengths without a sign or a function: nothing that loads, lies over something else or hides it.
_STYLE = re.compile(
    r"\s*(?:color|text-align|padding|margin|font-size|font-weight|border-left|max-width|line-height|white-space)\s*:"
    r"\s*(?:[#.]?\w+%?|\d+\.\d+\w*|pre-wrap)(?:\s+(?:[#.]?\w+%?|\d+\.\d+\w*)){0,3}\s*"
)
# TeX that links, loads, sets attributes of the page, or means something else in every formula after it.
_ACTS = re.compile(
    r"\\(?=(?:href|url|unicode|require|style|class|cssId|html\w*|data|mmlToken|bbox|includegraphics|texthtml|tooltip"
    r"|toggle|mathtip|texttip|input|csname|e?def|gdef|xdef|let|futurelet|(?:re)?new\w*|provide\w*|Declare\w*"
    r"|loadMacros?|begingroup|begingroupSandbox|endgroup|global)(?![A-Za-z]))"
)
MAX_MARKDOWN = 20_000  # parsing takes up to the square of it
MAX_FORMULAS = 200
MAX_TAGS = 6_000
MAX_STYLE = 200


def clean_html(fragment: str) -> str:
    """HTML with the text, tables, links and embedded pictures of `fragment`, and nothing that acts or loads; nothing
    at all where it has more than MAX_TAGS tags.
    """
    if fragment.count("<") > MAX_TAGS:  # nested, they take the square of their number
        return ""
    clean = nh3.clean(
        fragment, tags=set(_TAGS.split()), clean_content_tags={"script", "style", "title", "template"}, attributes=_ATTRIBUTES,
        attribute_filter=_attribute, url_schemes={"http", "https", "mailto", "data"},
    )  # fmt: skip
    return _ACTS.sub(r"\\ ", clean)


def _attribute(tag: str, name: str, value: str) -> str | None:
    if name == "style":
        parts = [part for part in value[:MAX_STYLE].split(";") if _STYLE.fullmatch(part)]
        return ";".join(parts) or None
    allowed = {"href": _LINK.match, "src": _PICTURE.fullmatch}.get(name)
    return value if allowed is None or allowed(value) else None


def render_markdown(source: str, attachments: Mapping[str, Mapping[str, str]] | None = None) -> str:
    """`source` as HTML on a single line, which every Markdown parser passes on as it is; formulas stay TeX.

    attachments  the pictures that it may show: {name: {type: base64}}, each once
    What a picture cannot be found for is said in words. A text that is too long to be parsed is shown as it was typed.
    """
    if len(source) > MAX_MARKDOWN or source.count("$$") > 2 * MAX_FORMULAS:
        return _one_line(f"<pre>{html.escape(source)}</pre>")
    try:
        shown = _PARSER.render(source, {"pictures": {name: dict(data) for name, data in (attachments or {}).items()}})
    except (RecursionError, ValueError, IndexError, KeyError):
        shown = f"<pre>{html.escape(source)}</pre>"
    # JupyterLab takes formulas out of the text before it reads HTML: no entities in them.
    return _one_line((clean_html(shown) or f"<pre>{html.escape(source)}</pre>").replace(" &amp; ", " & "))


def _one_line(fragment: str) -> str:
    """In one block of HTML: a blank line or a line of its own would be Markdown again."""
    return "<div>" + re.sub(r"\r\n?|[\n\v\f\x1c-\x1e\x85\u2028\u2029]", "&#10;", fragment.rstrip()) + "</div>"


def _image(renderer: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    token = tokens[index]
    words = renderer.renderInlineAsText(token.children or [], options, env)
    where = str(token.attrGet("src") or "")
    picture = env["pictures"].pop(where.removeprefix("attachment:"), None) if where.startswith("attachment:") else None
    if not picture:
        return html.escape(f"[picture not shown: {words or where[:200]}]")
    kind, data = next(iter(picture.items()))
    return f'<img alt="{html.escape(words)}" src="data:{kind};base64,{data}">'


def _formula(tex: str, options: Mapping[str, Any]) -> str:
    tex = _without_entities(tex)
    return html.escape(f"$${tex}$$" if options["display_mode"] else f"${tex}$")


def _without_entities(tex: str) -> str:
    return tex.replace("&", " & ").replace("<", r"\lt ").replace(">", r"\gt ")


def _environment(renderer: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    return f"<p>{html.escape(_without_entities(tokens[index].content))}</p>"


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable(["table", "strikethrough"])
    dollarmath_plugin(parser, renderer=_formula, allow_labels=False, double_inline=True)
    amsmath_plugin(parser)
    parser.add_render_rule("image", _image)
    parser.add_render_rule("amsmath", _environment)
    return parser


_PARSER = _parser()
