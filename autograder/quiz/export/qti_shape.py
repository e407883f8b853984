"""A shape as a regular expression of XML Schema, for platforms that compare text: spaces, brackets and case do not matter."""

from __future__ import annotations

import re
from itertools import permutations

_SPACE = r"\s*"


def shape_pattern(shape: str) -> str:
    """A pattern for the usual spellings of a shape, such as "(B, H, T, d_k)"."""
    axes = [axis for axis in shape.strip().strip("()[]").split(",") if axis.strip()]
    tail = r"(\s*,)?" if len(axes) == 1 else ""
    inner = rf"{_SPACE},{_SPACE}".join(_axis(axis) for axis in axes) + tail
    return rf"{_SPACE}[(\[]?{_SPACE}{inner}{_SPACE}[)\]]?{_SPACE}"


def _axis(axis: str) -> str:
    """An axis; the factors of a product in any order."""
    if re.search(r"[-+/]", axis):
        return _SPACE.join(_name(part) for part in re.findall(r"\w+|[^\w\s]", axis))
    factors = [_name(part.strip()) for part in re.split(r"[·*×]", axis)]
    ways = [rf"{_SPACE}[·*×⋅]{_SPACE}".join(way) for way in permutations(factors)]
    return ways[0] if len(ways) == 1 else f"({'|'.join(ways)})"


def _name(name: str) -> str:
    """A name or a number in either case, its underscore optional."""
    made = ""
    for letter in name:
        if letter == "_":
            made += "_?"
        elif letter.isalpha():
            made += f"[{letter.lower()}{letter.upper()}]"
        else:
            made += letter if letter.isdigit() else f"\\{letter}"
    return made
