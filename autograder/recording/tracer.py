"""One call of a learner's function, watched: every array that appears in the learner's own frames.

The call is watched by `sys.settrace`, only the learner's code, and only so far: events, arrays, bytes and seconds are bounded,
after which the call is broken off. Nothing the call does to random numbers or to its arguments stays.
"""

from __future__ import annotations

import contextlib
import io
import os
import random
import sys
import sysconfig
import time
import types
import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from .expressions import computed, parts
from .failure import failure

EVENTS, NOTES, BYTES, BYTES_EACH, SECONDS = 20_000, 400, 2_000_000, 200_000, 1.0
ROUNDS = 6  # of a loop: enough for every head, not for every number
_SKIPPED = frozenset({"<listcomp>", "<genexpr>", "<setcomp>", "<dictcomp>", "<module>"})
_GENERATOR = 0x20 | 0x80 | 0x200
_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
# Code that is nobody's answer: Python's, what is installed, and ours.
_ELSEWHERE = (
    *(sysconfig.get_paths()[name] + os.sep for name in ("stdlib", "platstdlib", "purelib", "platlib")),
    *(
        os.path.join(_PACKAGE, part) + os.sep
        for part in ("checks", "marking", "mistakes", "notebook", "recording", "sandbox")
    ),
    "<frozen",
    "<__array_function__",
    "/line/",
)


class _Enough(BaseException):
    """Ends a call that has been watched for long enough."""


