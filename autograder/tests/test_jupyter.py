"""The notebooks in a real Jupyter: they open, run to their end, show their reports, and Validate tells right from wrong."""

from __future__ import annotations

import contextlib
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from playwright.sync_api import Browser, Page
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from autograder.build.notebook import solved_notebook
from autograder.build.script import read_script
from autograder.checks import questions
from autograder.course import read
from autograder.marking.report import REPORT_MIME
from autograder.tests.browser import chromium, jupyter, needs_chromium
from autograder.tests.support import UNITS

from .test_run_all import wrongly_answered

# jupyter_client warns of an unencrypted local connection; the tests' kernels listen on this machine only.
KERNEL = {"timeout": 120, "kernel_name": "python3"}


def _notebook(unit: str, solved: bool) -> nbformat.NotebookNode:
    if not solved:
        return nbformat.read(read().unit(unit).exercise, as_version=4)
    untouched = _notebook(unit, False)
    by_id = {cell.id: cell.source for cell in solved_notebook(read_script(read().unit(unit))).cells}
    for cell in untouched.cells:
        cell.source = by_id.get(cell.id, cell.source)  # the build adds cells that no script has
    return untouched


@pytest.mark.parametrize(
    ("answered", "outcomes"),
    [("untouched", {"not attempted"}), ("solved", {"passed"}), ("raising", {"wrong", "raised", "not attempted"})],
    ids=lambda value: value if isinstance(value, str) else "",
)
@pytest.mark.parametrize("unit", UNITS)
def test_run_all_comes_to_the_end_and_every_question_reports(unit: str, answered: str, outcomes: set[str]) -> None:
    raising = wrongly_answered(unit, "return 1 / 0", "'a word'")
    notebook = raising if answered == "raising" else _notebook(unit, answered == "solved")
    NotebookClient(notebook, **KERNEL).execute()
    reports = [
        o.data[REPORT_MIME] for c in notebook.cells for o in c.get("outputs", []) if REPORT_MIME in o.get("data", {})
    ]
    assert [r["question"] for r in reports] == list(questions(unit))
    assert {r["outcome"] for r in reports} <= outcomes
    assert not [o for c in notebook.cells for o in c.get("outputs", []) if o.get("name") == "stderr"]


@pytest.mark.parametrize("unit", UNITS)
def test_an_exercise_has_no_outputs_and_stable_cell_ids(unit: str) -> None:
    notebook = _notebook(unit, False)
    nbformat.validate(notebook)
    for cell in notebook.cells:
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
        assert grade_id in (None, cell.id)


def test_nbgrader_validate_tells_right_from_wrong(tmp_path: Path) -> None:
    said = {}
    for solved in (False, True):
        path = tmp_path / f"{'solved' if solved else 'untouched'}.ipynb"
        nbformat.write(_notebook("one_head", solved), path)
        command = [sys.executable, "-m", "nbgrader", "validate", str(path)]
        said[solved] = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, timeout=120).stdout
    assert "VALIDATION FAILED ON 6 CELL(S)" in said[False]
    assert "Success! Your notebook passes all the tests." in said[True]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


def _said(page: Page, place: str, awaited: str) -> str:
    """What a place of the page says once the awaited words stand there, or when time is up."""
    found = page.locator(place).filter(has_text=re.compile(re.escape(awaited), re.IGNORECASE))
    with contextlib.suppress(PlaywrightTimeout):
        found.first.wait_for(timeout=60_000)
    return " ".join(page.locator(place).all_inner_texts())


def _open(browser: Browser, address: str) -> Page:
    page = browser.new_page(viewport={"width": 1200, "height": 1400})
    page.goto(address)
    page.locator(".jp-Notebook .jp-Cell").first.wait_for(timeout=60_000)
    # Cells that are run before the kernel is there are not run at all.
    page.wait_for_function("document.body.innerText.includes('Python 3 (ipykernel)')", timeout=60_000)
    page.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]').wait_for(timeout=60_000)
    return page


@needs_chromium
def test_the_validate_button_in_jupyterlab_tells_right_from_wrong(tmp_path: Path, browser: Browser) -> None:
    for solved in (False, True):
        nbformat.write(_notebook("one_head", solved), tmp_path / f"solved_{solved}.ipynb")
    with jupyter(tmp_path) as address:
        for solved, said in ((False, "The following cell failed"), (True, "Success!")):
            page = _open(browser, f"{address}/lab/workspaces/{solved}/tree/solved_{solved}.ipynb?reset")
            page.locator(".jp-NotebookPanel-toolbar").get_by_text("Validate").click()
            assert said.lower() in _said(page, ".jp-Dialog", said).lower()
            page.close()


@needs_chromium
def test_a_report_is_seen_in_jupyterlab_and_in_notebook_7(tmp_path: Path, browser: Browser) -> None:
    nbformat.write(_notebook("one_head", False), tmp_path / "one_head.ipynb")
    for app, tree in (("lab", "lab/tree"), ("notebook", "notebooks")):
        with jupyter(tmp_path, app) as address:
            page = _open(browser, f"{address}/{tree}/one_head.ipynb")
            page.locator(".lm-MenuBar-itemLabel", has_text="Run").click()
            page.locator(".lm-Menu-itemLabel", has_text="Run All Cells").first.click()
            # Jupyter draws only the cells in view, and running all of them scrolls to the last.
            assert "The whole head: Not attempted yet" in _said(page, ".jp-OutputArea", "The whole head: Not attempted")
            page.close()
