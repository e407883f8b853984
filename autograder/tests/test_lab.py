"""What a learner sees after `mha lab`, in a real JupyterLab: the start page, lessons as pages, the ways between them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from autograder import learner_folder
from autograder.course import read
from autograder.notebook.way import FILE
from autograder.tests.browser import chromium, jupyter, needs_chromium

pytestmark = needs_chromium
FIRST, SECOND = read().units[:2]
PICTURES = "[...document.querySelectorAll('.jp-MarkdownViewer img')]"
WITHOUT_SCALE = "def scaled_scores(q, k):\n    return q @ np.swapaxes(k, -1, -2)\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("learner")
    learner_folder.copy_exercises(read(), made)
    return made


@pytest.fixture(scope="module")
def page(folder: Path) -> Iterator[Page]:
    """JupyterLab as `mha lab` starts it, at the page that it opens."""
    with pytest.MonkeyPatch.context() as patch:
        started: list[tuple[list[str], dict[str, str]]] = []
        patch.chdir(folder)
        patch.setattr("os.execve", lambda program, command, environment: started.append((command, environment)))
        patch.setattr("subprocess.run", lambda command, env: type("Done", (), {"returncode": 0}))
        with pytest.raises(SystemExit):  # the process that JupyterLab takes the place of goes on, here
            learner_folder.open_lab(folder)
        ((command, environment),) = started
        patch.setenv("JUPYTER_CONFIG_PATH", environment["JUPYTER_CONFIG_PATH"])
        options = [option for option in command if option.startswith("--LabApp.default_url=")]
        with jupyter(folder, options=options) as address, chromium() as browser:
            opened = browser.new_page(viewport={"width": 1366, "height": 900})
            opened.goto(address)
            yield opened


def test_jupyterlab_opens_the_start_page_without_an_instructors_tools(page: Page) -> None:
    page.locator(".jp-MarkdownViewer h1", has_text=read().title).wait_for(timeout=90_000)
    page.locator(".lm-MenuBar-itemLabel", has_text="Help").wait_for()
    assert "Nbgrader" not in page.locator(".lm-MenuBar-itemLabel").all_inner_texts()
    assert page.get_by_title("Create Assignment").count() == 0
    assert page.get_by_text("official Jupyter news").count() == 0
    assert page.locator(".jp-MarkdownViewer tbody tr").count() == len(read().units)


def test_a_lesson_opens_as_a_page_with_its_formulas_and_pictures(page: Page) -> None:
    page.locator(".jp-MarkdownViewer a", has_text="lesson").first.click()
    page.locator(".jp-MarkdownViewer h2", has_text="Projections").wait_for(timeout=30_000)
    page.locator(".jp-MarkdownViewer mjx-container").first.wait_for(timeout=30_000)
    page.wait_for_function(f"{PICTURES}.length && {PICTURES}.every((i) => i.complete)")
    assert page.evaluate(f"{PICTURES}.map((i) => i.naturalWidth > 0)").count(False) == 0
    page.locator(".lm-TabBar-tabLabel", has_text=learner_folder.START).click()


def test_a_report_leads_to_its_section_and_the_last_cell_to_the_next_notebook(page: Page, folder: Path) -> None:
    page.locator(".jp-MarkdownViewer a", has_text="notebook").first.click()
    page.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]').wait_for(timeout=60_000)
    page.locator(".jp-CodeCell", has_text="def scaled_scores").first.locator(".cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(WITHOUT_SCALE)
    page.locator(".lm-MenuBar-itemLabel", has_text="Run").click()
    page.locator(".lm-Menu-itemLabel", has_text="Run All Cells").first.click()
    page.locator(".jp-OutputArea", has_text="questions solved").wait_for(timeout=60_000)
    kept = json.loads((folder / FILE).read_text())["questions"]
    assert kept["one_head.scores"]["mistakes"] == ["no_scale"]

    following = page.locator(".jp-MarkdownCell a", has_text=SECOND.title).last
    following.click()
    page.locator(".lm-TabBar-tabLabel", has_text=SECOND.exercise.name).wait_for(timeout=30_000)
    page.locator(".lm-TabBar-tabLabel", has_text=FIRST.exercise.name).click()

    report = page.locator(".jp-OutputArea", has_text="The scores are not divided").first
    report.scroll_into_view_if_needed()
    assert "1.0" not in [text.strip() for text in report.locator("pre").all_inner_texts()]
    report.locator("a", has_text="section").click()
    heading = page.locator(".jp-MarkdownViewer h2", has_text="Why the scale").first
    page.wait_for_timeout(2000)
    box = heading.bounding_box()
    assert box is not None
    assert 0 < box["y"] < 300
