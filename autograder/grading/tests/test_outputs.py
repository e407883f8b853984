"""What an instructor is shown of a submission cannot act."""

from __future__ import annotations

import base64
from html.parser import HTMLParser

import pytest
from nbconvert.filters import markdown2html

from autograder.grading.tests.make_course import answer, check, fill, notebook, text
from autograder.grading.tests.play import play
from autograder.sandbox.outputs import csv_cell, one_line, plain_text, safe_markdown, safe_outputs
from autograder.sandbox.settings import Settings

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
    assert safe_markdown("a < b, 3 > 2") == "a < b, 3 > 2"


def test_only_text_and_pictures_stay() -> None:
    data = {
        "text/html": "<b>",
        "image/svg+xml": "<svg>",
        "application/javascript": "x",
        "text/plain": "kept",
        "image/png": PNG,
    }
    (output,) = safe_outputs([{"output_type": "display_data", "data": data, "metadata": {"a": 1}}])
    assert output == {"output_type": "display_data", "data": {"text/plain": "kept", "image/png": PNG}, "metadata": {}}


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


@pytest.mark.parametrize("formula", ["=1+1", "+1", "-1", "@x", "\t=1"])
def test_a_spreadsheet_sees_text(formula: str) -> None:
    assert not csv_cell(formula).startswith(("=", "+", "-", "@", "\t"))


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
    assert "text/html" not in shown
