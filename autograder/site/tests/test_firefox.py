"""A notebook of the browser edition in Firefox: its kernel starts and every check of a solved notebook passes."""

from __future__ import annotations

import pytest

from autograder.build.notebook import solved_notebook, to_bytes
from autograder.build.script import read_script
from autograder.checks import questions
from autograder.course import read

from .firefox import FIREFOX, firefox
from .server import SITE, serving

LITE = SITE / "lite"
pytestmark = [
    pytest.mark.skipif(FIREFOX is None, reason="needs Debian's firefox-esr on the PATH"),
    pytest.mark.skipif(not (LITE / "index.html").is_file(), reason="needs `make lite` first"),
]


def labelled(kind: str, text: str) -> str:
    return f"[...document.querySelectorAll('{kind}')].find((one) => one.textContent === '{text}')"


def test_a_solved_notebook_passes_every_check_in_firefox() -> None:
    unit = read().units[0]
    solved = to_bytes(solved_notebook(read_script(unit)))
    with serving(LITE, {f"/files/{unit.name}/{unit.exercise.name}": solved}) as address, firefox() as browser:
        browser.goto(f"{address}/notebooks/index.html?path={unit.name}/{unit.exercise.name}")
        browser.wait_for("document.body.innerText.includes('Python (XPython)')")
        browser.wait_for("""document.querySelector('.jp-Notebook-ExecutionIndicator[data-status="idle"]') !== null""")
        browser.click(labelled(".lm-MenuBar-itemLabel", "Run"))
        browser.wait_for(f"{labelled('.lm-Menu-itemLabel', 'Run All Cells')} !== undefined")
        browser.click(labelled(".lm-Menu-itemLabel", "Run All Cells"))
        browser.wait_for(
            f"(document.body.innerText.match(/: Passed, /g) ?? []).length === {len(questions(unit.short))}"
        )
