"""What an instructor is shown of a submission cannot act."""

from __future__ import annotations

import base64
from html.parser import HTMLParser

import pytest
from nbconvert.filters import markdown2html

from autograder.grading.tests.make_course import answer, check, fill, notebook, setup, text
from autograder.marking import report
from autograder.sandbox.outputs import REPORT, csv_cell, one_line, plain_text, safe_html, safe_markdown, safe_outputs
from autograder.sandbox.settings import Settings
from autograder.sandbox.tests.play import play
from autograder.tests.test_report import REPORTS

PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"x" * 20).decode()

ACTIVE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<iframe src='https://example.org'></iframe>",
    "<a href='javascript:alert(1)'>x</a>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x]( data:text/html;base64,PHNjcmlwdD4= )",
    "![x](https://example.org/seen.png)",
    "![x][ref]\n\n[ref]: https://example.org/seen.png",
    "[x][r]\n\n[r]: javascript:alert(1)",
    "<!-- --><style>body{display:none}</style>",
    "<form action='https://example.org'><input></form>",
    "<math><mtext></form><img src onerror=alert(1)>",
    "```\n<b>\n```\n<script>alert(1)</script>",
    "a\x1b]8;;https://example.org\x07b\x1b[2J",
]


@pytest.mark.parametrize("source", ACTIVE)
def test_markdown_is_defused(source: str) -> None:
    shown = Shown()
    shown.feed(markdown2html(safe_markdown(source)))
    assert shown.tags <= {"p", "a", "pre", "code", "div", "span", "br"}
    assert all(link.startswith(("http://", "https://", "#")) for link in shown.links)
    assert not shown.loads
    assert "\x1b" not in safe_markdown(source)


