"""A term on a real JupyterHub: release, fetch, answer in a kernel, submit, collect, grade, and feedback back to the learner."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

import nbformat
import pytest
import websocket

import autograder
from autograder.notebook.running import checked

from .browser import chromium, needs_chromium

pytest.importorskip("jupyterhub", reason="needs JupyterHub: pip install '.[hub]'")
pytestmark = pytest.mark.skipif(
    shutil.which("configurable-http-proxy") is None or shutil.which("bwrap") is None,
    reason="needs bubblewrap and npm's configurable-http-proxy on the PATH",
)

COURSE, UNIT = "multi_head_attention", "01_one_head"
NOTEBOOK = f"{UNIT}/one_head.ipynb"
TOKEN, PASSWORD = "a-token-for-this-test", "a password"
LEARNERS = ("ada", "bob", "eve")
PROJECT = "def project(x, w_q, w_k, w_v):\n    return x @ w_q, x @ w_k, x @ w_v"
SWAPPED = "def project(x, w_q, w_k, w_v):\n    return x @ w_k, x @ w_q, x @ w_v"
ANSWERS = {"ada": PROJECT, "bob": SWAPPED, "eve": PROJECT}


class Hub(NamedTuple):
    """A running hub: its address, and the folder with everybody's home."""

    address: str
    folder: Path

    def home(self, user: str) -> Path:
        return self.folder / "homes" / user

    def ask(self, path: str, data: Any = None, method: str | None = None) -> Any:
        """The answer to a request, as JSON; data is sent as JSON."""
        body = None if data is None else json.dumps(data).encode()
        headers = {"Authorization": f"token {TOKEN}", "Content-Type": "application/json"}
        request = urllib.request.Request(f"{self.address}/{path}", body, headers, method=method)
        with urllib.request.urlopen(request, timeout=300) as answer:
            return json.loads(answer.read() or b"null")

    def run_cells(self, user: str, sources: list[str]) -> list[str]:
        """Run cells in a kernel of a user's server; the status of each."""
        kernel = self.ask(f"user/{user}/api/kernels", {})["id"]
        address = f"{self.address.replace('http', 'ws', 1)}/user/{user}/api/kernels/{kernel}/channels"
        line = websocket.create_connection(address, header=[f"Authorization: token {TOKEN}"], timeout=120)
        try:
            return [_execute(line, source) for source in sources]
        finally:
            line.close()
            self.ask(f"user/{user}/api/kernels/{kernel}", method="DELETE")


def _execute(line: Any, source: str) -> str:
    header = {
        "msg_id": uuid4().hex,
        "msg_type": "execute_request",
        "username": "",
        "session": uuid4().hex,
        "version": "5.3",
    }
    content = {"code": source, "silent": False, "store_history": True, "user_expressions": {}, "allow_stdin": False}
    message = {
        "header": header,
        "parent_header": {},
        "metadata": {},
        "content": content,
        "channel": "shell",
        "buffers": [],
    }
    line.send(json.dumps(message))
    while True:
        told = json.loads(line.recv())
        if told["msg_type"] == "execute_reply" and told["parent_header"].get("msg_id") == header["msg_id"]:
            return str(told["content"]["status"])


FOLDER = """\
c = get_config()
c.Exchange.root = {root!r}
c.CourseDirectory.course_id = {course!r}
c.ExchangeCollect.check_owner = False
"""
NGSHARE = """\
from ngshare_exchange import configureExchange

c = get_config()
c.CourseDirectory.course_id = {course!r}
configureExchange(c, {address!r})
"""


# An environment of its own, because ngshare needs SQLAlchemy before 2; .ci/run makes it.
NGSHARE_PYTHON = Path(autograder.__file__).parents[1] / "build" / "ngshare" / "bin" / "python"
needs_ngshare = pytest.mark.skipif(not NGSHARE_PYTHON.exists(), reason="needs ngshare in build/ngshare")


