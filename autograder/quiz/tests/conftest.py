"""What the quiz's tests share: the bank, the small course, node and a browser."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.quiz.bank import load_bank
from autograder.quiz.progress import FOLDER_VARIABLE
from autograder.quiz.questions import Bank

SMALL_COURSE = Path(__file__).parent
"""The folder that holds the small course/."""
CHROMIUM = "/usr/bin/chromium"


def need(found: bool, what: str) -> None:
    """Skip where something is not installed; on the project's own runs it must be there."""
    if not found:
        if os.environ.get("CI"):
            pytest.fail(f"{what} is not installed, and this run must not skip")
        pytest.skip(f"{what} is not installed")


@pytest.fixture(scope="session")
def bank() -> Bank:
    """The course's bank."""
    return load_bank()


@pytest.fixture(scope="session")
def small() -> Bank:
    """A bank of seven questions, one of each kind."""
    return load_bank(SMALL_COURSE)


@pytest.fixture(autouse=True)
def _own_progress(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No test touches the progress of whoever runs it."""
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "progress"))


@pytest.fixture(scope="session")
def node() -> str:
    """The path of node."""
    path = shutil.which("node")
    need(path is not None, "node")
    return str(path)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A headless Chromium."""
    need(Path(CHROMIUM).exists(), "chromium")
    from playwright.sync_api import sync_playwright

    flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
    flags += ["--disable-component-update", "--disable-sync"]
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield launched
        launched.close()
