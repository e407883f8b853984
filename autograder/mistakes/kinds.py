"""Mistakes in the kind of a result that is right as a number."""

from __future__ import annotations

from ..marking import Mistake

NUMBERS_FOR_BOOLEANS = Mistake(
    "numbers_for_booleans",
    "mask",
    "The ones and zeros are in the right places, but they are numbers. The mask should hold True and "
    "False: a boolean mask can select entries, while numbers are used for calculating.",
)
FLOAT_FOR_INT = Mistake(
    "float_for_int",
    "result",
    "The number is right, but it is not an int. A size, or an index, has to be an int.",
)
