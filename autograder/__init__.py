"""What a notebook imports: `check`, `hint`, `solution`, `progress`, and the pictures.

Each is loaded when first asked for, so that importing the package costs next to nothing.
"""

from __future__ import annotations

import importlib
from typing import Any

_HOMES = {
    "broken_heads": "autograder.notebook.broken_heads",
    "check": "autograder.notebook.marks",
    "hint": "autograder.notebook.hints",
    "load_model": "autograder.trained_model",
    "own_numbers": "autograder.notebook.own_numbers",
    "progress": "autograder.notebook.progress",
    "solution": "autograder.notebook.worked",
    "show_numbers": "autograder.notebook.own_numbers",
    "show_steps": "autograder.notebook.steps",
    "show_swap": "autograder.notebook.steps",
    "show_values": "autograder.notebook.values",
    "show_weights": "autograder.notebook.pictures",
}
__all__ = [
    "broken_heads",
    "check", "hint", "load_model", "own_numbers", "progress", "show_numbers", "show_steps", "show_swap", "show_values",
    "show_weights", "solution",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(importlib.import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
