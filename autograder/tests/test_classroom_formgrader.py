"""formgrader, run by a real Jupyter server in a course directory: its Generate and Autograde buttons."""

from __future__ import annotations

import json
import os
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

from autograder.classroom.directory import CourseDirectory
from autograder.environment import OWN_CHECKS

from .tiny import SUBTRACTS, UNIT, hand_in

TOKEN = "a-token-for-this-test"


@pytest.fixture
def server(directory: CourseDirectory) -> Iterator[str]:
    """The address of a Jupyter server started in the course directory as an instructor would."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    commands = Path(sys.executable).parent
    env = {k: v for k, v in os.environ.items() if k != OWN_CHECKS}
    env |= {"PATH": f"{commands}{os.pathsep}{env['PATH']}", "JUPYTER_TOKEN": TOKEN}
    options = ["--no-browser", "--allow-root", f"--port={port}", "--ServerApp.port_retries=0"]
    log = (directory.root.parent / "server.log").open("w")
    running = subprocess.Popen(
        [commands / "jupyter-server", *options], cwd=directory.root, env=env, stdout=log, stderr=log
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(240):
            try:
                ask(address, "api/status")
                break
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.25)
        yield address
    finally:
        running.terminate()
        running.wait(30)
        log.close()


def ask(address: str, path: str, data: bytes | None = None) -> Any:
    request = urllib.request.Request(f"{address}/{path}", data, {"Authorization": f"token {TOKEN}"})
    with urllib.request.urlopen(request, timeout=120) as answer:
        return json.loads(answer.read())


def test_the_buttons_of_formgrader_do_what_the_commands_do(directory: CourseDirectory, server: str) -> None:
    hand_in(directory, "ada", SUBTRACTS)
    released = directory.released(UNIT) / "tiny_sum.ipynb"
    before = released.read_bytes()
    released.unlink()

    generated = ask(server, f"formgrader/api/assignment/{UNIT}/assign", b"{}")
    assert generated["success"], generated
    assert released.read_bytes() == before

    graded = ask(server, f"formgrader/api/submission/{UNIT}/ada/autograde", b"{}")
    assert graded["success"], graded
    assert ask(server, f"formgrader/api/submission/{UNIT}/ada")["score"] == 4.0
    assert "application/vnd.mha.report+json" in (directory.autograded("ada", UNIT) / "tiny_sum.ipynb").read_text()
