"""Pages with a submission's text and outputs, in a real browser: nothing acts, and nothing is asked of the network."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import nbformat
import nbgrader
import pytest
from nbconvert.exporters import HTMLExporter
from traitlets.config import Config

from autograder.sandbox.outputs import safe_attachments, safe_markdown, safe_outputs
from autograder.tests.browser import chromium, needs_chromium

MATHJAX = "https://cdnjs.cloudflare.com/ajax/libs/mathjax/"  # nbgrader's own pages load it
PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"x" * 20).decode()
ACTS = "window.ran=1"
JS = f"javascript:{ACTS}"
SCHEMES = [JS, f"JaVaScRiPt:{ACTS}", f"javascript&colon;{ACTS}", f"&#106;avascript:{ACTS}", f"java&Tab;script:{ACTS}",
           f"java&NewLine;script:{ACTS}", f"\x01javascript:{ACTS}", f"vbscript:{ACTS}",
           f"data:text/html,<script>{ACTS}</script>", f"data:image/svg+xml,<svg onload={ACTS}>", "//evil.example/x",
           "/formgrader/api/x", "file:///etc/passwd", "blob:x", f"view-source:{JS}", f"%6aavascript:{ACTS}"]  # fmt: skip
LINKS = ["[x]({})", "[x](<{}>)", "![x]({})", "[x][r]\n\n[r]: {}", "![x][r]\n\n[r]: {}", "> [x][r]\n>\n> [r]: {}",
         "- [x][r]\n\n  [r]: {}", "[a\\]b][a\\]b]\n\n[a\\]b]: {}", "<{}>", "[![y]({})]({})", "![![x]({})](attachment:no)"]  # fmt: skip
HTML = [
    "<script>window.ran=1</script>", "<img src=x onerror=window.ran=1>", "<svg/onload=window.ran=1>",
    "<iframe srcdoc='<script>parent.ran=1</script>'></iframe>", "<iframe src=//evil.example></iframe>",
    "<style>@import '//evil.example/x.css'; body{display:none}</style>", "<link rel=stylesheet href=//evil.example/x>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>", "<base href=//evil.example>",
    "<form action=//evil.example><input autofocus onfocus=window.ran=1></form>", "<video src=//evil.example/v autoplay>",
    "<object data=//evil.example/o></object>", "<embed src=//evil.example/e>", "<body onload=window.ran=1>",
    "<details open ontoggle=window.ran=1>x</details>", "<img srcset='//evil.example/s 1x'>", "<table background=//evil.example/t>",
    "<p style='background:url(//evil.example/b)'>x</p>", "<math><mtext></form><img src onerror=window.ran=1>",
    "<noscript><p title=\"</noscript><img src=x onerror=window.ran=1>\">", "<svg><style><img src=x onerror=window.ran=1></style>",
    "<template><img src=x onerror=window.ran=1></template>", "<a href='javascript:window.ran=1'>x</a>",
    "<!-- --!><img src=x onerror=window.ran=1> -->", "<![CDATA[<img src=x onerror=window.ran=1>]]>",
    "<?php <img src=x onerror=window.ran=1>?>", "<x>\n\n<script>window.ran=1</script>", "<input type=image src=//evil.example/i>",
    "<audio src=//evil.example/a autoplay>", "<picture><source srcset=//evil.example/p><img></picture>",
    "<link rel=dns-prefetch href=//evil.example>", "<script type=text/x-mathjax-config>window.ran=1</script>",
]  # fmt: skip
TEXT = [
    "![x](attachment:gone.png)", "![x](attachment:)", "![x](attachment:a.png 'onerror=window.ran=1')", "![a](<attachment:../a>)",
    "![\"onerror=window.ran=1 x=\"](attachment:a.png)", "[^1]\n\n[^1]: <img src=x onerror=window.ran=1>",
    "|a|b|\n|-|-|\n|<img src=x onerror=window.ran=1>|![](//evil.example/t)|", "https://evil.example/auto <https://evil.example>",
    "```\n</code></pre><script>window.ran=1</script>\n```", "```mermaid\ngraph TD; A-->B; click A \"javascript:window.ran=1\"\n```",
    "`</code><script>window.ran=1</script>`", "    </pre><script>window.ran=1</script>", "```html' onmouseover=window.ran=1 '\nx\n```",
    "*a\n\n</div></div></div><script>window.ran=1</script>", "&lt;script&gt;window.ran=1&lt;/script&gt;",
    "&#60;script&#62;window.ran=1&#60;/script&#62;", "\\<script>window.ran=1\\</script>", "# <img src=x onerror=window.ran=1>",
    "x\u2028<script>window.ran=1</script>", "$$\n\n<script>window.ran=1</script>\n\n$$", "$<img src=x onerror=window.ran=1>$",
    "\\begin{equation}<img src=x onerror=window.ran=1>\\end{equation}", "\\\\[<img src=x onerror=window.ran=1>\\\\]",
    "$\\href{javascript:window.ran=1}{x}$", "$\\unicode[x]{65}\\require{html}$", "$\\style{background:url(//evil.example/m)}{x}$",
    "$$\\class{x}{\\cssId{y}{\\url{//evil.example}}}$$", "\\\\(\\href{javascript:window.ran=1}{x}\\\\)",
    "$\\def\\frac#1{\\href{javascript:window.ran=1}{#1}}\\frac x$", "$\\bbox[background:url(//evil.example/b)]{x}$",
    "$\\let\\a\\href \\a{javascript:window.ran=1}{x}$", "[x](https://example.org \"<img src=x onerror=window.ran=1>\")",
]  # fmt: skip
PAYLOADS = [*(link.replace("{}", scheme) for scheme in SCHEMES for link in LINKS), *HTML, *TEXT]
COMMANDS = ("href", "unicode", "require", "style", "class", "cssId", "url", "def", "bbox", "let", "label", "hspace", "rule",
            "color", "llap", "Huge", "newcommand", "htmlData", "lettrine", "Href")  # fmt: skip


def notebook(payloads: list[str]) -> Any:
    """A notebook as grading leaves it: every payload as an answer in words, as a raw cell, and as an output."""
    cells: list[Any] = []
    attachments = safe_attachments({"a.png": {"image/png": PNG}, "b.png": {"text/html": "<script>"}, "../a": {}})
    for payload in payloads:
        cells.append(nbformat.v4.new_markdown_cell(safe_markdown(payload, attachments)))
        cells.append(nbformat.v4.new_raw_cell(safe_markdown(payload, attachments)))
        kinds = {"text/plain": payload, "text/html": payload, "text/markdown": payload, "text/latex": payload}
        shown = [{"output_type": "display_data", "data": {kind: payload}, "metadata": {}} for kind in kinds]
        outputs = [nbformat.from_dict(output) for output in safe_outputs(shown)]
        cells.append(nbformat.v4.new_code_cell("", outputs=outputs))
    return nbformat.v4.new_notebook(cells=cells)


def page(template: str, tree: Any) -> str:
    """The page that nbgrader makes of a notebook with one of its templates."""
    templates = Path(nbgrader.__file__).parent / "server_extensions/formgrader/templates"
    config = Config()
    config.HTMLExporter.template_name = template
    config.HTMLExporter.extra_template_basedirs = [str(templates)]
    config.HTMLExporter.extra_template_paths = [str(templates.parent / "static/node_modules/bootstrap/dist/css")]
    told = {"notebook": "n", "score": 0, "max_score": 0, "late_penalty": 0}
    resources = {"nbgrader": told, "base_url": "", "index": 0, "total": 1, "notebook_id": "n", "submission_id": "s"}
    return str(HTMLExporter(config=config).from_notebook_node(tree, resources={**resources, "last_name": ""})[0])


@needs_chromium
@pytest.mark.parametrize("template", ["feedback", "formgrade"])
def test_nothing_acts_and_nothing_is_asked_of_the_network(template: str, tmp_path: Path) -> None:
    assert len(PAYLOADS) > 200
    asked, found = look(page(template, notebook(PAYLOADS)), tmp_path)
    assert not asked
    assert found == {"ran": None, "scripts": 0, "handlers": [], "links": [], "sources": []}


@needs_chromium
def test_the_listener_hears_what_is_not_made_safe(tmp_path: Path) -> None:
    cells = [nbformat.v4.new_markdown_cell(p) for p in ("<img src=//evil.example/x>", "<script>window.ran=1</script>")]
    asked, found = look(page("feedback", nbformat.v4.new_notebook(cells=cells)), tmp_path)
    assert asked
    assert found["ran"] == 1


def look(html: str, folder: Path) -> tuple[list[str], dict[str, Any]]:
    """What a page of the own server asks for elsewhere, and what in its notebook could act."""
    asked: list[str] = []
    address = "http://own.example/page"

    def answer(route: Any) -> None:
        url = route.request.url
        if url == address:
            route.fulfill(body=html, content_type="text/html; charset=utf-8")
            return
        if not url.startswith(
            ("http://own.example/formgrader/static/", "http://own.example/static/", MATHJAX, "data:")
        ):
            asked.append(url)
        route.abort()

    with chromium() as browser:
        tab = browser.new_page()
        tab.route("**/*", answer)
        tab.goto(address)
        tab.wait_for_timeout(500)
        found = tab.evaluate(FIND)
    return asked, found


FIND = """() => {
    const within = [...document.querySelectorAll('#notebook-container *')];
    const links = within.filter(e => e.hasAttribute('href')).map(e => e.getAttribute('href'));
    return {
        ran: window.ran ?? null,
        scripts: within.filter(e => /^(script|style|iframe|object|embed|form|base|meta|link|svg)$/i.test(e.tagName)).length,
        handlers: within.flatMap(e => [...e.attributes].map(a => a.name)).filter(n => n.startsWith('on')),
        links: links.filter(l => !/^(https?:\\/\\/|mailto:|#)/.test(l)),
        sources: within.filter(e => e.hasAttribute('src')).map(e => e.src.slice(0, 40)).filter(s => !s.startsWith('data:image/png')),
    };
}"""


@pytest.mark.parametrize("command", COMMANDS)
def test_tex_that_acts_is_no_command(command: str) -> None:
    for source in (f"$\\{command}{{x}}{{y}}$", f"$$\\{command} x$$", f"\\\\(\\{command} x\\\\)", f"a \\{command} b $x$",
                   f"\\begin{{align}}\\{command} x\\end{{align}}", f"&#92;{command} x &#36;y&#36;"):  # fmt: skip
        shown = safe_markdown(source)
        assert f"\\ {command}" in shown
        assert f"\\{command}" not in shown


def test_other_tex_stays() -> None:
    tex = r"\frac{a_1}{\sqrt{d_k}} \mathrm{softmax}(QK^\top) \delta \sum_{i=1}^n \begin{pmatrix} a \\ b \end{pmatrix}"
    assert f"${tex}$" in safe_markdown(f"so ${tex}$")


def test_a_backslash_outside_formulas_stays() -> None:
    assert r"C:\Users\ada" in safe_markdown(r"It is in C:\Users\ada.")
