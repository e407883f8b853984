"""Values that cross to the learner's side, and what the learner's code made of a test's arguments."""

from __future__ import annotations

import importlib
import random
import sys
import types
from typing import Any

import numpy as np

from .jailed.shared import tables
from .jailed.shared.wire import NotPlain

_PUBLIC = frozenset(sys.stdlib_module_names) | {"numpy", "scipy", "pandas"}


def change(old: Any, new: Any) -> None:
    """Put into `old`, a test's argument, what the learner's code made of it."""
    if isinstance(old, np.ndarray):
        if isinstance(new, np.ndarray) and new.size == old.size and old.flags.c_contiguous:
            old.shape = new.shape  # the same memory, seen in another shape
        if not _fits(old, new):
            # Resizing it here would free memory that a view of the test's may still show.
            raise NotPlain("the submitted code gave an array of the test's another size or type in place")
        np.copyto(old, new)
    elif tables.is_table(old) and type(old) is type(new):
        tables.replace_content(old, new)
    elif isinstance(old, list) and isinstance(new, list):
        for index in range(min(len(old), len(new))):
            same = type(old[index]) is type(new[index])
            if same and (isinstance(new[index], list | dict | set) or _fits(old[index], new[index])):
                change(old[index], new[index])
                new[index] = old[index]
        old[:] = new
    elif (isinstance(old, dict) and isinstance(new, dict)) or (isinstance(old, set) and isinstance(new, set)):
        old.clear()
        old.update(new)
    elif isinstance(old, bytearray) and isinstance(new, bytearray):
        old[:] = new


def _fits(old: Any, new: Any) -> bool:
    """Whether an array's content can be copied into another as it is."""
    return (
        isinstance(old, np.ndarray)
        and isinstance(new, np.ndarray)
        and new.shape == old.shape
        and new.dtype == old.dtype
        and old.flags.writeable
    )


def random_state(value: Any) -> dict[str, Any] | None:
    """The state of a random generator; a copy of it goes over, so the test's own is not advanced."""
    if isinstance(value, np.random.Generator):
        return {"kind": "generator", "state": value.bit_generator.state}
    if isinstance(value, np.random.RandomState):
        return {"kind": "random_state", "state": value.get_state(legacy=False)}
    if type(value) is random.Random:
        return {"kind": "random", "state": value.getstate()}
    return None


def public_name(value: Any) -> tuple[str, str] | None:
    """Where both sides can import the same thing from: a function, type or module of Python's own or NumPy."""
    if isinstance(value, types.ModuleType):
        return (value.__name__, "") if value.__name__.partition(".")[0] in _PUBLIC else None
    if isinstance(value, np.ufunc):
        name = str(value.__name__)
        return ("numpy", name) if getattr(np, name, None) is value else None
    module: Any = getattr(value, "__module__", None)
    name = getattr(value, "__qualname__", "")
    if not isinstance(module, str) or not isinstance(name, str) or module.partition(".")[0] not in _PUBLIC:
        return None
    try:
        target: Any = importlib.import_module(module)
        for part in name.split("."):
            target = getattr(target, part)
    except (ImportError, AttributeError):
        return None
    return (module, name) if target is value else None
