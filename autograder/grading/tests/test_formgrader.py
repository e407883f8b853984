"""Formgrader's Autograde button, over the address it calls, against a running Jupyter server."""

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

import pytest

from autograder.grading.tests.make_course import environment, marks_in
from autograder.sandbox import Settings


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
