"""What a value may cost the side that receives it: one table for both ends of the line.

The sender refuses what is over it in words, so that honest code learns why. The receiver checks again, because the sender
may be hostile: a few bytes can stand for a number with a billion digits, and a small frame for a large tree.

| what | most | because |
|---|---|---|
| bytes of a message | BYTES | it is held once as it came and once decoded |
| memory of its tree, as estimated from its text | GROWTH times BYTES | `[],[],[],...` grows thirtyfold |
| items in all containers | ITEMS | each is decoded by itself |
| depth | DEPTH | comparing and showing a value recurses |
| bits of an integer | INT_BITS | multiplying takes more than linear time |
| bits of a fraction's two numbers | FRACTION_BITS | finding common factors takes quadratic time |
| digits and exponent of a decimal | DECIMAL_DIGITS | `int(Decimal("1e999999999"))` has a billion digits |
| numbers in a range | ITEMS | `list(range(10**12))` |
| pairs of keys with the same hash, times their size | COLLISIONS | a set of them takes quadratic time |
| fields of a named tuple, characters of a name | FIELDS, NAME | its class is made by compiling code |
| size of an array along each axis | BYTES | `np.zeros((0, 10**12)).sum(axis=0)` |
"""

from __future__ import annotations

import decimal
import math
import re
from collections import Counter
from collections.abc import Iterable
from typing import Any

import numpy as np

MB = 1024 * 1024
BYTES = 64 * MB
GROWTH = 8
ITEMS = 3_000_000
DEPTH = 60
INT_BITS = 1_000_000
FRACTION_BITS = 20_000
DECIMAL_DIGITS = 10_000
COLLISIONS = 100_000
FIELDS = 200
NAME = 100

ARRAY_KINDS = frozenset("biufcSUmM")
_DTYPE = re.compile(r"[<>|=][biufcSUmM]\d{1,9}(\[\d{0,6}[A-Za-z\u03bc]{1,7}\])?")
_HASH_BITS = 61  # Python's own numbers have the same hash only if they differ beyond this many bits.


class NotPlain(TypeError):
    """A value that is no plain data, or that costs more than may cross the line."""


def tree(text: bytes, limit: int) -> None:
    """Raises NotPlain if reading the JSON `text` would take GROWTH times the memory of a message of `limit` bytes."""
    strings = 4 if b"\\u" in text else 1
    memory = 80 * text.count(b"[") + 240 * text.count(b"{") + 40 * text.count(b",") + strings * len(text)
    if memory > GROWTH * limit:
        raise NotPlain(f"a value that takes {memory // MB} MB of memory: at most {GROWTH * limit // MB} MB may cross")


def integer(value: int) -> int:
    """The integer, if it is not too long."""
    if value.bit_length() > INT_BITS:
        raise NotPlain(f"an integer of {value.bit_length()} bits: at most {INT_BITS} may cross")
    return value


def fraction(numerator: int, denominator: int) -> tuple[int, int]:
    """A fraction's two numbers, if they are not too long."""
    if max(numerator.bit_length(), denominator.bit_length()) > FRACTION_BITS:
        raise NotPlain(f"a fraction of numbers with more than {FRACTION_BITS} bits")
    return numerator, denominator


def decimal_of(text: str) -> decimal.Decimal:
    """The decimal number that `text` says."""
    if len(text) > DECIMAL_DIGITS:
        raise NotPlain(f"a decimal number of more than {DECIMAL_DIGITS} digits")
    value = decimal.Decimal(text)
    if value.is_finite() and abs(int(value.as_tuple().exponent)) > DECIMAL_DIGITS:
        raise NotPlain(f"the decimal number {text[:60]}: its exponent may be {DECIMAL_DIGITS} at most")
    return value


def range_of(start: int, stop: int, step: int) -> range:
    """The range between these numbers."""
    value = range(integer(start), integer(stop), integer(step))
    if (stop - start) // step > ITEMS:
        raise NotPlain(f"a range of more than {ITEMS} numbers")
    return value


def names(kind: str, fields: Iterable[str]) -> None:
    """Raises NotPlain for a named tuple that has too many fields, or names that are too long."""
    fields = list(fields)
    if len(fields) > FIELDS or any(len(name) > NAME for name in (kind, *fields)):
        raise NotPlain(f"a named tuple with more than {FIELDS} fields or a name of more than {NAME} characters")


def spread(keys: list[Any], weight: int = 1) -> list[Any]:
    """The keys of a set or dictionary, if not too many have the same hash. weight: the values in one key."""
    if all(type(key) is str or (type(key) is int and key.bit_length() < _HASH_BITS) for key in keys):
        return keys
    pairs = sum(same * (same - 1) // 2 for same in Counter(map(hash, keys)).values())
    if pairs * weight > COLLISIONS:
        raise NotPlain(f"a set or dictionary in which {pairs} pairs of keys have the same hash")
    return keys


def dtype_of(text: str) -> np.dtype[Any]:
    """The type of numbers, texts or dates that `text` says; nothing with fields, objects or parts of a shape of its own."""
    if not _DTYPE.fullmatch(text):
        raise NotPlain(f"an array of type {text[:60]}")
    kind = np.dtype(text)
    if kind.kind not in ARRAY_KINDS or not 0 < kind.itemsize <= BYTES:
        raise NotPlain(f"an array of type {text[:60]}")
    return kind


def shape(sizes: tuple[int, ...], itemsize: int) -> None:
    """Raises NotPlain for a shape that would be too large if its empty axes were not there."""
    if math.prod(max(size, 1) for size in sizes) * itemsize > BYTES:
        raise NotPlain(f"an array of shape {sizes}: {BYTES // MB} MB may cross")


def items(array: Any) -> Any:
    """The array, if each of its items is one that its type can have: a truth value of 0 or 1, text of real characters."""
    if array.dtype.kind == "b" and array.size and array.view(np.uint8).max() > 1:
        raise NotPlain("an array of truth values that are neither true nor false")
    if array.dtype.kind == "U" and array.size:
        letters = np.frombuffer(array.tobytes(), np.dtype(np.uint32).newbyteorder(array.dtype.byteorder))
        if letters.max() > 0x10FFFF:
            raise NotPlain("an array of text with characters that do not exist")
    return array