def record(function: Callable[..., Any], args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> dict[str, Any]:
    """Call a function on copies of the arguments and tell what appeared, as plain data.

    notes  a list [text, kind, depth, value] for every array, in the order in which they appeared. The text is a name, an
           expression or a function's name; kind is "name", "part", "returned" or "result"; depth counts the calls from the
           function itself (0); the value is an array, or a list of arrays of one shape as an array whose first axis is the list
    error  how the call failed, see `failure`; None where it returned
    cut    whether it was broken off, because there was too much of it
    """
    if sys.gettrace() is not None:  # a debugger is watching already
        return {"notes": [], "error": None, "cut": True}
    watch = _Watch()
    error, cut = None, False
    with _as_it_was(), _unheard():
        args, kwargs = _copied(args), _copied(dict(kwargs))
        sys.settrace(watch.enter)
        try:
            result = function(*args, **kwargs)
            sys.settrace(None)
            watch.note("result", "result", 0, result)
        except _Enough:
            cut = True
        except (Exception, SystemExit) as raised:
            sys.settrace(None)
            error = failure(raised, is_learners)
        finally:
            sys.settrace(None)
    return {"notes": watch.notes, "error": error, "cut": cut or watch.broken}


def is_learners(code: types.CodeType) -> bool:
    """Whether code was written by a learner: in a cell, or in a file beside the notebook."""
    return not code.co_filename.startswith(_ELSEWHERE)


@contextlib.contextmanager
def _as_it_was() -> Iterator[None]:
    """Random numbers go on afterwards as if nothing had been."""
    theirs, numpys = random.getstate(), np.random.get_state()
    try:
        yield
    finally:
        random.setstate(theirs)
        np.random.set_state(numpys)


@contextlib.contextmanager
def _unheard() -> Iterator[None]:
    sink = io.StringIO()
    with contextlib.redirect_stdout(sink), contextlib.redirect_stderr(sink), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with np.errstate(all="ignore"):
            yield


def _copied(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return value.copy(order="K")
    if type(value) in (list, tuple):
        return type(value)(map(_copied, value))
    if type(value) is dict:
        return {key: _copied(item) for key, item in value.items()}
    return value


@dataclass
class _Open:
    """A frame that runs: how deep it lies, and what its names held when they were last looked at."""

    depth: int
    held: dict[str, tuple[int, int]] = field(default_factory=dict)


class _Watch:
    def __init__(self) -> None:
        self.notes: list[list[Any]] = []
        self.events = self.bytes = 0
        self.ends = time.monotonic() + SECONDS
        self.rounds: Counter[tuple[Any, ...]] = Counter()
        self.open: dict[int, _Open] = {}
        self.broken = False

    def enter(self, frame: types.FrameType, event: str, arg: Any) -> Callable[..., Any] | None:
        if self.broken or not is_learners(frame.f_code):
            return None
        known = _Open(len(self.open))
        self.open[id(frame)] = known
        with contextlib.suppress(Exception):
            for name, value in frame.f_locals.items():
                if (mark := _mark(value)) is not None:
                    known.held[name] = mark
                    if known.depth and name.isidentifier() and self._first_rounds(frame.f_code, "given", name):
                        self.note(name, "name", known.depth, value)
        return self.within

    def within(self, frame: types.FrameType, event: str, arg: Any) -> Callable[..., Any] | None:
        self.events += 1
        if self.events > EVENTS or time.monotonic() > self.ends or len(self.notes) >= NOTES or self.bytes > BYTES:
            self.broken = True
            raise _Enough
        try:
            self._look(frame, event, arg)
        except Exception:  # an object of the learner's that fails when it is looked at
            self.broken = True
            return None
        return self.within

    def _look(self, frame: types.FrameType, event: str, arg: Any) -> None:
        known = self.open.get(id(frame))
        if known is None:
            return
        code = frame.f_code
        for name, value in list(frame.f_locals.items()):
            mark = _mark(value)
            if mark is not None and known.held.get(name) != mark and name.isidentifier():
                known.held[name] = mark
                if self._first_rounds(code, name):
                    self.note(name, "name", known.depth, value)
        if event == "line":
            for text, node in parts(code, frame.f_lineno):
                if self._first_rounds(code, frame.f_lineno, text):
                    self._note_part(text, node, frame, known.depth)
        elif event == "return":
            self.open.pop(id(frame), None)
            shown = arg is not None and known.depth and code.co_name not in _SKIPPED and not code.co_flags & _GENERATOR
            if shown and self._first_rounds(code, "returned"):
                self.note(f"{code.co_name.strip('<>')}(…)", "returned", known.depth, arg)

    def _first_rounds(self, *key: Any) -> bool:
        self.rounds[key] += 1
        return self.rounds[key] <= ROUNDS

    def _note_part(self, text: str, node: Any, frame: types.FrameType, depth: int) -> None:
        with contextlib.suppress(Exception):
            self.note(text, "part", depth, computed(node, {**frame.f_globals, **frame.f_locals}))

    def note(self, text: str, kind: str, depth: int, value: Any) -> None:
        """Note a value that is an array or several of one shape; several results of a function one by one."""
        if (
            type(value) in (tuple, list)
            and kind in ("returned", "result")
            and len(value) <= 4
            and _array(value) is None
        ):
            for i, item in enumerate(value):
                self.note(f"{text}[{i}]", kind, depth, item)
            return
        array = _array(value)
        if array is not None:
            self.bytes += array.nbytes
            self.notes.append([text, kind, depth, array])


def _array(value: Any) -> np.ndarray[Any, Any] | None:
    if type(value) is list and value and all(type(item) is np.ndarray for item in value):
        if len(value) > 64 or len({item.shape for item in value}) > 1:
            return None
        value = np.stack(value)
    if type(value) is not np.ndarray or value.dtype.kind not in "biuf" or not value.ndim or value.nbytes > BYTES_EACH:
        return None
    return value.copy()


def _mark(value: Any) -> tuple[int, int] | None:
    """What tells whether a name holds the same as before; None for what is no array."""
    if type(value) is np.ndarray:
        return id(value), hash(value.tobytes()) if value.nbytes <= BYTES_EACH and not value.dtype.hasobject else 0
    if type(value) is list and value and type(value[-1]) is np.ndarray:
        return id(value), len(value)
    return None
