"""Showing something to whoever runs the cell: rich in Jupyter, plain text elsewhere."""

from __future__ import annotations

import sys
from typing import Any


def show(thing: Any) -> None:
    """Display `thing` in a notebook; print it where there is none."""
    ipython = sys.modules.get("IPython")
    if ipython is not None and ipython.get_ipython() is not None:
        from IPython.display import display

        display(thing)
    else:
        print(thing)
