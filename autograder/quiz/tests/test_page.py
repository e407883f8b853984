"""The web page in a real browser: every kind by mouse and by keyboard, both themes, a phone, and nothing from elsewhere."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from autograder.quiz.draw import variant_of
from autograder.quiz.marking import mark
from autograder.quiz.page import page_html
from autograder.quiz.questions import AnyQuestion, Bank, NumberQuestion
from autograder.quiz.sentences import sentence
from autograder.quiz.text.plain import to_plain
from autograder.quiz.values import shown, solve

from .answering import RIGHT, WRONG, with_keyboard, with_mouse

IDS = list(RIGHT)
DESKTOP, PHONE = {"width": 1100, "height": 900}, {"width": 360, "height": 740}


@pytest.fixture(scope="module")
def folder(bank: Bank, small: Bank, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("pages")
    (made / "small.html").write_text(page_html(small), encoding="utf-8")
    (made / "index.html").write_text(page_html(bank), encoding="utf-8")
    return made


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture(scope="module")
def site(folder: Path) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder))) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


class Watched:
    """A page whose requests and complaints are written down."""

    def __init__(self, context: Any) -> None:
        self.page = context.new_page()
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on(
            "console", lambda message: message.type in ("error", "warning") and self.complaints.append(message.text)
        )
        self.page.set_default_timeout(20_000)

    def open(self, address: str) -> Any:
        self.page.goto("about:blank")
        self.requests.clear()
        self.page.goto(address)
        self.page.locator("h2").wait_for()
        return self.page.locator(".mha-quiz")


@pytest.fixture
def watched(browser: Any) -> Iterator[Watched]:
    context = browser.new_context(viewport=DESKTOP)
    made = Watched(context)
    yield made
    context.close()
    assert made.complaints == []


def question_of(bank: Bank, name: str) -> AnyQuestion:
    return next(question for question in bank.questions if question.id == name)


def right_answer_to(question: AnyQuestion, seed: int) -> Any:
    if isinstance(question, NumberQuestion):
        return shown(solve(question, variant_of(seed, question.id, len(question.variants))).answer)
    return RIGHT[question.id]


def test_the_page_weighs_less_than_750_kb(folder: Path) -> None:
    assert (folder / "index.html").stat().st_size < 750_000


def test_from_a_file_it_asks_for_nothing_else(watched: Watched, folder: Path) -> None:
    address = (folder / "index.html").as_uri()
    watched.open(address)
    assert watched.requests == [address]


def test_from_a_server_it_asks_for_nothing_else(watched: Watched, site: str) -> None:
    watched.open(f"{site}/")
    assert watched.requests == [f"{site}/"]


@pytest.mark.parametrize("way", [with_mouse, with_keyboard])
@pytest.mark.parametrize("name", IDS)
def test_each_kind_is_answered_right_and_wrong(watched: Watched, site: str, small: Bank, name: str, way: Any) -> None:
    question, seed = question_of(small, name), 3
    root = watched.open(f"{site}/small.html#{name}&seed={seed}")
    way(watched.page, root, question, right_answer_to(question, seed), seed)
    assert root.locator(".verdict h3").inner_text().endswith("Right")
    assert watched.page.evaluate("document.activeElement.matches('.next')"), "Enter goes on"

    root.get_by_role("button", name="Try again").click()
    way(watched.page, root, question, WRONG[name], seed)
    if isinstance(question, NumberQuestion):
        assert "You have one more try" in root.locator(".feedback").inner_text()
        root.get_by_role("button", name="Check").click()
    variant = variant_of(seed, name, len(question.variants)) if isinstance(question, NumberQuestion) else 0
    made = mark(question, WRONG[name], variant)
    verdict = root.locator(".verdict").inner_text()
    assert ("Partly right" if made.score else "Not right") in verdict
    assert made.notes
    for note in made.notes:
        words = to_plain(sentence(question, note, variant)).split(" ")
        assert max(words, key=len) in verdict


def test_what_is_no_answer_gets_a_sentence_and_counts_for_nothing(watched: Watched, site: str) -> None:
    root = watched.open(f"{site}/small.html#tiny.width")
    for written, said in (("", "Give an answer first."), ("sixty-four", "That is not a number.")):
        root.locator("input.typed").fill(written)
        root.locator("input.typed").press("Enter")
        assert said in root.locator(".feedback").inner_text()
    assert root.locator(".verdict").count() == 0
    assert "0 of these 7" in root.locator("summary").inner_text()


def test_an_order_is_changed_by_dragging_within_it_and_out_of_it(watched: Watched, site: str) -> None:
    root = watched.open(f"{site}/small.html#tiny.steps")
    for item in (0, 1, 7):
        root.locator(f'.pool [data-item="{item}"]').click()
    placed = lambda: root.locator("ol.placed [data-item]").evaluate_all("all => all.map(one => one.dataset.item)")  # noqa: E731
    assert placed() == ["0", "1", "7"]
    page, source = watched.page, root.locator('ol.placed [data-item="1"]')
    source.drag_to(root.locator('ol.placed [data-item="0"]'), target_position={"x": 40, "y": 2})
    assert placed() == ["1", "0", "7"]
    root.locator('ol.placed [data-item="7"]').drag_to(root.locator(".pool"))
    assert placed() == ["1", "0"]
    root.locator('ol.placed [data-item="0"]').focus()
    page.keyboard.press("Delete")
    assert placed() == ["1"]


def test_a_finger_drags_by_the_grip(browser: Any, site: str) -> None:
    context = browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True)
    watched = Watched(context)
    root = watched.open(f"{site}/small.html#tiny.letters")
    grip, slot = root.locator('[data-right="2"] .grip'), root.locator('[data-left="0"]')
    grip.scroll_into_view_if_needed()
    start, end = grip.bounding_box(), slot.bounding_box()
    touch = context.new_cdp_session(watched.page)
    for kind, box in (("touchStart", start), ("touchMove", start), ("touchMove", end), ("touchEnd", None)):
        points = [{"x": box["x"] + 8, "y": box["y"] + 8}] if box else []
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    assert slot.text_content() == "(T,T)"
    context.close()
    assert watched.complaints == []


@pytest.mark.parametrize(("theme", "size"), [("light", DESKTOP), ("dark", PHONE)])
def test_no_accessibility_violation_and_nothing_too_wide(
    browser: Any, site: str, small: Bank, theme: str, size: dict[str, int]
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    context = browser.new_context(viewport=size, color_scheme=theme, reduced_motion="reduce")
    watched = Watched(context)

    def look(what: str) -> None:
        found = Axe().run(watched.page).response["violations"]
        assert [(violation["id"], violation["nodes"][0]["html"]) for violation in found] == [], what
        assert watched.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{what} is too wide"

    for name in IDS:
        question = question_of(small, name)
        root = watched.open(f"{site}/small.html#{name}&seed=3")
        look(f"{name}, open")
        with_mouse(watched.page, root, question, WRONG[name], 3)
        if isinstance(question, NumberQuestion):
            root.get_by_role("button", name="Check").click()
        root.locator(".verdict").wait_for()
        look(f"{name}, answered")
    root.get_by_role("button", name="Summary").click()
    look("the summary")
    context.close()
    assert watched.complaints == []


def test_every_question_of_the_course_fits_a_phone(browser: Any, site: str, bank: Bank) -> None:
    context = browser.new_context(viewport=PHONE)
    watched = Watched(context)
    watched.open(f"{site}/")
    wide = watched.page.evaluate(
        """async (names) => {
          const wide = [];
          for (const name of names) {
            location.hash = name;
            await new Promise((done) => setTimeout(done));
            if (document.documentElement.scrollWidth > innerWidth) wide.push(name);
          }
          return wide;
        }""",
        [question.id for question in bank.questions],
    )
    context.close()
    assert wide == []
    assert watched.complaints == []


def test_the_theme_follows_the_switch_and_is_kept(watched: Watched, site: str) -> None:
    watched.open(f"{site}/small.html")
    paper = lambda: watched.page.evaluate("getComputedStyle(document.querySelector('.mha-quiz')).backgroundColor")  # noqa: E731
    light = paper()
    watched.page.get_by_label("Colours").select_option("dark")
    dark = paper()
    assert light != dark
    watched.page.reload()
    assert paper() == dark


def test_answers_are_kept_when_the_page_is_opened_again(watched: Watched, site: str, small: Bank) -> None:
    root = watched.open(f"{site}/small.html#tiny.scale")
    with_mouse(watched.page, root, question_of(small, "tiny.scale"), 0, 1)
    root = watched.open(f"{site}/small.html")
    assert "1 of these 7" in root.locator("summary").inner_text()
    assert root.locator(".dot.right").count() == 1
    root = watched.open(f"{site}/small.html#tiny.scale&seed=99")
    assert root.get_by_role("button", name="Check").is_visible(), "another seed asks anew"
    assert root.locator(".dot.right").count() == 1, "and the mark is kept until it is answered"


@pytest.mark.parametrize("kept", ["{", "[]", "null", '"x"', json.dumps({"done": None, "seed": "?", "at": 7})])
def test_damaged_storage_is_no_obstacle(watched: Watched, site: str, kept: str) -> None:
    watched.open(f"{site}/small.html")
    watched.page.evaluate("kept => localStorage.setItem('mha-quiz', kept)", kept)
    root = watched.open(f"{site}/small.html#tiny.scale")
    root.locator(".option").first.click()
    root.get_by_role("button", name="Check").click()
    assert root.locator(".verdict").is_visible()


def test_a_link_leads_to_a_question_and_its_numbers(watched: Watched, site: str, small: Bank) -> None:
    question = question_of(small, "tiny.width")
    assert isinstance(question, NumberQuestion)
    for seed in (1, 2, 5):
        root = watched.open(f"{site}/small.html#tiny.width&seed={seed}")
        sizes = question.variants[variant_of(seed, question.id, len(question.variants))]
        assert f"d_model = {sizes['d_model']}" in root.locator(".question").inner_text()
        assert (
            root.get_by_role("link", name="Link to this question").get_attribute("href") == f"#tiny.width&seed={seed}"
        )
    before = root.locator(".question").inner_text()
    root.get_by_role("button", name="Other numbers").click()
    assert root.locator(".question").inner_text() != before


@pytest.mark.parametrize(
    ("link", "shown"),
    [
        ("tiny.width%26seed%3D2", "tiny.width"),
        ("tiny.width&seed=soon", "tiny.width"),
        ("tiny.gone&seed=2", None),
        ("%zz", None),
    ],
)
def test_a_link_that_is_escaped_or_broken_still_leads_into_the_quiz(
    watched: Watched, site: str, small: Bank, link: str, shown: str | None
) -> None:
    root = watched.open(f"{site}/small.html#{link}")
    at = root.locator("form").get_attribute("data-question")
    assert at == shown if shown else at in {question.id for question in small.questions}


def test_the_filters_narrow_the_questions(watched: Watched, site: str) -> None:
    root = watched.open(f"{site}/small.html")
    assert root.locator(".dot").count() == 7
    root.locator("label.difficulty select").select_option("3")
    assert root.locator(".dot").count() == 2
    root.locator("label.show select").select_option("wrong")
    assert "No question fits" in root.inner_text()


def test_the_summary_says_how_it_went_and_what_to_read(watched: Watched, site: str, small: Bank) -> None:
    for name, answer in (("tiny.scale", 1), ("tiny.bug", 5)):
        root = watched.open(f"{site}/small.html#{name}")
        with_mouse(watched.page, root, question_of(small, name), answer, 1)
    root.get_by_role("button", name="Summary").click()
    said = root.locator(".stage").inner_text()
    assert "1 of 2 marks" in said
    assert "What you know" in said
    assert "Lesson 1, A tiny unit: Why the scale" in said
    root.get_by_role("button", name="Try what was not right again").click()
    assert root.locator(".dot.right").count() == 1
    assert root.locator(".dot.wrong").count() == 0