@pytest.fixture(params=["a shared folder", pytest.param("ngshare", marks=needs_ngshare)])
def hub(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Hub]:
    """A hub in which everybody's server runs, with an exchange that they share."""
    ports = [_free_port() for _ in range(4)]
    etc, exchange = tmp_path / "etc", tmp_path / "exchange"
    etc.mkdir()
    exchange.mkdir()
    exchange.chmod(0o777)
    address = f"http://127.0.0.1:{ports[0]}"
    settings = NGSHARE if request.param == "ngshare" else FOLDER
    (etc / "nbgrader_config.py").write_text(
        settings.format(root=str(exchange), course=COURSE, address=f"{address}/services/ngshare")
    )
    for user in ("teacher", *LEARNERS):
        (tmp_path / "homes" / user).mkdir(parents=True)
    (tmp_path / "homes/teacher/.jupyter").mkdir()
    (tmp_path / "homes/teacher/.jupyter/nbgrader_config.py").write_text(
        f"c = get_config()\nc.CourseDirectory.root = {str(tmp_path / 'homes/teacher/course')!r}\n"
    )
    mha(tmp_path / "homes/teacher", "init", "course", UNIT)
    names = ["HUB_PORT", "HUB_API_PORT", "HUB_PROXY_PORT", *(["NGSHARE_PORT"] if request.param == "ngshare" else [])]
    env = {**os.environ, **dict(zip(names, map(str, ports), strict=False))}
    env |= {
        "HUB_FOLDER": str(tmp_path),
        "NGSHARE_PYTHON": str(NGSHARE_PYTHON),
        "HUB_TOKEN": TOKEN,
        "HUB_PASSWORD": PASSWORD,
        "CONFIGPROXY_AUTH_TOKEN": uuid4().hex,
    }
    env["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{env['PATH']}"
    command = [sys.executable, "-m", "jupyterhub", "-f", str(Path(__file__).with_name("hub_config.py"))]
    with (tmp_path / "hub.log").open("w") as log:
        running = subprocess.Popen(command, cwd=tmp_path, env=env, stdout=log, stderr=log)
        made = Hub(address, tmp_path)
        try:
            _wait(lambda: made.ask("hub/api/"), running)
            for user in ("teacher", *LEARNERS):
                made.ask(f"hub/api/users/{user}", {}, "POST")
                made.ask(f"hub/api/users/{user}/server", {}, "POST")
            for user in ("teacher", *LEARNERS):
                _wait(lambda user=user: made.ask(f"user/{user}/api/status"), running)
            if request.param == "ngshare":
                _enrol(made)
            yield made
        finally:
            running.terminate()
            running.wait(60)


def _enrol(hub: Hub) -> None:
    """Make the course in ngshare and enter the learners, from the teacher's server."""
    command = "import subprocess\nsubprocess.run(['ngshare-course-management', *{!r}], check=True)"
    people = [["add_student", "--no-gb", COURSE, learner] for learner in LEARNERS]
    commands = [["create_course", COURSE, "teacher"], *people]
    assert hub.run_cells("teacher", [command.format(one) for one in commands]) == ["ok"] * 4


def mha(folder: Path, *arguments: str) -> str:
    """Run `mha` in a folder as a person would; what it printed."""
    done = subprocess.run(
        [Path(sys.executable).with_name("mha"), *arguments], cwd=folder, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _wait(ready: Any, running: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 240
    while time.monotonic() < end:
        assert running.poll() is None, "the hub has stopped; see hub.log"
        with contextlib.suppress(OSError, urllib.error.HTTPError):
            ready()
            return
        time.sleep(0.5)
    raise TimeoutError("the hub does not answer")


def answer(hub: Hub, user: str, source: str) -> None:
    """Write an answer into a learner's notebook through their server, run all of it in a kernel there, and save it."""
    notebook = nbformat.from_dict(hub.ask(f"user/{user}/api/contents/{NOTEBOOK}")["content"])
    for cell in notebook.cells:
        if cell.id == "project":
            cell.source = source
    code = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    assert set(hub.run_cells(user, code)) == {"ok"}
    hub.ask(f"user/{user}/api/contents/{NOTEBOOK}", {"type": "notebook", "format": "json", "content": notebook}, "PUT")


@needs_chromium
def test_a_unit_goes_out_comes_back_is_graded_and_its_feedback_reaches_the_learner(hub: Hub) -> None:
    unit = {"assignment_id": UNIT, "course_id": COURSE}
    assert hub.ask(f"user/teacher/formgrader/api/assignment/{UNIT}/release", {})["success"]
    for user in LEARNERS:
        assert hub.ask(f"user/{user}/assignments/fetch", unit)["success"]
        answer(hub, user, ANSWERS[user])
        assert hub.ask(f"user/{user}/assignments/submit", unit)["success"]
    assert hub.ask(f"user/teacher/formgrader/api/assignment/{UNIT}/collect", {})["success"]

    course = hub.home("teacher") / "course"
    assert sorted(path.name for path in (course / "submitted").iterdir()) == list(LEARNERS)
    assert "1 submissions graded" in mha(course, "grade", ".", UNIT, "--learner", "ada").replace(
        "submission ", "submissions "
    )
    _autograde_in_a_browser(hub, "bob")
    mha(course, "grade", ".", UNIT)
    scores = {user: hub.ask(f"user/teacher/formgrader/api/submission/{UNIT}/{user}")["score"] for user in LEARNERS}
    assert scores["ada"] == scores["eve"] > scores["bob"]

    assert hub.ask(f"user/teacher/formgrader/api/assignment/{UNIT}/generate_feedback", {})["success"]
    assert hub.ask(f"user/teacher/formgrader/api/assignment/{UNIT}/release_feedback", {})["success"]
    hub.ask("user/bob/assignments/fetch_feedback", unit)
    (page,) = hub.home("bob").glob(f"{UNIT}/feedback/*/one_head.html")
    assert "What to do next" in page.read_text("utf-8")
    assert checked(hub.home("ada") / NOTEBOOK, 120).passed == 1


def _autograde_in_a_browser(hub: Hub, learner: str) -> None:
    """Log in as the teacher, and press formgrader's Autograde button for one learner."""
    with chromium() as browser:
        tab = browser.new_page()
        tab.goto(f"{hub.address}/hub/login?next=/user/teacher/formgrader/manage_submissions/{UNIT}")
        tab.fill("input[name=username]", "teacher")
        tab.fill("input[name=password]", PASSWORD)
        tab.click("input[type=submit], button[type=submit]")
        row = tab.locator("tr", has_text=learner)
        row.locator(".autograde a").click(timeout=120_000)
        tab.locator(".modal-body", has_text="Successfully autograded").wait_for(timeout=180_000)
        tab.close()
