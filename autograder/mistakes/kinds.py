"""Mistakes in the kind of a result that is right as a number."""

from __future__ import annotations

from ..marking import Mistake

NUMBERS_FOR_BOOLEANS = Mistake(
    "numbers_for_booleans",
    "mask",
    "The ones and zeros stand in the right places, and they are numbers. Asked for are True and False: a boolean mask can choose, "
    "and numbers would be calculated with.",
)
FLOAT_FOR_INT = Mistake(
    "float_for_int",
    "result",
    "The number is right, but it is not an int. A size, or a place in a list, has to be one.",
)
