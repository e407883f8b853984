"""Formgrader against a running Jupyter server: its Autograde button, and a page of a hostile submission."""

from __future__ import annotations

import http.cookiejar
import json
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from nbgrader.api import Gradebook

from autograder.grading import grade
from autograder.grading.tests.classroom import RIGHT
from autograder.grading.tests.make_course import code, environment, fill, marks_in, released, submit, text
from autograder.grading.tests.test_pages import FIND, MATHJAX, PAYLOADS
from autograder.sandbox import Settings
from autograder.tests.browser import chromium, jupyter, needs_chromium


@pytest.fixture
def server(quick: Settings, course: Path) -> Iterator[str]:
    """A Jupyter server in a course that uses the engine."""
    with (course / "nbgrader_config.py").open("a") as file:
        file.write("from autograder.grading import configure\nconfigure(c)\n")
        file.write(f"c.GradingEngine.isolation = {quick.isolation!r}\n")
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    log = course / "server.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "jupyter_server", f"--port={port}", "--no-browser", "--IdentityProvider.token=t",
             "--allow-root", "--ServerApp.port_retries=0"],
            cwd=course, env=environment(), stdout=out, stderr=out,
        )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    ends = time.monotonic() + 90
    while True:
        try:
            urllib.request.urlopen(f"{address}/api?token=t", timeout=5).close()
            break
        except OSError:
            assert time.monotonic() < ends, log.read_text()
            time.sleep(0.3)
    yield address
    process.terminate()
    process.wait(30)


def test_the_autograde_button_runs_the_engine(server: str, course: Path, graded: Path, quick: Settings) -> None:
    jar = http.cookiejar.CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    page = browser.open(f"{server}/formgrader?token=t", timeout=60).read().decode()
    assert re.search("formgrader", page, re.IGNORECASE)
    token = next(cookie.value for cookie in jar if cookie.name == "_xsrf")
    for student in ("right", "half", "syntax"):
        request = urllib.request.Request(
            f"{server}/formgrader/api/submission/ps1/{student}/autograde?token=t",
            method="POST", data=b"", headers={"X-XSRFToken": str(token)},
        )  # fmt: skip
        try:
            answer = json.load(browser.open(request, timeout=120))
        except urllib.error.HTTPError as error:
            pytest.fail(error.read().decode())
        assert answer["success"], answer
        record = json.loads((course / "records" / "ps1" / f"{student}.json").read_text())
        assert record["isolation"] == quick.isolation
        assert marks_in(course, "ps1")[student] == marks_in(graded, "ps1")[student]


SHOWS = """\
from IPython.display import display
for payload in {payloads!r}:
    for kind in ("text/html", "text/markdown", "text/latex"):
        display({{kind: payload}}, raw=True)
"""


@needs_chromium
def test_a_page_of_a_running_formgrader_does_nothing_and_asks_nobody(quick: Settings, course: Path) -> None:
    tree = fill(released(course, "ps1", "p1"), {**RIGHT, "why": PAYLOADS[0]})
    tree["cells"] += [text(payload) for payload in PAYLOADS] + [code(SHOWS.format(payloads=PAYLOADS))]
    submit(course, "evil", "ps1", "p1", tree)
    grade(course, ["ps1"], ["evil"], settings=Settings(isolation=quick.isolation))
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}", "course") as gradebook:
        page = f"/formgrader/submissions/{gradebook.find_submission_notebook('p1', 'ps1', 'evil').id}/?index=0"
    asked: list[str] = []
    with jupyter(course) as address, chromium() as browser:

        def answer(route: Any) -> None:
            url = route.request.url
            if url.startswith((f"{address}/", "data:")):
                route.continue_()
                return
            if not url.startswith(MATHJAX):
                asked.append(url)
            route.abort()

        tab = browser.new_page()
        tab.route("**/*", answer)
        tab.goto(address + page)
        tab.wait_for_selector("#notebook-container")
        tab.wait_for_timeout(1000)
        found = tab.evaluate(FIND)
        shown = tab.inner_text("#notebook-container")
    assert shown.count("evil.example") > 50  # as text
    assert not asked
    assert found["ran"] is None
    assert not found["links"]
    assert not found["sources"]
