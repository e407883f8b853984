"""Comparing what came back with what should have: kind, then shape, then values."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

# A float32 computation of scores near 1500 is off by 1e-4; a wrong scale or axis is off by far more than 1e-3.
RELATIVE = 1e-3
ABSOLUTE = 1e-4


def as_array(value: Any) -> NDArray[Any] | None:
    """The value as a plain numeric array, or None where it is not numbers (text, None, objects, ragged lists)."""
    if type(value) is np.ndarray:
        return value if value.dtype.kind in "biuf" else None
    if isinstance(value, np.ma.MaskedArray):
        return None
    try:
        if not _numbers(value):
            return None
        array = np.array(value, subok=False)
    except (ValueError, TypeError, OverflowError, RecursionError):
        return None
    return array if array.dtype.kind in "biuf" else None


def _numbers(value: Any) -> bool:
    """Whether a value is made of numbers only. NumPy would write out a range, or make text as wide as its widest."""
    if isinstance(value, list | tuple):
        return all(map(_numbers, value))
    if isinstance(value, np.ndarray | np.generic):
        return value.dtype.kind in "biuf"
    return isinstance(value, bool | int | float)


def agrees(got: Any, want: Any) -> bool:
    """Whether a learner's result is right: a tuple or dict item by item, an array by shape and then by values.

    NaN agrees with NaN, so that a mistake's own numbers can be recognised. Whole numbers, such as sizes, agree exactly
    or not at all. Plain values (text, None, bool) compare by equality.
    """
    if _several(want):
        if not isinstance(got, tuple | list) or len(got) != len(want):
            return False
        return all(agrees(g, w) for g, w in zip(got, want, strict=True))
    if isinstance(want, dict):
        return isinstance(got, dict) and got.keys() == want.keys() and all(agrees(got[key], want[key]) for key in want)
    wanted = as_array(want)
    if wanted is None:
        return type(got) is type(want) and _equal(got, want)
    given = as_array(got)
    if given is None or given.shape != wanted.shape:
        return False
    if wanted.dtype.kind in "biu":
        return bool(np.array_equal(given, wanted))
    return _close(given.astype(float, copy=False), wanted.astype(float, copy=False))


def _close(given: NDArray[np.float64], wanted: NDArray[np.float64]) -> bool:
    """What np.allclose says with equal_nan, in a fifth of its time: a diagnosis compares hundreds of times.

    Most of what is compared there differs in every value, so the last one alone often decides.
    """
    if given.size and not _near(given.item(-1), wanted.item(-1)):
        return False
    with np.errstate(invalid="ignore"):
        near = (np.abs(given - wanted) <= ABSOLUTE + RELATIVE * np.abs(wanted)) & np.isfinite(wanted)
    if near.all():
        return True
    return bool((near | (given == wanted) | (np.isnan(given) & np.isnan(wanted))).all())


def _near(given: float, wanted: float) -> bool:
    """As `_close`, of two numbers."""
    if given == wanted or (given != given and wanted != wanted):
        return True
    return abs(wanted) < math.inf and abs(given - wanted) <= ABSOLUTE + RELATIVE * abs(wanted)


def _equal(got: Any, want: Any) -> bool:
    """Plain equality; False where it cannot be decided, as for a masked array."""
    try:
        return bool(got == want)
    except Exception:
        return False


def _several(result: Any) -> bool:
    """Whether a function returned several arrays."""
    return isinstance(result, tuple | list) and any(isinstance(item, np.ndarray | dict) for item in result)


def identical(old: Any, new: Any) -> bool:
    """Whether an argument is what it was before a call. What is no array or number (a function) always is."""
    if isinstance(old, np.ndarray):
        return (
            isinstance(new, np.ndarray)
            and old.shape == new.shape
            and old.dtype == new.dtype
            and (old.tobytes() == new.tobytes() or np.array_equal(old, new, equal_nan=old.dtype.kind == "f"))
        )
    if isinstance(old, list | tuple):
        return len(old) == len(new) and all(identical(o, n) for o, n in zip(old, new, strict=True))
    if isinstance(old, dict):
        return old.keys() == new.keys() and all(identical(old[key], new[key]) for key in old)
    if isinstance(old, bool | int | float | str | None):
        return type(old) is type(new) and (old == new or old != old)
    return True


def kind_of(value: Any) -> str:
    """What a value is, in a learner's words: ``an array of shape (2, 5, 4)``."""
    if value is None:
        return "None (is a `return` missing?)"
    if isinstance(value, np.ndarray):
        what = "a masked array" if isinstance(value, np.ma.MaskedArray) else "an array"
        return f"{what} of shape {value.shape}" + ("" if value.dtype.kind in "biuf" else f" and dtype {value.dtype}")
    if isinstance(value, dict):
        plain = all(isinstance(item, bool | int | float | str) for item in value.values())
        return _short(value) if value and plain and len(_short(value)) < 60 else f"a dict with {_keys(value)}"
    if isinstance(value, tuple | list) and not _sizes(value):
        return f"a {type(value).__name__} of {len(value)}"
    if isinstance(value, bool | int | float | np.generic | str | tuple | list):
        return _short(_plain(value))
    return f"an object of type {type(value).__name__}"


