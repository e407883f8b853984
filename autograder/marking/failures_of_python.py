"""What Python raises in a learner's code, and names of other libraries that arrays do not have: rules on the real messages."""

from __future__ import annotations

import re

from .failed import Failure, Rule

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


def _float_size(f: Failure) -> str:
    if "'float' object cannot be interpreted as an integer" in f.message:
        return "A size has to be an int, and this one is a float. `/` always gives a float, even where nothing is left over."
    if "slice indices must be integers" in f.message:
        return "A slice takes ints, and this one has a float or an array in it. `/` always gives a float."
    if "only integers, slices" in f.message:
        return "An index has to be an int, a slice, or an array of ints or booleans. `/` always gives a float."
    if "'numpy.float64' object cannot be interpreted as an integer" in f.message:
        return "This has to be an int, and it is a float."
    return ""


_NONE = (
    "None stands where an array should be. A function without a `return` returns None, and so do the methods that change an "
    "array in place."
)


def none(f: Failure) -> str:
    met = any(part.what == "None" for part in f.parts)
    if "NoneType" in f.message or (met and f.is_a("TypeError", "ValueError", "AttributeError")):
        if any("mask" in part.text for part in f.parts if part.what == "None"):
            return "None stands where an array should be: this call gives no mask, and then the argument is None."
        return _NONE
    return ""


def _name(f: Failure) -> str:
    if f.is_a("UnboundLocalError"):
        return "This name gets its value inside the function, and the line uses it before that."
    found = re.search(r"name '(\w+)' is not defined", f.message)
    if not found:
        return ""
    if found[1] in ("np", "numpy"):
        return "NumPy has not been imported: run the cell with the import."
    if found[1] in ("torch", "F", "nn"):
        return "PyTorch is not used here: this course works with NumPy alone."
    return (
        f"There is no `{found[1]}` yet. Either the cell that defines it has not been run since the kernel started, or "
        "the name is spelled differently there."
    )


def _recursion(f: Failure) -> str:
    if not f.is_a("RecursionError"):
        return ""
    return "The function calls itself again and again without end. If it should call another function of that name, yours hides that one."


def _unpack(f: Failure) -> str:
    if found := re.search(r"not enough values to unpack \(expected (\d+), got (\d+)\)", f.message):
        return f"There are {found[2]} values for {found[1]} names. A shape has as many entries as the array has axes: leading axes may be missing."
    if found := re.search(r"too many values to unpack \(expected (\d+)", f.message):
        return f"There are more than {found[1]} values for {found[1]} names. A shape has as many entries as the array has axes, leading ones included."
    return ""


def _arguments(f: Failure) -> str:
    if "read-only" in f.message:
        return "This array shares its numbers with another one and cannot be written to."
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
        return "One side of this operation is neither an array nor a number. Lists, functions and texts do not take part in arithmetic."
    if "zero-size array to reduction" in f.message:
        return (
            "An array without any entries has no largest or smallest one: a slice or a block before it came out empty."
        )
    if "inhomogeneous" in f.message:
        return "The items of the list have different shapes, so they make no array."
    if "object is not subscriptable" in f.message:
        return "Square brackets index an array, a list or a dict, and this is none: a function is called with round brackets."
    if "object is not iterable" in f.message:
        return "This is a single value, and the line goes through it as if it were several."
    if "repeats may not contain" in f.message or "negative dimensions" in f.message:
        return "A length cannot be negative."
    return ""


OF_VALUES: tuple[Rule, ...] = (
    _attribute,
    _size_called,
    _keyword,
    _float_size,
    _name,
    _recursion,
    _unpack,
    _arguments,
    _others,
)
