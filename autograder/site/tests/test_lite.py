"""The built browser edition in a real Chromium: the kernel starts, every notebook can be solved, work is kept."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from autograder.build.notebook import solved_notebook, to_bytes
from autograder.build.script import read_script
from autograder.checks import questions
from autograder.classroom.create import create
from autograder.classroom.results import results
from autograder.course import Unit, read
from autograder.marking.report import REPORT_MIME
from autograder.tests.browser import needs_chromium
from autograder.tests.tiny import grade

from .server import SITE, Complaints, serving

LITE = SITE / "lite"
pytestmark = [
    needs_chromium,
    pytest.mark.skipif(not (LITE / "index.html").is_file(), reason="needs `make lite` first"),
]
# Before the course imports widgets, their manager asks the kernel for those that are there.
ALLOWED = ("No such comm registered", "Message type: comm_msg")
SAVED = """async (path) => {
  const open = indexedDB.open("mha-course notebooks");
  const database = await new Promise((done) => { open.onsuccess = () => done(open.result); });
  if (!database.objectStoreNames.contains("files")) { database.close(); return null; }
  const asked = database.transaction("files").objectStore("files").get(path);
  const found = await new Promise((done) => { asked.onsuccess = () => done(asked.result); });
  database.close();
  return found ? found.content : null;
}"""


def open_notebook(page: Page, address: str, unit: Unit) -> None:
    page.goto(f"{address}/notebooks/index.html?path={unit.name}/{unit.exercise.name}")
    page.get_by_text("Python (XPython)").wait_for(timeout=60_000)  # cells that are run before are not run at all
    page.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]').wait_for(timeout=120_000)


def run_all(page: Page) -> None:
    page.locator(".lm-MenuBar-itemLabel", has_text="Run").click()
    page.locator(".lm-Menu-itemLabel", has_text="Run All Cells").first.click()


def saved(page: Page, unit: Unit) -> Mapping[str, Any] | None:
    """The notebook as it is kept in the browser."""
    found: Mapping[str, Any] | None = page.evaluate(SAVED, f"{unit.name}/{unit.exercise.name}")
    return found


def reports(notebook: Mapping[str, Any]) -> dict[str, str]:
    """The question of every report in a notebook, with its outcome."""
    outputs = [output for cell in notebook["cells"] for output in cell.get("outputs", [])]
    found = [output["data"][REPORT_MIME] for output in outputs if REPORT_MIME in output.get("data", {})]
    return {report["question"]: report["outcome"] for report in found}


def kept_with_reports(page: Page, unit: Unit, count: int) -> Mapping[str, Any]:
    """The notebook once it is saved with so many reports; JupyterLite saves every few seconds."""
    for _ in range(480):
        notebook = saved(page, unit)
        if notebook is not None and len(reports(notebook)) >= count:
            return notebook
        page.wait_for_timeout(250)
    raise AssertionError(f"{unit.name} was not saved with {count} reports: {page.inner_text('body')[-2000:]}")


@pytest.mark.parametrize("unit", read().units, ids=lambda unit: unit.name)
def test_a_solved_notebook_passes_every_check_in_the_browser(browser: Browser, unit: Unit) -> None:
    solved = to_bytes(solved_notebook(read_script(unit)))
    with serving(LITE, {f"/files/{unit.name}/{unit.exercise.name}": solved}) as address:
        page = browser.new_page()
        complaints = Complaints(address, ALLOWED)
        complaints.listen(page)
        open_notebook(page, address, unit)
        run_all(page)
        notebook = kept_with_reports(page, unit, len(questions(unit.short)))
        page.context.close()
    assert reports(notebook) == dict.fromkeys(questions(unit.short), "passed")
    failed = [o for cell in notebook["cells"] for o in cell.get("outputs", []) if o["output_type"] == "error"]
    assert failed == []
    assert not complaints.found, "\n".join(complaints.found)


def test_a_learner_types_an_answer_and_finds_it_again_after_a_reload(browser: Browser) -> None:
    unit = read().units[0]
    with serving(LITE) as address:
        page = browser.new_page()
        open_notebook(page, address, unit)
        type_into(page, "def project", "def project(x, w_q, w_k, w_v):\n    return x @ w_q, x @ w_k, x @ w_v\n")
        run_all(page)
        notebook = kept_with_reports(page, unit, len(questions(unit.short)))
        assert reports(notebook)["one_head.project"] == "passed"
        assert reports(notebook)["one_head.mix"] == "not attempted"
        page.reload()
        page.get_by_text("return x @ w_q, x @ w_k, x @ w_v").wait_for(timeout=60_000)
        page.context.close()


ANSWERS = {
    "def project": "def project(x, w_q, w_k, w_v):\n    return x @ w_q, x @ w_k, x @ w_v\n",
    "def scaled_scores": "def scaled_scores(q, k):\n    return q @ np.swapaxes(k, -1, -2)\n",
}


def test_a_notebook_filled_in_offline_and_downloaded_is_graded_like_one_from_jupyterlab(
    browser: Browser, tmp_path: Path
) -> None:
    unit = read().units[0]
    directory, _ = create(tmp_path / "course", [unit])
    handed_in = {name: directory.root / "submitted" / name / unit.name / unit.exercise.name for name in ("lite", "lab")}
    for path in handed_in.values():
        path.parent.mkdir(parents=True)
    context = browser.new_context()
    with serving(LITE) as address:
        page = context.new_page()
        open_notebook(page, address, unit)
        page.wait_for_function("navigator.serviceWorker.controller !== null", timeout=60_000)
        page.reload()  # the first load began before the worker was there
        open_notebook(page, address, unit)
        context.set_offline(True)
        for first_words, code in ANSWERS.items():
            type_into(page, first_words, code)
        run_all(page)
        kept_with_reports(page, unit, len(questions(unit.short)))
        page.locator(".lm-MenuBar-itemLabel", has_text="File").click()
        with page.expect_download() as download:
            page.locator(".lm-Menu-itemLabel", has_text="Download").first.click()
        download.value.save_as(handed_in["lite"])
        assert download.value.suggested_filename == unit.exercise.name
        context.close()
    saved = json.loads(unit.exercise.read_text(encoding="utf-8"))
    for cell in saved["cells"]:
        cell["source"] = next(
            (code for words, code in ANSWERS.items() if words in "".join(cell["source"])), cell["source"]
        )
    handed_in["lab"].write_text(json.dumps(saved), encoding="utf-8")
    assert json.loads(handed_in["lite"].read_text(encoding="utf-8"))["metadata"]["kernelspec"]["name"] == "xeus-python"

    assert len(grade(directory)) == 2
    marks = {one.learner.id: [answer.marks for answer in one.answers] for one in results(directory, [unit.name])}
    assert marks["lite"] == marks["lab"]
    assert 0 < sum(mark or 0 for mark in marks["lite"]) < unit.points


def test_a_report_leads_to_the_section_of_the_lesson_on_the_site(browser: Browser) -> None:
    unit = read().units[0]
    context = browser.new_context()
    with serving(SITE) as address:
        page = context.new_page()
        open_notebook(page, f"{address}/lite", unit)
        type_into(page, "def scaled_scores", "def scaled_scores(q, k):\n    return q @ k.swapaxes(-1, -2)\n")
        run_all(page)
        with context.expect_page(timeout=120_000) as opened:
            page.locator(".jp-OutputArea a", has_text="section").first.click(timeout=120_000)
        opened.value.wait_for_load_state()
        assert opened.value.url == f"{address}/lessons/{unit.name}.html#why-the-scale"
        expect(opened.value.get_by_role("heading", name="Why the scale")).to_be_in_viewport()
        context.close()


def test_hint_solution_pictures_and_quiz_show_in_the_browser(browser: Browser) -> None:
    unit = read().units[0]
    with serving(LITE) as address:
        page = browser.new_page(viewport={"width": 1366, "height": 900})
        complaints = Complaints(address, ALLOWED)
        complaints.listen(page)
        open_notebook(page, address, unit)
        code = (
            "from autograder.quiz import quiz\nimport numpy as np\nfrom autograder import hint, show_weights, solution\n"
            'hint("one_head.scores")\nsolution("one_head.scores")\nsolution("one_head.scores")\n'
            'show_weights(np.eye(3))\nquiz("one_head")\n'
        )
        type_into(page, "def project", code)
        page.keyboard.press("Shift+Enter")
        page.locator(".jp-OutputArea .mha-quiz h2").wait_for(timeout=120_000)
        said = " ".join(page.locator(".jp-OutputArea").all_inner_texts())
        words = page.locator(".jp-OutputArea img").first.get_attribute("alt") or ""
        page.context.close()
    assert "Hint 1 of 3" in said
    assert "np.sqrt(d_k)" in said
    assert words.startswith("Attention weights, 3 queries by 3 keys.")
    assert not complaints.found, "\n".join(complaints.found)


def type_into(page: Page, first_words: str, code: str) -> None:
    """Replace a cell's code, as somebody who selects all of it and pastes."""
    page.locator(".jp-CodeCell", has_text=first_words).first.locator(".cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(code)


def test_a_second_visit_needs_no_network(browser: Browser) -> None:
    unit = read().units[0]
    context = browser.new_context()
    with serving(LITE) as address:
        page = context.new_page()
        open_notebook(page, address, unit)
        page.wait_for_function("navigator.serviceWorker.controller !== null", timeout=60_000)
        page.reload()  # the first load began before the worker was there
        open_notebook(page, address, unit)
        context.set_offline(True)
        open_notebook(page, address, unit)
        run_all(page)
        every = questions(unit.short)
        assert reports(kept_with_reports(page, unit, len(every))).keys() == every.keys()
        context.close()


def kept_file(page: Page, path: str) -> Any:
    """A file of JSON among those that are kept in the browser; None where there is none yet."""
    found = page.evaluate(SAVED, path)
    return json.loads(found) if isinstance(found, str) else found


def test_progress_is_kept_for_the_landing_page_and_the_last_cell_opens_the_next_notebook(browser: Browser) -> None:
    first, second = read().units[:2]
    context = browser.new_context()
    with serving(SITE) as site:
        address = f"{site}/lite"
        page = context.new_page()
        complaints = Complaints(site, ALLOWED)
        complaints.listen(page)
        open_notebook(page, address, first)
        page.wait_for_function("navigator.serviceWorker.controller !== null", timeout=60_000)
        page.reload()
        open_notebook(page, address, first)
        type_into(page, "def project", "def project(x, w_q, w_k, w_v):\n    return x @ w_q, x @ w_k, x @ w_v\n")
        run_all(page)
        of_all = sum(len(questions(unit.short)) for unit in read().units)
        page.locator(".jp-OutputArea", has_text=f"1 of {of_all} questions solved").wait_for(timeout=120_000)
        kept = kept_file(page, "mha-progress.json")
        assert kept["questions"]["one_head.project"]["share"] == 1.0

        link = page.locator(".jp-MarkdownCell a", has_text=second.title).last
        with context.expect_page() as opened:
            link.click()
        opened.value.get_by_text("Python (XPython)").wait_for(timeout=60_000)
        assert second.exercise.name in opened.value.url

        page.goto(f"{site}/index.html")
        worth = questions(first.short)["one_head.project"].points
        expect(page.locator(".path .said").first).to_have_text(f"{worth:g} of {first.points:g} points")
        context.close()
    assert not complaints.found, "\n".join(complaints.found)
