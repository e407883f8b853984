"""The book by keyboard alone: every control is reached and shows that it has the focus, and nothing holds it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from autograder.tests.browser import needs_chromium

from .test_book_links import PAGES

pytestmark = [needs_chromium, pytest.mark.skipif(not PAGES, reason="needs `make book` first")]
KINDS = (
    "index.html",
    "lessons/01_one_head.html",
    "notebooks/01_one_head.html",
    "glossary.html?unit=order_the_steps",
    "graph.html",
    "explorer.html",
    "explorer.html?numbers=trained",
    "guide.html",
)
AT = """() => {
  const at = document.activeElement;
  if (!at || at === document.body) return null;
  at.dataset.walked ??= String((window.walked = (window.walked ?? 0) + 1));
  const style = getComputedStyle(at);
  const box = at.getBoundingClientRect();
  const inside = box.width && box.height && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  const marked = [at, at.closest("label")].some((one) => one && getComputedStyle(one).outlineStyle !== "none");
  return { number: Number(at.dataset.walked), html: at.outerHTML.slice(0, 120), seen: Boolean(inside && marked) };
}"""
# One button of a group of radio buttons is a stop; the arrow keys reach the others.
LEFT = """() => [...document.querySelectorAll('a[href], button, input, select, summary, [tabindex="0"]')]
  .filter((one) => !one.disabled && one.tabIndex >= 0 && one.type !== "radio" && one.checkVisibility({ visibilityProperty: true }))
  .filter((one) => !one.dataset.walked).map((one) => one.outerHTML.slice(0, 120))"""


def open_page(browser: Browser, address: str, width: int) -> Page:
    """A page that stands still: what scrolls or slides is there at once."""
    page = browser.new_context(viewport={"width": width, "height": 900}).new_page()
    page.goto(address)
    page.wait_for_load_state("networkidle")
    page.add_style_tag(content="* { scroll-behavior: auto !important; transition: none !important; }")
    return page


@pytest.mark.parametrize("width", [1366, 390])
@pytest.mark.parametrize("kind", KINDS)
def test_every_control_is_reached_by_tab_is_seen_with_the_focus_and_does_not_hold_it(
    browser: Browser, address: str, kind: str, width: int
) -> None:
    page = open_page(browser, f"{address}/{kind}", width)
    unseen, last = [], 0
    for _ in range(600):
        page.keyboard.press("Tab")
        at = page.evaluate(AT)
        if at is None:
            break
        assert at["number"] > last, f"the focus does not go on from {at['html']}"
        last = at["number"]
        if not at["seen"]:
            unseen.append(at["html"])
    else:
        raise AssertionError("the focus never leaves the page")
    left = page.evaluate(LEFT)
    page.context.close()
    assert (unseen, left) == ([], [])


def test_on_a_phone_the_drawers_open_close_and_give_the_focus_back(browser: Browser, address: str) -> None:
    page = open_page(browser, f"{address}/lessons/01_one_head.html", 390)
    for name, inside in (("Pages and search", ".sidebar-drawer"), ("On this page", ".toc-drawer")):
        button = page.get_by_role("button", name=name)
        expect(page.locator(inside)).to_be_hidden()
        button.focus()
        page.keyboard.press("Enter")
        expect(page.locator(f"{inside} a:visible").first).to_be_focused()
        expect(button).to_have_attribute("aria-expanded", "true")
        page.keyboard.press("Escape")
        expect(page.locator(inside)).to_be_hidden()
        expect(button).to_be_focused()
    page.context.close()


def test_on_a_phone_a_slash_opens_the_search_and_escape_leaves_it(browser: Browser, address: str) -> None:
    page = open_page(browser, f"{address}/lessons/01_one_head.html", 390)
    page.keyboard.press("/")
    page.keyboard.type("softmax")
    expect(page.locator(".search-results a").first).to_be_visible()
    for _ in range(2):  # the results, then the words
        page.keyboard.press("Escape")
        expect(page.locator(".search-here input")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".sidebar-drawer")).to_be_hidden()
    page.context.close()


def test_the_quiz_is_answered_by_keyboard_alone(browser: Browser, address: str) -> None:
    page = open_page(browser, f"{address}/lessons/01_one_head.html", 1366)
    expect(page.locator(".quiz-here .verdict h3")).to_have_count(0)
    page.locator(".quiz-here input[type=radio]").first.focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator(".quiz-here input[type=radio]").nth(1)).to_be_checked()
    page.keyboard.press("Enter")
    expect(page.locator(".quiz-here .verdict h3")).to_be_visible()
    page.context.close()
