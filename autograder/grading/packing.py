"""Assignments, submissions and settings as bytes, so that grading one is a function of bytes."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass, field
from typing import Any

from .notebook import Given, SourceCell, SourceNotebook
from .settings import Limits, Settings
from .workspace import wire

_SIZE = 1 << 34


def pack_assignment(
    notebooks: list[SourceNotebook], files: dict[str, bytes], checks: dict[str, bytes] | None = None
) -> bytes:
    """An assignment: what the gradebook knows of its notebooks, the instructor's other files, and own checks."""
    told = {"notebooks": [asdict(notebook) for notebook in notebooks], "files": files, "checks": checks or {}}
    return wire.encode(told, limit=_SIZE)


def pack_submission(notebooks: dict[str, bytes], files: dict[str, bytes]) -> bytes:
    """A submission: its notebooks by name, and its other files by relative path."""
    ordered = {"notebooks": dict(sorted(notebooks.items())), "files": dict(sorted(files.items()))}
    return wire.encode(ordered, limit=_SIZE)


def hash_of(submission: bytes) -> str:
    """The name of a submission's exact content."""
    return hashlib.sha256(submission).hexdigest()


def notebooks_of(assignment: dict[str, Any]) -> list[SourceNotebook]:
    """The notebooks of a decoded assignment."""
    return [
        SourceNotebook(
            name=notebook["name"],
            kernelspec=notebook["kernelspec"],
            cells=tuple(SourceCell(**cell) for cell in notebook["cells"]),
            imports=tuple(tuple(item) for item in notebook["imports"]),
            given=Given(**notebook["given"]),
        )
        for notebook in assignment["notebooks"]
    ]


def pack_settings(settings: Settings) -> bytes:
    """The settings as the first message to a worker."""
    return wire.encode(asdict(settings))


def settings_from(told: dict[str, Any]) -> Settings:
    """The settings behind a decoded first message."""
    return Settings(**{**told, "limits": Limits(**told["limits"])})


@dataclass
class Result:
    """What became of one submission.

    notebooks: per notebook "executed" (the bytes of the executed notebook), "graded" (its graded cells with outputs),
    "cells" (a record per code cell), "notes" (what was put right) and "error" (why nothing ran, or "").
    isolation: how the submission was shut in. cpu, memory: used by the learner's code, in seconds and bytes.
    """

    notebooks: dict[str, dict[str, Any]]
    isolation: str = ""
    seconds: float = 0.0
    cpu: float = 0.0
    memory: int = 0
    restarts: int = 0
    failed: str = field(default="")
