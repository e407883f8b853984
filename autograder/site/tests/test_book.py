"""The built book in a real Chromium: every page, both themes, a phone's width, a keyboard, a disk, and no network."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from autograder.course import read
from autograder.tests.browser import needs_chromium

from .server import SITE, Complaints
from .test_book_links import PAGES

pytestmark = [needs_chromium, pytest.mark.skipif(not PAGES, reason="needs `make book` first")]
KINDS = ("index.html", "lessons/01_one_head.html", "notebooks/01_one_head.html", "glossary.html", "graph.html", "explorer.html", "guide.html")  # fmt: skip


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """A page of its own context; what it complains of fails the test."""
    context = browser.new_context(viewport={"width": 1366, "height": 900})
    opened = context.new_page()
    complaints = Complaints(address)
    complaints.listen(opened)
    yield opened
    context.close()
    assert not complaints.found, "\n".join(complaints.found)


def violations(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]} ({len(one['nodes'])})" for one in found]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(SITE).as_posix())
def test_every_page_complains_of_nothing_and_is_accessible(page: Page, address: str, path: Path) -> None:
    name = path.relative_to(SITE).as_posix()
    page.goto(f"{address}/{name}")
    page.wait_for_load_state("networkidle")
    if name in KINDS or name.startswith("lessons/"):  # notebooks and guides are made as the one among KINDS is
        assert violations(page) == []


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_page_is_accessible_in_the_dark_on_a_phone_and_does_not_scroll_sideways(
    browser: Browser, address: str, kind: str
) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, color_scheme="dark")
    page = context.new_page()
    page.goto(f"{address}/{kind}")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    context.close()


def test_formulas_are_set_in_the_bundled_font(page: Page, address: str) -> None:
    page.goto(f"{address}/lessons/01_one_head.html")
    assert page.evaluate("document.fonts.load('1em \"STIX Two Math\"').then((fonts) => fonts.length)") == 1
    assert "STIX Two Math" in page.locator("math").first.evaluate("(math) => getComputedStyle(math).fontFamily")
    root = page.locator("msqrt").first.bounding_box()
    assert root is not None
    assert root["width"] > 5


def test_the_search_finds_the_section_that_answers_a_question_by_keyboard_alone(page: Page, address: str) -> None:
    page.goto(f"{address}/index.html")
    page.keyboard.press("/")
    page.keyboard.type("why divide by sqrt(d_k)")
    expect(page.locator(".search-results h2").first).to_have_text("Lessons")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"lessons/01_one_head\.html#why-the-scale$"))


def test_filters_of_the_glossary_combine_and_stand_in_the_address(page: Page, address: str) -> None:
    page.goto(f"{address}/glossary.html")
    everything = page.locator(".term-entry:visible").count()
    page.get_by_label("Difficulty").select_option("beginner")
    page.get_by_label("Industry").select_option("search")
    shown = page.locator(".term-entry:visible").count()
    assert 0 < shown < everything
    expect(page.locator("#glossary-count")).to_have_text(f"{shown} of {everything} terms")
    assert "difficulty=beginner" in page.url
    page.reload()
    assert page.locator(".term-entry:visible").count() == shown
    page.go_back()
    assert page.locator(".term-entry:visible").count() > shown
    page.get_by_role("button", name="Show all").click()
    expect(page.locator("#glossary-count")).to_have_text(f"{everything} terms")


def test_a_term_of_a_lesson_shows_its_definition_on_focus_and_escape_closes_it(page: Page, address: str) -> None:
    page.goto(f"{address}/lessons/01_one_head.html")
    link = page.locator(".term a").first
    tip = page.locator(".term [role=tooltip]").first
    expect(tip).to_be_hidden()
    link.focus()
    expect(tip).to_be_visible()
    page.keyboard.press("Escape")
    expect(tip).to_be_hidden()
    page.locator(".term").first.hover()
    page.mouse.move(0, 0)
    assert (link.get_attribute("href") or "").startswith("../glossary.html#")


def test_every_definition_stands_within_a_narrow_page(browser: Browser, address: str) -> None:
    page = browser.new_context(viewport={"width": 390, "height": 844}).new_page()
    page.goto(f"{address}/lessons/06_causal_head.html")
    edges = []
    for term in page.locator(".term").all():
        term.locator("a").focus()
        box = term.locator("[role=tooltip]").bounding_box()
        assert box is not None
        edges.append((box["x"], box["x"] + box["width"]))
    page.context.close()
    assert len(edges) > 10
    assert min(left for left, _ in edges) >= 0
    assert max(right for _, right in edges) <= 390


def test_the_graph_shows_a_term_from_its_list_and_filters_act_on_it(page: Page, address: str) -> None:
    page.goto(f"{address}/graph.html?term=softmax")
    card = page.locator(".graph-card")
    expect(card.locator("h2")).to_have_text("softmax")
    page.locator(".graph-list button", has_text=re.compile("^score$")).focus()
    page.keyboard.press("Enter")
    expect(card.locator("h2")).to_have_text("score")
    assert "term=score" in page.url
    everything = page.locator(".graph-list li").count()
    page.get_by_label("Difficulty").select_option("advanced")
    shown = page.locator(".graph-list li:visible").count()
    assert 0 < shown < everything
    expect(page.locator(".graph-count")).to_have_text(f"{shown} of {everything} terms")
    assert card.get_by_role("link", name="In the glossary").get_attribute("href") == "glossary.html#score"


def test_the_graph_in_three_dimensions_is_loaded_only_when_asked_for(page: Page, address: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{address}/graph.html")
    assert not any("graph_3d" in url for url in asked)
    page.get_by_role("button", name="Three dimensions").click()
    # Without WebGL, as here, the page says so and keeps the flat graph.
    expect(page.locator(".graph-space canvas").or_(page.get_by_text("needs WebGL"))).to_be_visible(timeout=20_000)
    assert any("graph_3d" in url for url in asked)


def test_the_explorer_follows_the_sentence_and_a_number_changed_by_hand(page: Page, address: str) -> None:
    page.goto(f"{address}/explorer.html")
    page.get_by_label("Sentence").fill("one two three")
    weights = page.locator('[data-step="softmax"] table.grid')
    assert weights.locator("tbody tr").count() == 3
    before = weights.inner_text()
    number = page.get_by_label("W_q, row 0, column 0")
    number.fill("5")
    expect(weights).not_to_have_text(before)
    assert weights.inner_text() != before
    page.get_by_label("Causal mask").check()
    assert weights.locator("tbody tr").first.locator("td").all_inner_texts() == ["1.00", "0.00", "0.00"]
    rows = weights.locator("tbody tr").all()
    assert all(abs(sum(float(cell) for cell in row.locator("td").all_inner_texts()) - 1) < 0.02 for row in rows)
    page.locator(".explorer-tokens button").nth(2).focus()
    page.keyboard.press("Enter")
    expect(page.locator(".explorer-said")).to_contain_text('"three" takes most')
    assert violations(page) == []


def test_the_explorer_looks_into_the_trained_model(page: Page, address: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{address}/explorer.html")
    assert not any("trained_model" in url for url in asked)
    page.get_by_label("Numbers").select_option("trained")
    page.get_by_label("Sentence").fill("letter sir world letter sir world")
    page.get_by_role("combobox", name="Layer", exact=True).select_option("1")
    looks = page.locator(".explorer-looks tbody tr")
    assert looks.count() == 6
    page.locator(".explorer-tokens button").nth(6).focus()
    page.keyboard.press("Enter")  # the second "world"
    expect(page.locator(".explorer-said")).to_contain_text('"world" takes most from "letter"')
    expect(page.locator("[data-step=next] tbody th").first).to_have_text("letter")
    likely = page.locator("[data-step=next] tbody td").first
    before = float(likely.inner_text())
    for head in range(6):
        page.get_by_label(f"Switch head {head} off").check()
    assert float(likely.inner_text()) < before / 2
    page.get_by_label("Sentence").fill("emma 7")
    expect(page.locator(".explorer-said")).to_have_text(re.compile("The model never saw 7"))
    page.get_by_label("Sentence").fill("emma")
    expect(page.locator("[data-step=output] canvas")).to_have_count(2)
    page.locator("[data-step=output] summary").last.press("Enter")
    expect(page.locator("[data-step=output] details[open] tbody tr")).to_have_count(2)
    assert violations(page) == []
    page.reload()
    expect(page.locator("[data-step=next]")).to_be_visible()


def test_the_quiz_on_a_lesson_keeps_its_answers_and_a_link_opens_its_question(page: Page, address: str) -> None:
    page.goto(f"{address}/lessons/01_one_head.html")
    page.locator(".quiz-here .dot").nth(2).click()
    asked = page.locator(".quiz-here form").get_attribute("data-question")
    assert asked is not None
    page.goto(f"{address}/lessons/02_order_the_steps.html")
    page.goto(f"{address}/lessons/01_one_head.html#{asked}")
    expect(page.locator(".quiz-here form")).to_have_attribute("data-question", asked)
    expect(page.locator(".quiz-here")).to_be_in_viewport()
    stored = json.loads(page.evaluate("localStorage.getItem('mha-quiz:one_head')"))
    assert stored["at"] == asked
    assert stored["seed"] == 1


def test_all_lessons_share_one_progress_with_the_quiz_and_answers_of_an_earlier_edition_are_taken_along(
    page: Page, address: str
) -> None:
    mark = {"score": 1, "notes": [], "readable": True}
    answer = {"answer": 0, "seed": 1, "mark": mark, "first": mark}
    due = {"asked": 1, "right": 1, "last": "2026-01-01", "stability": 2.5, "difficulty": 5, "due": "2026-01-03"}
    page.goto(f"{address}/lessons/01_one_head.html")
    first = page.evaluate("mhaQuiz.cards.find(({ kind }) => kind === 'choice').id")
    page.evaluate(
        "([one, other]) => { for (const [name, value] of [one, other]) localStorage.setItem(name, JSON.stringify(value)); }",
        [
            ["mha-quiz:one_head", {"seed": 1, "done": {first: answer}, "memory": {first: due}}],
            [
                "mha-quiz",
                {"seed": 7, "at": "causal_head.x", "done": {"causal_head.x": answer}, "memory": {"causal_head.x": due}},
            ],
        ],
    )
    page.reload()
    page.locator(".quiz-here .dot.right").first.wait_for()
    page.goto(f"{address}/lessons/02_order_the_steps.html")
    page.locator(".quiz-here form").wait_for()
    site = json.loads(page.evaluate("localStorage.getItem('mha-quiz')"))
    assert set(site["done"]) == set(site["memory"]) == {first, "causal_head.x"}
    assert (site["seed"], site["at"]) == (7, "causal_head.x"), "what the quiz's own page shows is not touched"
    here = json.loads(page.evaluate("localStorage.getItem('mha-quiz:one_head')"))
    assert not {"done", "memory"} & set(here)
    page.goto(f"{address}/index.html")
    expect(page.locator(".path .said").first).to_have_text("1 quiz question answered")


def test_progress_is_kept_saved_to_a_file_and_loaded_in_another_browser(
    browser: Browser, page: Page, address: str, tmp_path: Path
) -> None:
    page.goto(f"{address}/index.html")
    page.get_by_label("Lesson read").first.check()
    page.evaluate("localStorage.setItem('mha-notebooks', JSON.stringify({one_head: 7.5}))")
    page.reload()
    expect(page.get_by_label("Lesson read").first).to_be_checked()
    expect(page.locator(".path .said").first).to_have_text(f"7.5 of {read().units[0].points:g} points")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save my progress").click()
    download.value.save_as(tmp_path / "progress.json")
    total = sum(unit.points for unit in read().units)
    other = browser.new_context().new_page()
    other.goto(f"{address}/index.html")
    other.locator("#progress-import").set_input_files(tmp_path / "progress.json")
    expect(other.get_by_label("Lesson read").first).to_be_checked()
    expect(other.locator("#progress-total")).to_have_text(f"You have 7.5 of {total:g} points.")
    (tmp_path / "other.json").write_text("[]")
    other.locator("#progress-import").set_input_files(tmp_path / "other.json")
    expect(other.locator("#progress-said")).to_contain_text("no progress of this course")
    other.context.close()


def test_a_word_of_the_landing_picture_shows_what_it_attends_to_by_keyboard(page: Page, address: str) -> None:
    page.goto(f"{address}/index.html")
    page.locator(".attends button", has_text=re.compile("^it$")).focus()
    expect(page.locator(".attends figcaption")).to_contain_text('"it" takes 74% from "cat"')
    assert page.locator(".attends path").count() == 8


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_works_from_a_disk_without_any_network(browser: Browser, kind: str) -> None:
    context = browser.new_context(offline=True)
    page = context.new_page()
    complaints = Complaints((SITE / ".").resolve().as_uri())
    complaints.listen(page)
    page.goto((SITE / kind).resolve().as_uri())
    page.locator(".search-here input").first.fill("softmax")
    expect(page.locator(".search-results a").first).to_be_visible()
    assert page.locator("a.needs-server[href]").count() == 0
    context.close()
    assert not complaints.found, "\n".join(complaints.found)