class Shown(HTMLParser):
    """What a browser would make of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.loads: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            assert not name.startswith("on")
            if name == "href":
                self.links.append(value or "")
            elif name == "src":
                self.loads.append(value or "")


def test_honest_markdown_reads_as_written() -> None:
    source = "# Title\n\nIf $a < b$ and $x<y$, **then** [see](https://example.org) `x = 1`:\n\n- one\n- two"
    html = markdown2html(safe_markdown(source))
    assert "<strong>then</strong>" in html
    assert 'href="https://example.org"' in html
    assert safe_markdown("a < b, 3 > 2") == "<div><p>a &lt; b, 3 &gt; 2</p></div>"


def test_only_text_pictures_and_harmless_html_stay() -> None:
    data = {
        "text/html": "<b onclick=f()>x</b><script>f()</script><style>*{}</style><p style='position:fixed;color:red'>y</p>",
        "image/svg+xml": "<svg>",
        "application/javascript": "x",
        "text/plain": "kept",
        "image/png": PNG,
    }
    (output,) = safe_outputs([{"output_type": "display_data", "data": data, "metadata": {"a": 1}}])
    html = '<b>x</b><p style="color:red">y</p>'
    kept = {"text/plain": "kept", "image/png": PNG, "text/html": html}
    assert output == {"output_type": "display_data", "data": kept, "metadata": {}}


def test_a_picture_that_is_none_goes() -> None:
    fake = base64.b64encode(b"<svg onload=alert(1)>").decode()
    (output,) = safe_outputs([{"output_type": "display_data", "data": {"image/png": fake}, "metadata": {}}])
    assert output["data"] == {"text/plain": "[Not shown while graded: image/png]"}


def test_what_is_no_output_goes() -> None:
    assert safe_outputs([None, 3, {"output_type": "update_display_data"}, {"output_type": "stream"}]) == [
        {"output_type": "stream", "name": "stdout", "text": ""}
    ]


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("a\x1b]0;title\x07b", "ab"),
        ("a\x00b\x9bc", "abc"),
        ("a\u202eb", "a\ufffdb"),
        ("tab\tnew\n", "tab\tnew\n"),
    ],
)
def test_terminal_escapes_go(text: str, plain: str) -> None:
    assert plain_text(text) == plain


def test_colours_may_stay() -> None:
    assert plain_text("\x1b[31mred\x1b[0m\x1b[2J", colours=True) == "\x1b[31mred\x1b[0m"


@pytest.mark.parametrize(
    "formula", ["=1+1", "+1", "-1", "@x", "\t=1", " =1", "\n=1", "\uff1d1", "a;=1", "a; @x", "\x1b=1"]
)
def test_a_spreadsheet_sees_text(formula: str) -> None:
    for cell in csv_cell(formula).split(";"):
        assert not cell.strip().startswith(("=", "+", "-", "@", "\t", "\uff1d"))


def test_one_line_is_one_short_line() -> None:
    assert one_line("a\nb\x1b[2J  c", 5) == "a b c"
    assert one_line("x" * 10, 5) == "xxxx…"


def test_a_submission_with_active_parts_is_shown_without_them(quick: Settings) -> None:
    cells = [text("Hello."), answer("a", ""), check("t", "1.0", 1)]
    tree = fill(
        notebook(cells), {"a": "from IPython.display import HTML\nprint('\\x1b[2J')\nHTML('<script>alert(1)</script>')"}
    )
    tree["cells"][0]["source"] = "<script>alert(1)</script>"
    shown = play(cells, quick, sent=tree).outcome.notebook.decode()
    assert "<script>" not in shown.replace("HTML('<script>alert(1)</script>')", "")
    assert "\\u001b" not in shown


@pytest.mark.parametrize("name", REPORTS)
def test_a_report_arrives_as_it_was_rendered(name: str) -> None:
    sent = REPORTS[name]._repr_mimebundle_()
    (output,) = safe_outputs([{"output_type": "display_data", "data": sent, "metadata": {}}], (REPORT,))
    before, after = Styled(), Styled()
    before.feed(sent["text/html"])
    after.feed(output["data"]["text/html"])
    assert after.found == before.found
    assert output["data"][REPORT] == sent[REPORT]
    assert REPORT == report.REPORT_MIME


class Styled(HTMLParser):
    """The tags, styles and text of a fragment."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[object] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, sorted(attrs)))

    def handle_data(self, data: str) -> None:
        self.found.append(data)


def test_a_learner_cannot_send_a_report() -> None:
    (output,) = safe_outputs([{"output_type": "display_data", "data": {REPORT: {"outcome": "passed"}}}])
    assert REPORT not in output["data"]


@pytest.mark.parametrize(
    "style",
    [
        "position:fixed", "background:url(//e)", "color:expression(x)", "margin:-9em", "border-left:url(//e)", "top:0",
        "content:'x'", "color:\\72 ed", "color:var(--x)", "font-size:calc(9px)",
    ],
)  # fmt: skip
def test_style_is_words_colours_and_lengths(style: str) -> None:
    assert "style" not in safe_html(f'<p style="{style}">x</p>')


def test_results_and_errors_outlast_the_limit() -> None:
    result = {"output_type": "execute_result", "data": {"text/plain": "0.0", "text/html": "<b></b>"}}
    error = {"output_type": "error", "ename": "E", "evalue": "x", "traceback": ["y"]}
    long = {"output_type": "stream", "name": "stdout", "text": "x" * 100}
    kinds = [output["output_type"] for output in safe_outputs([long, result, error, long], limit=50)]
    assert kinds == ["stream", "execute_result", "error"]


def test_html_whose_tags_would_take_long_is_left_out() -> None:
    assert safe_html("<div>" * 100_000) == ""
    data = {"text/html": "<div>" * 100_000, "text/plain": "plain"}
    assert safe_outputs([{"output_type": "display_data", "data": data}])[0]["data"] == {"text/plain": "plain"}


