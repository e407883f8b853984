"""What NumPy raises where arrays do not fit together, or are asked for what they do not have: rules on its real messages."""

from __future__ import annotations

import re

from .failed import Failure, Part, Rule


def _product(f: Failure) -> str:
    """Two arrays that a matrix product cannot bring together."""
    if not re.search(r"matmul|not aligned|mismatch in its core dimension|remapped shapes", f.message):
        return ""
    if len(f.arrays) < 2:
        return "A matrix product needs the last axis of its first array to be as long as the second to last axis of its second."
    one, other = f.arrays[0], f.arrays[1]
    assert one.shape is not None
    assert other.shape is not None
    if not one.shape or not other.shape:
        return "A matrix product needs arrays, and one of these is a single number."
    place = -2 if len(other.shape) > 1 else -1
    if one.shape[-1] != other.shape[place]:
        said = (
            f"A matrix product needs the last axis of `{one.text}` to meet the "
            f"{'second to last' if place == -2 else 'only'} axis of `{other.text}`: here {one.axis(-1)} meets {other.axis(place)}."
        )
    else:
        said = _lined_up(one, other, 2) + " Before the last two axes, both arrays need the same axes, or 1."
    return said + _reversed(one, other)


def _reversed(*parts: Part) -> str:
    """`.T` of an array with more than two axes; PyTorch's way of swapping, on two."""
    for part in parts:
        axes = len(part.shape or ())
        if part.text.endswith(".T") and axes > 2:
            return f" `.T` reverses all {axes} axes, the leading ones too."
        if axes == 2 and re.search(r"\.transpose\(-2, ?-1\)$", part.text):
            return " NumPy's `transpose(-2, -1)` names the new order of the axes, which is the order they had. Naming two to swap is how PyTorch does it."
    return ""


def _lined_up(one: Part, other: Part, without: int = 0) -> str:
    """Where two shapes, lined up at the right, do not fit."""
    assert one.shape is not None
    assert other.shape is not None
    for i in range(1 + without, min(len(one.shape), len(other.shape)) + 1):
        a, b = one.shape[-i], other.shape[-i]
        if a != b and 1 not in (a, b):
            which = "the last axes" if i == 1 else f"axes -{i}"
            return f"Lined up at the right, {which} do not fit: {one.axis(-i)} meets {other.axis(-i)}."
    return "Their axes do not line up."


def _broadcast(f: Failure) -> str:
    if "could not be broadcast" not in f.message and "could not broadcast" not in f.message:
        return ""
    found = re.search(r"from shape (\(.*?\)) into shape (\(.*?\))", f.message)
    if found:
        return f"Values of shape {found[1]} do not fit into a place of shape {found[2]}."
    arrays = f.arrays
    fits = " Two axes fit where they are equally long or one of them is 1."
    return (
        _lined_up(arrays[0], arrays[1]) if len(arrays) >= 2 else "Their shapes, lined up at the right, do not fit."
    ) + fits


def _transpose_arguments(f: Failure) -> str:
    if "transpose() takes" not in f.message:
        return ""
    return (
        "`np.transpose` takes the new order of all axes as one tuple. With two axes as separate arguments, it is PyTorch's way "
        "of swapping a pair, which NumPy does with another function."
    )


def _transpose_axes(f: Failure) -> str:
    if "axes don't match array" not in f.message:
        return ""
    axes = f"{len(f.arrays[0].shape or ())} axes" if f.arrays else "all its axes"
    return (
        f"NumPy's `transpose` wants the new order of every axis, and the array has {axes}. Naming just two to swap is how "
        "PyTorch does it."
    )


def _view(f: Failure) -> str:
    if not f.form.startswith("call view"):
        return ""
    return "`view` of a NumPy array changes how its bytes are read, not its shape. PyTorch's `view` is a `reshape` in NumPy."


def _concatenate(f: Failure) -> str:
    if "only integer scalar arrays can be converted to a scalar index" in f.message or (
        re.match(r"call (concatenate|stack|[hv]stack)", f.form) and f.is_a("TypeError")
    ):
        return (
            "The second argument is taken for the axis. Functions that join arrays take all of them together, as one list or "
            "tuple."
        )
    if "all the input array dimensions" in f.message or "all input arrays must have the same shape" in f.message:
        return "Arrays that are joined must be equally long along every axis but the one along which they are joined."
    if "need at least one array" in f.message:
        return "The list of arrays to join is empty."
    if "zero-dimensional arrays cannot be concatenated" in f.message:
        return "These are single numbers, and only arrays can be joined."
    return ""


def _shape_argument(f: Failure) -> str:
    if re.match(r"call (zeros|ones|empty|full)", f.form) and (
        "as a data type" in f.message or "data type" in f.message or "positional arguments" in f.message
    ):
        return "A shape is one argument, a tuple. The second argument here is taken for the dtype."
    return ""


def _reshape(f: Failure) -> str:
    found = re.search(r"cannot reshape array of size (\d+) into shape \(?([^)]*)\)?", f.message)
    if not found:
        return ""
    return (
        f"The array holds {found[1]} numbers and the shape ({found[2].strip().rstrip(',')}) asks for another count. A reshape keeps "
        "every number: the product of the lengths must stay the same."
    )


def _axis(f: Failure) -> str:
    found = re.search(r"axis (-?\d+) is out of bounds for array of dimension (\d+)", f.message)
    if not found:
        return ""
    return f"The array has {found[2]} axes, numbered from 0, and there is no axis {found[1]}. Counted from the end, the last axis is -1."


def _index(f: Failure) -> str:
    if found := re.search(r"too many indices for array: array is (\d+)-dimensional, but (\d+)", f.message):
        return f"The array has {found[1]} axes, and the index names {found[2]}."
    if found := re.search(r"index (-?\d+) is out of bounds for axis (\d+) with size (\d+)", f.message):
        return f"Axis {found[2]} has indices 0 to {int(found[3]) - 1}, and the line asks for index {found[1]}."
    if "boolean index did not match" in f.message:
        return "A boolean index has to be as long as the axes that it indexes."
    if "tuple index out of range" in f.message:
        return "The tuple is shorter than that. A shape has as many entries as the array has axes."
    if "list index out of range" in f.message:
        return "The list is shorter than that."
    return ""


def _truth(f: Failure) -> str:
    if "truth value of an array" not in f.message:
        return ""
    return (
        "`if`, `and`, `or` and `not` want one True or False, and this is an array of them. Whether there is a mask at all is "
        "another question than what is in it."
    )


def _in_place(f: Failure) -> str:
    if "Cannot cast ufunc" not in f.message:
        return ""
    return "The array holds integers, and an operation in place keeps its dtype, so the array cannot take fractions."


OF_FORM: tuple[Rule, ...] = (
    _view,
    _shape_argument,
    _concatenate,
    _product,
    _broadcast,
    _transpose_arguments,
    _transpose_axes,
)
OF_PLACES: tuple[Rule, ...] = (_reshape, _truth, _axis, _index, _in_place)
