"""The command `mha`, run in the tests' own process."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import NamedTuple

import pytest

from autograder import course, paths
from autograder.cli import main


class Said(NamedTuple):
    code: int
    out: str
    err: str


Mha = Callable[..., Said]


@pytest.fixture
def mha(built_course: course.Course, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Mha:
    """Run `mha` with these arguments on the tiny course."""
    monkeypatch.setattr(paths, "root", lambda *_: built_course.root)
    monkeypatch.delenv("MHA_DEBUG", raising=False)
    capsys.readouterr()

    def run(*arguments: object) -> Said:
        monkeypatch.setattr(sys, "argv", ["mha", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        captured = capsys.readouterr()
        return Said(int(ended.value.code or 0), captured.out, captured.err)

    return run
