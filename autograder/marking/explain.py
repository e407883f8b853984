from __future__ import annotations
from collections.abc import Mapping
from typing import Any


def explain(error: Mapping[str, Any] | None, sizes: Mapping[str, int]) -> str:
    return "" if error is None else str(error)
