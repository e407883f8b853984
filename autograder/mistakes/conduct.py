"""Mistakes of conduct: what a function does beside its result."""

from __future__ import annotations

from ..marking import Conduct, Mistake

INPUT_CHANGED = Mistake(
    "input_changed",
    "conduct",
    "The function changes an argument, so the caller finds other numbers in it afterwards. Operators "
    "such as `/=`, and assignments to a slice or a key, write into the argument itself.",
)
KEEPS_STATE = Mistake(
    "keeps_state",
    "conduct",
    "The same call gives another result the second time, so something is kept between calls. It may be "
    "a buffer, a cached mask or a random generator.",
)
CONDUCT = Conduct(INPUT_CHANGED, KEEPS_STATE)
