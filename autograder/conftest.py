"""Fixtures that several parts share: real workspaces in real jails."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from autograder.sandbox import close_workers
from autograder.sandbox.settings import Settings


def need(program: str | None, package: str) -> None:
    """Skip the test where a Debian package is missing; in the project's own checks it must be there."""
    if program:
        return
    if os.environ.get("CI") == "true" or os.environ.get("MHA_NO_SKIP"):
        pytest.fail(f"this test needs the Debian package {package}")
    pytest.skip(f"needs the Debian package {package}")


@pytest.fixture(scope="session")
def bwrap() -> str:
    """The path of bubblewrap."""
    need(shutil.which("bwrap"), "bubblewrap")
    return str(shutil.which("bwrap"))


@pytest.fixture(scope="session")
def quick(bwrap: str) -> Settings:
    """Settings for tests: isolated, with short times."""
    return Settings(isolation="nested" if nested_works() else "once").with_limits(
        cell_seconds=3, seconds=40, grace_seconds=0.5, memory_bytes=400_000_000, folder_bytes=20_000_000,
        file_bytes=10_000_000, processes=40,
    )  # fmt: skip


def nested_works() -> bool:
    """Whether this machine lets a jail make namespaces of its own."""
    from autograder.sandbox.pool import isolation_of

    return isolation_of(Settings()) == "nested"


@pytest.fixture(scope="session", autouse=True)
def _no_workers_left() -> Iterator[None]:
    yield
    close_workers()


@pytest.fixture
def unchanged() -> Iterator[Callable[[Path], None]]:
    """Call with a folder: at the end of the test, it, the environment and the working directory are as before."""
    folders: dict[Path, dict[str, bytes]] = {}
    environment, place = environ(), os.getcwd()
    yield lambda folder: folders.__setitem__(folder, snapshot(folder))
    assert environ() == environment
    assert os.getcwd() == place
    for folder, before in folders.items():
        assert snapshot(folder) == before


def environ() -> dict[str, str]:
    """The environment, without the variable that pytest itself changes."""
    return {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"}


def snapshot(folder: Path) -> dict[str, bytes]:
    """The content of every file below a folder."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}
