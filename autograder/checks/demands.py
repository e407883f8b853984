"""What a question may demand of a result beside its numbers."""

from __future__ import annotations

from typing import Any

import numpy as np


def is_int(got: Any, want: Any) -> str | None:
    """Says what is lacking where a number is right and no integer, Python's or NumPy's."""
    if isinstance(got, int | np.integer) and not isinstance(got, bool):
        return None
    return f"the number is right, but it is {got!r}, of type {type(got).__name__}; it should be an int."
