"""What can be seen of an array that is not what its stage makes, in words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .matching import HIDDEN, Array


def unlike(got: Array, stage: str, wanted: Sequence[Array]) -> str:
    """One or two sentences on how an array differs from what its stage makes, which may be one of several arrays."""
    begin = f"here {stage} first {'differ' if stage.endswith('s') else 'differs'}"
    found = [said for said in (_kind(got), _values(got, stage, wanted)) if said]
    return f"{begin}: {', '.join(found)}." if found else f"{begin}."


def _kind(got: Array) -> str:
    if got.dtype.kind == "f" and (bad := int(np.isnan(got).sum())):
        return f"{bad} of {got.size} numbers are NaN, which comes of 0/0, of inf/inf and of 0 times inf"
    return ""


def _values(got: Array, stage: str, wanted: Sequence[Array]) -> str:
    if np.isnan(got.astype(float)).any():
        return ""
    if stage == "weights" and got.ndim >= 2:
        return _sums(got)
    for want in wanted:
        if got.size == want.size and got.shape != want.shape and same_numbers(got, want):
            return "its numbers are right and its axes are not"
        if got.shape == want.shape:
            if same_numbers(got, want):
                return "its numbers are right and stand in other places"
            ratio = _ratio(got, want)
            if ratio is not None:
                return f"every number is {ratio:.4g} times what it should be"
            if stage == "masked scores":
                return _masked(got, want)
    shapes = {want.shape for want in wanted}
    if len(shapes) == 1 and got.ndim == len(next(iter(shapes))) and got.shape not in shapes:
        return f"its shape should be {next(iter(shapes))}"
    return ""


def _sums(got: Array) -> str:
    rows, columns = got.sum(axis=-1), got.sum(axis=-2)
    said = [f"rows sum to {_range(rows)}, columns to {_range(columns)}"]
    if (got < 0).any():
        said.append("some are negative")
    return ", ".join(said)


def _range(sums: Array) -> str:
    low, high = float(np.min(sums)), float(np.max(sums))
    return f"{low:.3g}" if np.isclose(low, high, atol=1e-3) else f"{low:.3g} up to {high:.3g}"


def same_numbers(got: Array, want: Array) -> bool:
    """Whether two arrays of one size hold the same numbers, in any places."""
    with np.errstate(invalid="ignore"):
        return bool(np.allclose(np.sort(got, axis=None), np.sort(want, axis=None), atol=1e-6))


def _ratio(got: Array, want: Array) -> float | None:
    usable = np.isfinite(want) & np.isfinite(got) & (np.abs(want) > 1e-6)
    if not usable.any():
        return None
    ratios = got[usable] / want[usable]
    close = np.allclose(ratios, ratios[0], rtol=1e-4) and np.isfinite(ratios[0]) and abs(ratios[0]) > 1e-9
    return float(ratios[0]) if close and not np.isclose(ratios[0], 1) else None


def proportional(got: Array, other: Array) -> bool:
    """Whether an array is a number times another one, in the same places."""
    return got.shape == other.shape and _ratio(got, other) is not None


def _masked(got: Array, want: Array) -> str:
    forbidden = np.broadcast_to(want < HIDDEN, got.shape)
    left = int((forbidden & (got > HIDDEN)).sum())
    lost = int((~forbidden & (got < HIDDEN)).sum())
    said = []
    if left:
        said.append(f"{left} forbidden entries still hold ordinary scores")
    if lost:
        said.append(f"{lost} allowed entries are shut out")
    return " and ".join(said)
