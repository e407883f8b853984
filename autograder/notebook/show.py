"""Showing something to whoever runs the cell: rich in Jupyter, plain text elsewhere."""

from __future__ import annotations

import sys
from typing import Any


def in_notebook() -> bool:
    """Whether the calling code runs where IPython can display things."""
    ipython = sys.modules.get("IPython")
    return ipython is not None and ipython.get_ipython() is not None


def show(thing: Any) -> None:
    """Display `thing` in a notebook; print it where there is none."""
    if in_notebook():
        from IPython.display import display

        display(thing)
    else:
        print(thing)
