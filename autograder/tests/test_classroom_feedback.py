"""The feedback page: what it says, that nothing on it acts or is loaded, and that nbgrader finds it where it expects it."""

from __future__ import annotations

import base64
from pathlib import Path

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe

from autograder.classroom.directory import CourseDirectory
from autograder.classroom.feedback import generate_one
from autograder.classroom.feedback_page.exporter import FeedbackExporter
from autograder.classroom.feedback_page.page import page
from autograder.classroom.feedback_page.text import markdown, with_formulas
from autograder.grading import HandedIn

from .browser import chromium, needs_chromium
from .mha import Mha, mha
from .tiny import RIGHT, SUBTRACTS, UNIT, exercise, grade, hand_in

__all__ = ["mha"]

HOSTILE = "<script>document.title = 'acted'</script><img src=http://example.org/x onerror=alert(1)>"
PIXEL = base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"0" * 20).decode()


@pytest.fixture
def written(directory: CourseDirectory) -> Path:
    """The page of a learner who subtracts and writes markup everywhere, with an instructor's comment."""
    notebook = exercise(
        directory, {**SUBTRACTS, "add": f"# {HOSTILE}\nprint({HOSTILE!r})\ndef add(a, b):\n    return a - b"}
    )
    notebook.cells.append(nbformat.v4.new_markdown_cell(f"My own words $x_1$ {HOSTILE}"))
    hand_in(directory, "bob", notebook)
    grade(directory)
    with directory.course.gradebook() as gradebook:
        comment = gradebook.find_comment("add", "tiny_sum", UNIT, "bob")
        comment.manual_comment = "Look at the sign of $a + b$."
        gradebook.db.commit()
    assert generate_one(directory, HandedIn("bob", UNIT)) == ""
    (path,) = directory.feedback("bob", UNIT).glob("*.html")
    return path


def test_the_page_has_titles_marks_reports_first_comments_and_what_to_do_next(written: Path) -> None:
    found = written.read_text("utf-8")
    assert written.name == "tiny_sum.html"
    assert "4 of 10 points" in found
    assert "The width of a head" in found
    assert '<a href="#q1">A sum</a>: read the report' in found
    assert "Read lesson tiny_sum, section “The idea”." in found
    assert found.index("That is the difference.") < found.index("Your answer") < found.index("The whole notebook")
    assert "Your instructor writes" in found
    assert "return a + b" not in found


def test_formulas_are_mathml_and_nothing_on_the_page_loads_or_acts(written: Path) -> None:
    found = written.read_text("utf-8")
    assert "<math" in found
    assert "mathjax" not in found.lower()
    assert "$" not in found.partition("</style>")[2]
    for sign in ("<script", "<link", "<img"):
        assert sign not in found
    assert found.count("onerror=alert(1)&gt;") >= 3  # as the text it is


def test_formulas_in_code_and_money_stay_and_what_cannot_be_read_is_shown() -> None:
    assert with_formulas("<code>$x$</code> costs $5 or $6") == "<code>$x$</code> costs $5 or $6"
    assert with_formulas("<p>$\\unknowncommand{x}$</p>") == "<p><code>\\unknowncommand{x}</code></p>"
    assert with_formulas("<p>$a &lt; b$</p>").count("<math") == 1
    assert 'display="block"' in markdown("$$\\frac{1}{\\sqrt{d_k}}$$")


def test_a_late_full_mark_and_a_picture_are_shown() -> None:
    cell = nbformat.v4.new_code_cell(
        "plot()", metadata={"nbgrader": {"grade_id": "c", "grade": True, "score": 2.0, "points": 2.0}}
    )
    cell.outputs = [nbformat.v4.new_output("display_data", {"image/png": PIXEL})]
    found = page([cell], {"notebook": "one_head", "score": 1.0, "max_score": 2.0, "late_penalty": 1.0}, "")
    assert "1 marks were taken off" in found
    assert f"data:image/png;base64,{PIXEL}" in found
    assert "Everything here is right." in found


def test_reports_link_to_the_lessons_where_their_address_is_known(mha: Mha, directory: CourseDirectory) -> None:
    with (directory.root / "nbgrader_config.py").open("a") as file:
        file.write('c.FeedbackExporter.lessons = "https://example.org/book/lessons/"\n')
    directory = CourseDirectory.open(directory.root)
    hand_in(directory, "eve", {**RIGHT, "width": "width = 12"})
    grade(directory)
    assert generate_one(directory, HandedIn("eve", UNIT)) == ""
    (path,) = directory.feedback("eve", UNIT).glob("*.html")
    assert 'href="https://example.org/book/lessons/01_tiny_sum.html#the-idea"' in path.read_text("utf-8")


def test_the_exporter_is_one_of_nbconverts() -> None:
    html, resources = FeedbackExporter().from_notebook_node(
        nbformat.v4.new_notebook(), {"nbgrader": {"notebook": "n", "score": 0, "max_score": 0}}
    )
    assert html.startswith("<!doctype html>")
    assert resources["output_extension"] == ".html"


@needs_chromium
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_use_the_page_on_a_phone(written: Path, scheme: str) -> None:
    with chromium() as browser:
        tab = browser.new_page(viewport={"width": 390, "height": 800}, color_scheme=scheme)
        asked: list[str] = []
        tab.on("request", lambda request: asked.append(request.url))
        tab.goto(written.as_uri())
        tab.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        assert tab.title() == "Tiny sum: feedback"
        assert asked == [written.as_uri()]
        assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert Axe().run(tab).response["violations"] == []
        tab.close()
