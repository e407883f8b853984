"""Answers for testing the grader's strength, one module per unit.

RIGHT   answers in other styles than the solution's: a label, and the names that replace the solution's
WRONG   answers with a mistake: the question, a label, the names, the share of the points it must get, and the names of
        the mistakes the report must give (empty: wrong, but nobody may be accused of anything)
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple


class Right(NamedTuple):
    label: str
    names: Mapping[str, Any]


class Wrong(NamedTuple):
    question: str
    label: str
    names: Mapping[str, Any]
    share: float
    mistakes: tuple[str, ...]