def _short(value: Any) -> str:
    """A value as Python writes it, in 60 characters at most."""
    try:
        text = repr(value)
    except Exception:  # a number of more digits than Python writes, or an object that fails
        return f"a value of type {type(value).__name__} that cannot be shown"
    return text if len(text) <= 60 else text[:57] + "..."


def _keys(value: dict[Any, Any]) -> str:
    """The keys of a dict, the first ones."""
    if not value:
        return "nothing in it"
    shown = [_short(key) for key in list(value)[:6]]
    return f"{'key' if len(value) == 1 else 'keys'} {', '.join(shown)}{', ...' if len(value) > 6 else ''}"


def _sizes(value: Any) -> bool:
    """Whether a value is a short row of numbers, such as a shape."""
    if not isinstance(value, tuple | list) or not 0 < len(value) <= 8:
        return False
    return all(isinstance(item, int | float | np.number) for item in value)


def _plain(value: Any) -> Any:
    """NumPy's numbers as Python's, which print without their type."""
    if isinstance(value, tuple | list):
        items = [_plain(item) for item in value]
        return tuple(items) if isinstance(value, tuple) else items
    return value.item() if isinstance(value, np.generic) else value


def difference(got: Any, want: Any) -> str:
    """One sentence on how `got` differs from `want`: kind, shape, NaN, or where and how much the values differ."""
    if _several(want):
        if not isinstance(got, tuple | list) or len(got) != len(want):
            return f"Expected {len(want)} results, got {kind_of(got)}."
        first = next(i for i, (g, w) in enumerate(zip(got, want, strict=True)) if not agrees(g, w))
        return f"Result {first + 1} of {len(want)}: {difference(got[first], want[first])}"
    if isinstance(want, dict) and isinstance(got, dict) and got.keys() == want.keys():
        key = next(key for key in want if not agrees(got[key], want[key]))
        return f"{key!r}: {difference(got[key], want[key])}"
    wanted, given = as_array(want), as_array(got)
    if wanted is None or given is None or wanted.ndim == 0 or _sizes(want):
        return f"Expected {kind_of(want)}, got {kind_of(got)}."
    if given.shape != wanted.shape:
        return f"Expected shape {wanted.shape}, got {given.shape}."
    if wanted.shape == ():
        return f"Expected {kind_of(want)}, got {kind_of(got)}."
    given, wanted = given.astype(float), wanted.astype(float)
    bad = int(np.sum(~np.isfinite(given) & np.isfinite(wanted)))
    if bad:
        return f"{bad} of {given.size} values are NaN or infinite."
    off = ~np.isclose(given, wanted, rtol=RELATIVE, atol=ABSOLUTE, equal_nan=True)
    gap = np.where(off, np.abs(given - wanted), -1.0)
    where = np.unravel_index(int(np.argmax(gap)), gap.shape)
    place = f" at {tuple(int(i) for i in where)}" if where else ""
    return (
        f"The shape is right; {int(off.sum())} of {off.size} values differ, most{place}: "
        f"{given[where]:.4g} where {wanted[where]:.4g} was expected."
    )
