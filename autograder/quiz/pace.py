"""How long a question takes: what tells a fast answer from a slow one."""

from __future__ import annotations

from .questions import AnyQuestion

_SECONDS = {"choice": 30, "several": 45, "number": 60, "order": 75, "match": 60, "shape": 45, "bug": 60}
_BY_DIFFICULTY = {1: 0.75, 2: 1.0, 3: 1.5}


def expected_seconds(question: AnyQuestion) -> float:
    """Seconds from seeing the question to an answer, by its kind and difficulty."""
    return _SECONDS[question.kind] * _BY_DIFFICULTY[question.difficulty]
