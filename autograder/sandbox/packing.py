"""Assignments, submissions and settings as bytes, so that grading one is a function of bytes."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from typing import Any

from .cells import Given, SourceCell, SourceNotebook
from .jailed.shared import wire
from .outcome import Executed
from .settings import Limits, Settings

# Of a message between processes of ours, which hold no array that is not bounded elsewhere.
TRUSTED_BYTES = 1 << 34


def pack_assignment(
    notebooks: list[SourceNotebook], files: dict[str, bytes], checks: dict[str, bytes] | None = None
) -> bytes:
    """An assignment: what the gradebook knows of its notebooks, the instructor's other files, and own checks."""
    told = {"notebooks": [asdict(notebook) for notebook in notebooks], "files": files, "checks": checks or {}}
    return wire.encode(told, limit=TRUSTED_BYTES)


def pack_submission(notebooks: dict[str, bytes], files: dict[str, bytes]) -> bytes:
    """A submission: its notebooks by name, and its other files by relative path."""
    ordered = {"notebooks": dict(sorted(notebooks.items())), "files": dict(sorted(files.items()))}
    return wire.encode(ordered, limit=TRUSTED_BYTES)


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
            named_by=tuple(notebook["named_by"]),
            imports=tuple(tuple(item) for item in notebook["imports"]),
            given=Given(**notebook["given"]),
            texts=tuple(notebook["texts"]),
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

    notebooks    what became of each notebook that was submitted, by name
    isolation    how the submission was shut in
    seconds      of wall time that it took
    jail         those of them in which a learner's process was being started or ended
    cpu, memory  used by the learner's code, in seconds and bytes
    failed       why it could not be run at all, or ""
    """

    notebooks: dict[str, Executed]
    isolation: str = ""
    seconds: float = 0.0
    jail: float = 0.0
    cpu: float = 0.0
    memory: int = 0
    restarts: int = 0
    failed: str = ""


def pack_result(result: Result) -> bytes:
    """A result as bytes."""
    return wire.encode(asdict(result), limit=TRUSTED_BYTES)


def result_from(told: dict[str, Any]) -> Result:
    """The result behind a decoded message."""
    return Result(**{**told, "notebooks": {name: Executed.of(one) for name, one in told["notebooks"].items()}})
