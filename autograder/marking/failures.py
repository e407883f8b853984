"""The exceptions that NumPy learners meet, and what each means: rules on the real messages, most telling first."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from .letters import Axes


@dataclass(frozen=True)
class Part:
    """What met in a line that failed: its text, what it is in words, and for an array its shape, letters and dtype."""

    text: str
    what: str = ""
    shape: tuple[int, ...] | None = None
    axes: Axes = ()
    dtype: str = ""

    def axis(self, i: int) -> str:
        """An axis by its letter, or by its length."""
        assert self.shape is not None
        letter, length = self.axes[i], self.shape[i]
        return letter if letter == str(length) else f"{letter} ({length})"


@dataclass(frozen=True)
class Failure:
    """An exception: the classes it belongs to, its message, the line, and the part of the line that failed."""

    kinds: tuple[str, ...]
    message: str
    line: str
    operation: str
    form: str
    parts: tuple[Part, ...]

    @property
    def arrays(self) -> tuple[Part, ...]:
        return tuple(part for part in self.parts if part.shape is not None)

    def is_a(self, *kinds: str) -> bool:
        return any(kind in self.kinds for kind in kinds)


Rule = Callable[[Failure], str]


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
    """`.T` of an array with more than two axes."""
    turned = next((part for part in parts if part.text.endswith(".T") and part.shape and len(part.shape) > 2), None)
    return f" `.T` reverses all {len(turned.shape or ())} axes, the leading ones too." if turned else ""


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


_TORCH = {
    "permute": "`permute` is PyTorch's name. NumPy calls a new order of the axes something else.",
    "unsqueeze": "`unsqueeze` is PyTorch's name. In NumPy a new axis is made by indexing with None.",
    "masked_fill": "`masked_fill` is PyTorch's. NumPy chooses between two arrays by a condition with a function.",
    "masked_fill_": "`masked_fill_` is PyTorch's. NumPy chooses between two arrays by a condition with a function.",
    "softmax": "A NumPy array has no `softmax`: you wrote one yourself.",
    "contiguous": "`contiguous` is PyTorch's; a NumPy array can be reshaped without it.",
    "expand": "`expand` is PyTorch's. NumPy broadcasts arrays by itself, or by a function.",
    "matmul": "`matmul` is no method of a NumPy array; it is a function, or the sign `@`.",
    "exp": "`exp` is no method of a NumPy array; it is a function.",
    "sqrt": "`sqrt` is no method of a NumPy array; it is a function.",
    "dim": "`dim` is PyTorch's. The number of axes of a NumPy array is its `ndim`.",
    "float": "`float` is PyTorch's. NumPy converts an array with `astype`.",
    "t": "`t` is PyTorch's.",
}


def _attribute(f: Failure) -> str:
    found = re.search(r"'(?:numpy\.)?(\w+)' object has no attribute '(\w+)'", f.message)
    if not found:
        return ""
    kind, name = found[1], found[2]
    if kind == "NoneType":
        return _NONE
    if kind == "ndarray":
        return _TORCH.get(name, f"A NumPy array has no `{name}`.")
    if kind in ("list", "tuple"):
        return f"This is a Python {kind}, and `{name}` belongs to arrays. A {kind} of arrays first has to become one array."
    if kind in ("float", "int", "float64"):
        return f"This is a single number, and `{name}` belongs to arrays."
    return ""


def _view(f: Failure) -> str:
    if not f.form.startswith("call view"):
        return ""
    return "`view` of a NumPy array changes how its bytes are read, not its shape. PyTorch's `view` is a `reshape` in NumPy."


def _size_called(f: Failure) -> str:
    if "object is not callable" not in f.message:
        return ""
    if ".size(" in f.line or f.form == "call size" or "size" in f.operation:
        return "`size` of a NumPy array is a number, how many entries it has, and no function. The lengths of its axes are its `shape`."
    if "shape" in f.operation or "tuple" in f.message:
        return "A tuple such as `shape` is indexed with square brackets; round brackets call a function."
    if "ndarray" in f.message:
        return (
            "An array stands where a function should: round brackets behind it call it. Square brackets index an array, and a "
            "product needs its sign. A variable with a function's name hides the function."
        )
    return (
        "What stands before the round brackets is a value and no function. A variable with a function's name hides it."
    )


def _keyword(f: Failure) -> str:
    found = re.search(r"unexpected keyword argument '(\w+)'", f.message)
    if not found:
        return ""
    if found[1] in ("dim", "keepdim"):
        return f"`{found[1]}` is PyTorch's word. NumPy says `{ {'dim': 'axis', 'keepdim': 'keepdims'}[found[1]] }`."
    return f"This function has no argument called `{found[1]}`."


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
        return "There is nothing to join: the list is empty."
    if "zero-dimensional arrays cannot be concatenated" in f.message:
        return "What is joined here are single numbers and not arrays."
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


def _float_size(f: Failure) -> str:
    if "'float' object cannot be interpreted as an integer" in f.message:
        return "A float stands where a size belongs. `/` always gives a float, even where nothing is left over."
    if "slice indices must be integers" in f.message:
        return "A float, or an array, stands in a slice, which wants ints. `/` always gives a float."
    if "only integers, slices" in f.message:
        return "An index has to be an int, a slice, or an array of ints or booleans. `/` always gives a float."
    if "'numpy.float64' object cannot be interpreted as an integer" in f.message:
        return "A float stands where a whole number belongs."
    return ""


_NONE = (
    "None stands where an array should be. A function without a `return` returns None, and so do the methods that change an "
    "array in place."
)


def _none(f: Failure) -> str:
    met = any(part.what == "None" for part in f.parts)
    if "NoneType" in f.message or (met and f.is_a("TypeError", "ValueError", "AttributeError")):
        if any("mask" in part.text for part in f.parts if part.what == "None"):
            return "None stands where an array should be: this call gives no mask, and then the argument is None."
        return _NONE
    return ""


def _name(f: Failure) -> str:
    if f.is_a("UnboundLocalError"):
        return "This name gets its value inside the function, and is used before it has one."
    found = re.search(r"name '(\w+)' is not defined", f.message)
    if not found:
        return ""
    if found[1] in ("np", "numpy"):
        return "NumPy has not been imported: run the cell with the import."
    if found[1] in ("torch", "F", "nn"):
        return "PyTorch is not used here: this course works with NumPy alone."
    return (
        f"Nothing is called `{found[1]}` by then. Either the cell that defines it has not been run since the kernel started, or "
        "the name is spelled otherwise there."
    )


def _recursion(f: Failure) -> str:
    if not f.is_a("RecursionError"):
        return ""
    return "The function calls itself again and again, without an end. Another function of the same name is hidden by yours."


def _truth(f: Failure) -> str:
    if "truth value of an array" not in f.message:
        return ""
    return (
        "`if`, `and`, `or` and `not` want one True or False, and this is an array of them. Whether there is a mask at all is "
        "another question than what is in it."
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
        return f"Axis {found[2]} has the places 0 to {int(found[3]) - 1}, and place {found[1]} is asked for."
    if "boolean index did not match" in f.message:
        return "A boolean index has to be as long as the axes that it indexes."
    if "tuple index out of range" in f.message:
        return "The tuple is shorter than that. A shape has as many entries as the array has axes."
    if "list index out of range" in f.message:
        return "The list is shorter than that."
    return ""


def _unpack(f: Failure) -> str:
    if found := re.search(r"not enough values to unpack \(expected (\d+), got (\d+)\)", f.message):
        return f"There are {found[2]} values for {found[1]} names. A shape has as many entries as the array has axes: leading axes may be missing."
    if found := re.search(r"too many values to unpack \(expected (\d+)", f.message):
        return f"There are more than {found[1]} values for {found[1]} names. A shape has as many entries as the array has axes, leading ones included."
    return ""


def _in_place(f: Failure) -> str:
    if "Cannot cast ufunc" not in f.message:
        return ""
    return "The array holds whole numbers, and a change in place keeps its dtype, so fractions have no place in it."


def _arguments(f: Failure) -> str:
    if "read-only" in f.message:
        return "This array may be read only: it shares its numbers with another one."
    if re.search(r"missing \d+ required", f.message):
        return "The call gives fewer arguments than the function's first line asks for."
    if re.search(r"takes (from \d+ to )?\d+ positional arguments? but \d+ w", f.message):
        return "The call gives more arguments than the function's first line has names for."
    if re.search(r"takes at most \d+ argument", f.message):
        return "The call gives more arguments than the function takes."
    return ""


def _others(f: Failure) -> str:
    if f.is_a("ModuleNotFoundError", "ImportError"):
        return "That package is not here: this course needs NumPy alone."
    if f.is_a("KeyError"):
        return "The dict has no such key."
    if f.is_a("ZeroDivisionError"):
        return "A number is divided by 0."
    if "einstein sum" in f.message or "einsum" in f.message or f.form == "call einsum":
        return "In `einsum`, a letter stands for one length wherever it occurs, and each array needs as many letters as axes."
    if "unsupported operand type" in f.message or "can't multiply sequence" in f.message:
        return "What meets here are not two arrays or numbers: a list, a function or a text does not calculate."
    if "zero-size array to reduction" in f.message:
        return (
            "An array without any entries has no largest or smallest one: a slice or a block before it came out empty."
        )
    if "inhomogeneous" in f.message:
        return "The items of the list have different shapes, so they make no array."
    if "object is not subscriptable" in f.message:
        return "Square brackets index an array, a list or a dict, and this is none: a function is called with round brackets."
    if "object is not iterable" in f.message:
        return "This is a single value, and several are asked for one by one."
    if "repeats may not contain" in f.message or "negative dimensions" in f.message:
        return "A length cannot be negative."
    return ""


# NumPy's own words on `@` with None say nothing of None; `view` and joins before what their messages would mean elsewhere.
FAILURES: tuple[Rule, ...] = (
    _none,
    _view,
    _shape_argument,
    _concatenate,
    _product,
    _broadcast,
    _transpose_arguments,
    _transpose_axes,
    _attribute,
    _size_called,
    _keyword,
    _reshape,
    _float_size,
    _name,
    _recursion,
    _truth,
    _axis,
    _index,
    _unpack,
    _in_place,
    _arguments,
    _others,
)