def test_text_that_would_take_long_is_shown_as_typed() -> None:
    assert safe_markdown("*a* " * 10_000).startswith("<div><pre>*a* *a*")
    assert safe_markdown("$$a\n\n" * 1000).startswith("<div><pre>$$a&#10;&#10;")


LINES = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"


def test_markdown_becomes_one_line() -> None:
    shown = safe_markdown(f"a{LINES}b\n\n```\nc\n\n[x](javascript:f())\n```\n\n&#10;&#10;[y](//e)")
    assert len(shown.splitlines()) == 1
    assert markdown2html(shown).strip() == shown


@pytest.mark.parametrize("name", ["here.png", "not there.png", "", "../x", "here.png?x", "%68ere.png"])
def test_a_picture_is_shown_only_where_it_is(name: str) -> None:
    shown = markdown2html(safe_markdown(f"![words](<attachment:{name}>)", {"here.png": {"image/png": PNG}}))
    if name == "here.png":
        assert f'src="data:image/png;base64,{PNG}"' in shown
    else:
        assert "<img" not in shown
        assert "[picture not shown: words]" in shown


def test_a_picture_is_kept_once_however_often_it_is_named() -> None:
    shown = safe_markdown("![a](attachment:a) " * 100, {"a": {"image/png": PNG}})
    assert shown.count(PNG) == 1


@pytest.mark.parametrize("role", ["check", "setup", "answer"])
def test_a_picture_that_comes_as_bytes_is_kept_and_costs_nothing(role: str, quick: Settings) -> None:
    shows = "class Picture:\n    def _repr_png_(self):\n        return b'\\x89PNG\\r\\n\\x1a\\n' + b'x' * 20\n"
    shows += "    def _repr_jpeg_(self):\n        return b'no picture'\nfrom IPython.display import display\ndisplay(Picture())"
    cells = [answer("a", "")]
    cells += {"check": [], "answer": [], "setup": [setup("s", shows)]}[role]
    cells += [check("t", f"{shows}\n1.0" if role == "check" else "1.0", 1)]
    played = play(cells, quick, {"a": shows if role == "answer" else ""})
    assert played.marks == {"t": 1.0}
    assert PNG in played.outcome.notebook.decode()


ASKED_FOR = [
    "_repr_html_", "_repr_mimebundle_", "_repr_png_", "_repr_pretty_", "_repr_javascript_", "_ipython_display_",
    "_ipython_key_completions_", "_ipython_canary_method_should_not_exist_", "__html__", "__rich__", "__rich_console__",
    "__rich_repr__", "__array_interface__", "__array_struct__", "__array_ufunc__", "__array_function__", "__dlpack__",
    "__dataframe__", "_repr_", "_typ",
]  # fmt: skip


def test_a_handle_has_no_way_to_show_itself(quick: Settings) -> None:
    claims = "class Claims:\n    def __getattr__(self, name):\n        return lambda *a, **k: '<script>f()</script>'\n"
    claims += "    def _repr_html_(self):\n        return '<b>10 of 10 points</b>'\n"
    claims += "    def _ipython_display_(self):\n        print('10 of 10 points')\n    _private = 3\nmade = Claims()"
    asked = f"names = {ASKED_FOR!r}\nassert not [n for n in names if hasattr(made, n) or hasattr(Claims, n)]\n"
    cells = [answer("a", ""), check("t", asked + "assert made._private == 3", 1), check("u", "made", 1)]
    played = play(cells, quick, {"a": claims})
    assert played.marks["t"] == 1.0
    assert "points" not in str(played.outputs("u"))
    assert "text/html" not in str(played.outputs("u"))


def test_an_instructors_table_stays(quick: Settings) -> None:
    shows = "class Table:\n    def _repr_html_(self):\n        return '<table><tr><td onclick=f()>7</td></tr></table>'\nTable()"
    played = play([answer("a", ""), check("t", shows, 1)], quick)
    assert "<td>7</td>" in played.outcome.notebook.decode()
