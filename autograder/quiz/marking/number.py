"""Reading a typed number."""

from __future__ import annotations

import math
import re

_PLAIN = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?")
_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d*)?")
_DECIMAL_COMMA = re.compile(r"[+-]?\d*,\d+")
_GROUPS = re.compile(r"(?<=\d)[ \u00a0\u202f'_](?=\d{3}(?!\d))")


def read_number(written: str, counted_in: str | None = None) -> float | None:
    """The number in an answer such as "64", "1,024", "0,5", "3/8", "2^20" or "64 columns"; None where there is none."""
    text = written.strip().lower().replace("−", "-").lstrip("=≈~ ")
    if counted_in and text.endswith(counted_in.lower()):
        text = text[: -len(counted_in)].strip()
    text = _GROUPS.sub("", text)
    for sign in ("/", "**", "^"):
        if sign in text:
            first, _, second = text.partition(sign)
            return _joined(_read_plain(first.strip()), sign, _read_plain(second.strip()))
    return _read_plain(text)


def _read_plain(text: str) -> float | None:
    if _THOUSANDS.fullmatch(text):
        text = text.replace(",", "")
    elif _DECIMAL_COMMA.fullmatch(text):
        text = text.replace(",", ".")
    if not text.isascii() or not _PLAIN.fullmatch(text):
        return None
    return _finite(float(text))


def _joined(first: float | None, sign: str, second: float | None) -> float | None:
    if first is None or second is None:
        return None
    if sign == "/":
        return None if second == 0 else _finite(first / second)
    try:
        return _finite(math.pow(first, second))
    except (OverflowError, ValueError):
        return None


def _finite(number: float) -> float | None:
    return number if math.isfinite(number) else None
