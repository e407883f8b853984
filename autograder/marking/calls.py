"""Calling a learner's function and writing down everything that happened."""

from __future__ import annotations

import contextlib
import io
import re
import traceback
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from .compare import identical

PRINTED_AT_MOST = 400
# One frame of a formatted traceback: the line's number, the function, the line itself.
FRAME = re.compile(r'^ *File "[^"]*", line (\d+), in (\S+)\n(?: {4,}(\S.*))?', re.MULTILINE)


@dataclass(frozen=True)
class Observation:
    """One call: what came back, or what was raised; and what it did besides.

    changed   names or positions of the arguments that the call changed in place
    """

    value: Any = None
    error: BaseException | None = None
    printed: str = ""
    changed: tuple[str, ...] = ()

    @property
    def raised(self) -> bool:
        return self.error is not None

    @property
    def unwritten(self) -> bool:
        return isinstance(self.error, NotImplementedError)

    def trace(self) -> str:
        """The learner's own frames of the error, the last ones, without this package's."""
        if self.error is None:
            return ""
        lines = [f"line {number}, in {name}: {line}" if line else f"in {name}" for number, name, line in self._frames()]
        return "\n".join([*lines[-3:], f"{type(self.error).__name__}: {self.error}"])

    def _frames(self) -> list[tuple[object, str, str | None]]:
        # An error that a grading engine brings from the learner's process has its frames there as text.
        told = getattr(self.error, "learner_traceback", "")
        if told:
            return [(int(found[1]), found[2], found[3]) for found in FRAME.finditer(told)]
        assert self.error is not None
        frames = traceback.extract_tb(self.error.__traceback__)
        return [(f.lineno, f.name, f.line) for f in frames if not _ours(f.filename)]


def copied(value: Any) -> Any:
    """A value apart from the arrays, lists and dicts in it, which a call could still change."""
    if isinstance(value, np.ndarray):
        return value.copy(order="K")
    if type(value) in (list, tuple):
        return type(value)(copied(item) for item in value)
    if type(value) is dict:
        return {key: copied(item) for key, item in value.items()}
    return value


def _ours(filename: str) -> bool:
    return any(f"/autograder/{part}/" in filename.replace("\\", "/") for part in ("marking", "checks"))


@contextlib.contextmanager
def silence() -> Iterator[None]:
    """No warnings: wrong functions divide by zero, overflow and worse."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        yield


def trusted(function: Callable[..., Any], args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Observation:
    """Call one of our own functions, which neither print nor change their arguments: many times faster than `observe`."""
    with np.errstate(all="ignore"):
        return quietly(function, args, kwargs)


def quietly(function: Callable[..., Any], args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Observation:
    """As `trusted`, for many calls within one `silence()`: entering it takes as long as a small function."""
    try:
        return Observation(function(*args, **kwargs))
    except Exception as error:
        return Observation(error=error)


def observe(function: Callable[..., Any], args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Observation:
    """Call `function` on copies of the arguments; nothing it prints, warns or raises gets out.

    Floating-point warnings are silenced: an overflow shows in the values, and nbgrader gives 0 for text on stderr.
    """
    return call(function, *copied((args, dict(kwargs))), before=(args, kwargs))


def call(
    function: Callable[..., Any],
    args: tuple[Any, ...],
    kwargs: Mapping[str, Any],
    *,
    before: tuple[tuple[Any, ...], Mapping[str, Any]],
) -> Observation:
    """As `observe`, on the very arguments given; `before` holds what they were, to tell which ones the call changed."""
    output = io.StringIO()
    value: Any = None
    error: BaseException | None = None
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output), silence():
        try:
            value = copied(function(*args, **kwargs))
        except (Exception, SystemExit) as raised:  # a learner's exit() must not end the notebook
            error = raised
    changed = [str(i) for i, (old, new) in enumerate(zip(before[0], args, strict=True)) if not identical(old, new)]
    changed += [name for name, old in before[1].items() if not identical(old, kwargs[name])]
    return Observation(value, error, output.getvalue()[:PRINTED_AT_MOST], tuple(changed))
