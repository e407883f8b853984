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
    r"\s*(?:color|background-color|border|text-align|padding|margin|font-size|font-weight|border-left|max-width|line-height|white-space)\s*:"
    r"\s*(?:[#.]?\w+%?|\d+\.\d+\w*|pre-wrap)(?:\s+(?:[#.]?\w+%?|\d+\.\d+\w*)){0,3}\s*"
)
# Where a page looks for formulas, and the commands in them.
_FORMULA = re.compile(r"\$|\\[(\[]|\\begin\b")
_COMMAND = re.compile(r"\\([A-Za-z]+)")
# TeX that shows signs. What is not here may link, load, set attributes of the page, lie over something else, or mean
# something else in every formula after it; of such a command the name is shown.
_SIGNS = """
    alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi omicron pi varpi rho
    varrho sigma varsigma tau upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega
    aleph hbar imath jmath ell wp Re Im partial infty emptyset varnothing nabla forall exists nexists neg lnot angle
    triangle square Box Diamond top bot prime backslash degree dagger ddagger checkmark
    frac dfrac tfrac cfrac sqrt root binom dbinom tbinom over atop choose stackrel overset underset substack limits
    nolimits displaystyle textstyle scriptstyle scriptscriptstyle
    sum prod coprod int iint iiint oint bigcap bigcup bigsqcup bigvee bigwedge bigodot bigotimes bigoplus biguplus lim
    limsup liminf sup inf max min argmax argmin arg det dim ker gcd deg hom Pr exp log ln lg sin cos tan cot sec csc
    arcsin arccos arctan sinh cosh tanh coth mod bmod pmod pod operatorname
    pm mp times div cdot ast star circ bullet cap cup sqcap sqcup vee lor wedge land setminus oplus ominus otimes oslash
    odot uplus wr amalg bigcirc lt gt le leq leqslant ge geq geqslant ne neq equiv approx sim simeq cong propto doteq
    models vdash dashv perp mid nmid parallel prec succ preceq succeq ll gg subset supset subseteq supseteq subsetneq
    supsetneq in ni notin owns not coloneqq triangleq asymp bowtie
    to gets mapsto leftarrow rightarrow leftrightarrow Leftarrow Rightarrow Leftrightarrow longleftarrow longrightarrow
    longmapsto Longrightarrow Longleftarrow Longleftrightarrow uparrow downarrow updownarrow Uparrow Downarrow
    hookleftarrow hookrightarrow nearrow searrow swarrow nwarrow implies impliedby iff xrightarrow xleftarrow
    rightharpoonup leftharpoonup rightleftharpoons leadsto
    left right middle big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr langle rangle lfloor rfloor lceil
    rceil lvert rvert lVert rVert vert Vert lbrace rbrace lbrack rbrack
    hat widehat bar overline underline vec dot ddot tilde widetilde acute grave breve check overbrace underbrace
    overrightarrow overleftarrow boldsymbol boxed cancel
    mathrm mathbf mathit mathsf mathtt mathcal mathbb mathfrak mathscr rm bf it text textrm textbf textit texttt textsf
    mbox emph bm
    ldots cdots vdots ddots dots dotsc dotsb quad qquad thinspace colon begin end hline cr tag notag nonumber
    """
_TEX = frozenset(_SIGNS.split())
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
    return _shown_tex(clean)


def _shown_tex(fragment: str) -> str:
    """Text with only those commands in its formulas that show signs; text without formulas keeps every backslash."""
    if not _FORMULA.search(fragment):
        return fragment
    return _COMMAND.sub(lambda found: found[0] if found[1] in _TEX else f"\\ {found[1]}", fragment)


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
        return render_typed(source)
    try:
        shown = _PARSER.render(source, {"pictures": {name: dict(data) for name, data in (attachments or {}).items()}})
    except (RecursionError, ValueError, IndexError, KeyError):
        shown = f"<pre>{html.escape(source)}</pre>"
    # JupyterLab takes formulas out of the text before it reads HTML: no entities in them.
    return _one_line((clean_html(shown) or f"<pre>{html.escape(source)}</pre>").replace(" &amp; ", " & "))


def render_typed(source: str) -> str:
    """`source` as it was typed, as HTML on a single line."""
    return _one_line(f"<pre>{html.escape(source)}</pre>")


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
