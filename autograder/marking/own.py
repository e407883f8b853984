"""The integer that a learner picks: it decides what is drawn for a question, wherever the notebook is marked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from .compare import kind_of

OWN = "my_number"
_TOO_LARGE = 10**1000  # Python refuses to write out integers of some thousand digits


def why_not_own(value: Any) -> str:
    """Why a value cannot decide the numbers, in words that follow its name; "" if it can."""
    if not isinstance(value, int | np.integer) or isinstance(value, bool):
        return f"should be an integer; it is {kind_of(value)}"
    return "" if -_TOO_LARGE < value < _TOO_LARGE else "should be an integer of at most 1000 digits; it has more"


def not_picked(names: Mapping[str, Any], own: str = OWN) -> str:
    """What to do where no integer was picked yet; "" where there is one, or something in its place."""
    picked = names[own] is not ... and names[own] is not None
    return "" if picked else f"Write an integer in place of the `...` after `{own} =`, and run the cell."
