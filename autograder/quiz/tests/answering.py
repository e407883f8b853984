"""Answering each kind of question in a browser: with the mouse, dragging where one can, and with the keyboard alone.

Both take an answer as marking knows it. `root` is a locator of the quiz, so that the page and the notebook are driven alike.
"""

from __future__ import annotations

from typing import Any

from autograder.quiz.draw import shuffled
from autograder.quiz.questions import AnyQuestion, BugQuestion, MatchQuestion, OrderingQuestion

RIGHT: dict[str, Any] = {
    "tiny.scale": 0,
    "tiny.softmax": [0, 1],
    "tiny.width": None,
    "tiny.steps": [2, 1, 0, 3, 4, 5, 6],
    "tiny.letters": [0, 0, 1],
    "tiny.shape": "b,h,t,d_k",
    "tiny.bug": 5,
}
WRONG: dict[str, Any] = {
    "tiny.scale": 1,
    "tiny.softmax": [0, 2],
    "tiny.width": "5000",
    "tiny.steps": [0, 1, 3, 5, 4, 6, 2],
    "tiny.letters": [0, 2, 1],
    "tiny.shape": "(B, T, H, d_k)",
    "tiny.bug": 3,
}


def with_mouse(page: Any, root: Any, question: AnyQuestion, answer: Any, seed: int) -> None:
    """Answer by clicking, dragging and typing, and press Check."""
    if isinstance(answer, str):
        root.locator("input.typed").click()
        page.keyboard.type(answer)
    elif isinstance(question, OrderingQuestion):
        for item in answer:
            _drag(page, root.locator(f'.pool [data-item="{item}"]'), root.locator("ol.placed"))
    elif isinstance(question, MatchQuestion):
        for left, item in enumerate(answer):
            _drag(page, root.locator(f'.pool [data-right="{item}"]'), root.locator(f'[data-left="{left}"]'))
    else:
        for value in answer if isinstance(answer, list) else [answer]:
            root.locator(f'.option:has(input[value="{value}"])').click()
    root.get_by_role("button", name="Check").click()


def _drag(page: Any, what: Any, where: Any) -> None:
    """Press on one thing, move in steps and let go near the lower end of another."""
    what.scroll_into_view_if_needed()
    start, end = what.bounding_box(), where.bounding_box()
    page.mouse.move(start["x"] + start["width"] / 2, start["y"] + start["height"] / 2)
    page.mouse.down()
    page.mouse.move(end["x"] + end["width"] / 2, end["y"] + end["height"] - 6, steps=4)
    page.mouse.up()


def with_keyboard(page: Any, root: Any, question: AnyQuestion, answer: Any, seed: int) -> None:
    """Answer by keys alone: Tab to get there, letters and Enter. The question's heading has the focus."""
    press = page.keyboard.press
    if isinstance(answer, str):
        _tab_to(page, "input.typed")
        page.keyboard.type(answer)
        press("Enter")
        return
    if isinstance(question, MatchQuestion):
        shown = shuffled(range(len(question.rights)), seed, question.id)
        _tab_to(page, ".slot")
        for item in answer:
            press("abcdefghijkl"[shown.index(item)])
    elif isinstance(question, OrderingQuestion):
        shown = shuffled(range(len(question.steps) + len(question.distractors)), seed, question.id)
        # The first two are taken the wrong way round and then changed with the arrow keys.
        first, second, *rest = answer
        for item in (second, first):
            press("abcdefghijkl"[shown.index(item)])
        press("ArrowUp")
        for item in rest:
            press("abcdefghijkl"[shown.index(item)])
    elif isinstance(question, BugQuestion):
        press(str(answer))
    else:
        shown = shuffled(range(len(question.choices)), seed, question.id)  # type: ignore[union-attr]
        for value in answer if isinstance(answer, list) else [answer]:
            press("abcdefghijkl"[shown.index(value)])
    _tab_to(page, "button[type=submit]")
    press("Enter")


def _tab_to(page: Any, selector: str) -> None:
    for _ in range(40):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never reaches {selector}")
