"""The notebook's face: the widget in Python, and in a real JupyterLab and Notebook 7 by mouse and by keyboard."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest

from autograder.quiz import quiz
from autograder.quiz.asked import draw_question
from autograder.quiz.questions import Bank, NumberQuestion
from autograder.quiz.values import shown, solve

from .answering import with_keyboard, with_mouse
from .vectors import vectors

UNIT, SEED = "order_the_steps", 7
CELL = f'from autograder.quiz import quiz\nquiz("{UNIT}", seed={SEED})'


def test_it_holds_the_questions_of_a_unit_and_a_difficulty(bank: Bank) -> None:
    made = quiz("one_head", difficulty=2)
    wanted = [question.id for question in bank.questions if (question.unit, question.difficulty) == ("one_head", 2)]
    assert [card["id"] for card in made.data["cards"]] == wanted
    assert len(quiz().data["cards"]) == len(bank.questions)


def test_asking_again_shows_the_same_widget_with_its_answers() -> None:
    first = quiz("one_head")
    first.state = {**first.state, "done": {"one_head.x": {}}}
    assert quiz("one_head") is first
    assert quiz("one_head", seed=2) is not first
    assert quiz("one_head", seed=2).state["seed"] == 2


@pytest.mark.parametrize(
    ("arguments", "said"), [(("no_such_unit", None), "The units are: 01_one_head"), (("one_head", 4), "1, 2 or 3")]
)
def test_an_unknown_unit_or_difficulty_gets_a_sentence(arguments: tuple[str, int | None], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        quiz(arguments[0], difficulty=arguments[1])


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server of Notebook 7, which serves JupyterLab too, with one notebook that shows a quiz."""
    folder = tmp_path_factory.mktemp("lab")
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CELL)])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, folder / "quiz.ipynb")
    # Its news would be fetched from elsewhere.
    page_config = folder / "config" / "labconfig" / "page_config.json"
    page_config.parent.mkdir(parents=True)
    page_config.write_text(json.dumps({"disabledExtensions": {"@jupyterlab/apputils-extension:announcements": True}}))
    names = {"CONFIG": "config", "DATA": "data", "RUNTIME": "runtime"}
    places = {f"JUPYTER_{name}_DIR": str(folder / where) for name, where in names.items()}
    options = [
        "--no-browser",
        "--allow-root",
        "--port=0",
        "--ip=127.0.0.1",
        "--IdentityProvider.token=",
        f"--ServerApp.root_dir={folder}",
    ]
    log = (folder / "log").open("w")
    server = subprocess.Popen(
        [sys.executable, "-m", "notebook", *options],
        env=os.environ | places | {"IPYTHONDIR": str(folder / "ipython")},
        stdout=log,
        stderr=log,
    )
    try:
        yield _address(server, folder / "runtime")
    finally:
        server.terminate()
        server.wait(20)
        log.close()


def _address(server: subprocess.Popen[bytes], runtime: Path) -> str:
    """Wait for the server's own note of its address, and for its first answer."""
    until = time.monotonic() + 60
    while time.monotonic() < until and server.poll() is None:
        for note in runtime.glob("jpserver-*.json"):
            try:
                address = str(json.loads(note.read_text())["url"])
                with urllib.request.urlopen(f"{address}api/status", timeout=5):
                    return address
            except (OSError, ValueError):
                break
        time.sleep(0.2)
    raise AssertionError("Notebook 7 did not start")


@pytest.fixture
def notebook(browser: Any, lab: str) -> Iterator[Any]:
    """The open notebook, its one cell run; what is asked of other machines and what the console says is written down."""
    context = browser.new_context(viewport={"width": 1200, "height": 1000})
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.elsewhere = []
    page.errors = []
    local = ("http://127.0.0.1", "ws://127.0.0.1", "data:", "blob:")
    page.on("request", lambda request: request.url.startswith(local) or page.elsewhere.append(request.url))
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    page.on("console", lambda message: message.type == "error" and page.errors.append(message.text))
    page.goto(f"{lab}lab/tree/quiz.ipynb?reset")
    page.get_by_text("| Idle").wait_for()
    _run_cell(page)
    yield page
    context.close()


def _run_cell(page: Any) -> None:
    page.locator(".jp-CodeCell .cm-content").first.click()
    page.keyboard.press("Control+Enter")
    page.locator(".mha-quiz .question").wait_for()


def test_each_kind_is_answered_in_jupyterlab_by_mouse_and_by_keyboard(notebook: Any, bank: Bank) -> None:
    root = notebook.locator(".mha-quiz")
    cells = notebook.locator(".jp-Cell").count()
    kinds = {question.kind: question for question in bank.questions if question.unit == UNIT}
    assert len(kinds) == 7
    for question in kinds.values():
        if isinstance(question, NumberQuestion):
            answer: Any = shown(solve(question, draw_question(question, SEED).variant).answer)
        else:
            answer = next(
                vector.answer for vector in vectors(bank) if vector.question is question and vector.score == 1
            )
        _go(root, question.id)
        with_mouse(notebook, root, question, answer, SEED)
        assert root.locator(".verdict h3").inner_text().endswith("Right"), question.id
        root.get_by_role("button", name="Try again").click()
        with_keyboard(notebook, root, question, answer, SEED)
        assert root.locator(".verdict h3").inner_text().endswith("Right"), question.id
    assert notebook.locator(".jp-Cell").count() == cells, "letters are answers here, not commands of JupyterLab"
    assert _violations(notebook) == []

    # A cell that is run again shows the same widget, with the answers given so far.
    _run_cell(notebook)
    assert root.locator(".dot.right").count() == 7

    light = _paper(notebook)
    notebook.evaluate("document.body.dataset.jpThemeLight = 'false'")
    assert _paper(notebook) != light
    assert _violations(notebook) == []

    assert notebook.elsewhere == []
    assert notebook.errors == []


def test_in_notebook_7_the_verdict_comes_into_view(browser: Any, lab: str) -> None:
    context = browser.new_context(viewport={"width": 1200, "height": 600})
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.goto(f"{lab}notebooks/quiz.ipynb")
    # Without a kernel it is idle too.
    page.locator(".jp-Toolbar-kernelName", has_text="Python 3").wait_for()
    page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]").wait_for()
    _run_cell(page)
    root = page.locator(".mha-quiz")
    _go(root, f"{UNIT}.mask_before_scale")
    again = root.get_by_role("button", name="Try again")
    if again.count():  # the kernel is the one of the test before
        again.click()
    # Enter checks without the button's being scrolled to; the last option is at the lower edge.
    root.locator(".option").last.evaluate(
        "option => { option.scrollIntoView(false); option.querySelector('input').click(); }"
    )
    root.locator(".option input").last.press("Enter")
    assert page.evaluate("document.querySelector('.verdict h3').getBoundingClientRect().top") <= 0.75 * 600
    assert _violations(page) == []
    context.close()


def _go(root: Any, name: str) -> None:
    """Go to a question through the list below."""
    for dot in root.locator(".dot").all():
        dot.click()
        if root.locator(f'form[data-question="{name}"]').count():
            return
    raise AssertionError(f"{name} is not in the list")


def _violations(page: Any) -> list[tuple[str, str]]:
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, context=".mha-quiz").response["violations"]
    return [(violation["id"], violation["nodes"][0]["html"]) for violation in found]


def _paper(page: Any) -> str:
    return str(page.evaluate("getComputedStyle(document.querySelector('.mha-quiz')).backgroundColor"))
