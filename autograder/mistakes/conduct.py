"""Mistakes of conduct: what a function does beside its result."""

from __future__ import annotations

from ..marking import Conduct, Mistake

INPUT_CHANGED = Mistake(
    "input_changed",
    "conduct",
    "The function changes an argument it was given, so whoever called it finds other numbers afterwards. "
    "Operators such as `/=`, and assignments into a slice or under a key, write into the argument itself.",
)
KEEPS_STATE = Mistake(
    "keeps_state",
    "conduct",
    "The same call gives another result the second time: something is kept between calls, such as a buffer, a cached "
    "mask or a random number.",
)
CONDUCT = Conduct(INPUT_CHANGED, KEEPS_STATE)
