"""What the learner's process does: run cells, and answer calls from the test cells on the other side.

Nothing here is trusted by the other side. It is written to serve honest code well and to fail in clear words.
"""

from __future__ import annotations

import builtins
import contextlib
import copy
import importlib
import inspect
import operator
import os
import random
import re
import sys
import types
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from .shared import tables, wire
from .shared.shell import Output, Shell, format_error

_EXCEPTIONS = {
    f"builtins.{name}": t for name, t in vars(builtins).items() if isinstance(t, type) and issubclass(t, Exception)
}
_SETUP_NAMES = frozenset({"In", "Out", "exit", "quit", "get_ipython", "open", "display"})
_SHELL_NAME = re.compile(r"_+|_i*\d*|_(ih|oh|dh)|__\w+__").fullmatch  # IPython's own history
_MAX_HANDLES = 100_000
_MAX_OBJECTS = 90_000  # The rest is for the functions and types of later cells.


def _array(value: Any) -> Any:
    if not hasattr(value, "__array__"):
        raise TypeError(f"a {type(value).__name__} is no array of numbers")
    return np.asarray(value)


def _isinstance(value: Any, kind: Any) -> bool:
    return isinstance(value, kind)


def _call(target: Any, *args: Any, **kwargs: Any) -> Any:
    return target(*args, **kwargs)


def _signature(target: Any) -> list[tuple[str, int, bool]]:
    parameters = inspect.signature(target).parameters.values()
    return [(p.name, int(p.kind), p.default is not p.empty) for p in parameters]


_OPERATORS = (
    "getitem setitem delitem index neg pos abs invert add sub mul truediv floordiv mod pow matmul and_ or_ xor "
    "eq ne lt le gt ge lshift rshift iadd isub imul itruediv ifloordiv imod ipow imatmul"
)
_REFLECTED = "add sub mul truediv floordiv mod pow matmul and_ or_ xor"
OPERATIONS: dict[str, Callable[..., Any]] = {
    "call": _call,
    "getattr": getattr,
    "setattr": setattr,
    "delattr": delattr,
    "dir": dir,
    "signature": _signature,
    "isinstance": _isinstance,
    "issubclass": issubclass,
    "array": _array,
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    "int": int,
    "float": float,
    "complex": complex,
    "str": str,
    "repr": repr,
    "format": format,
    "len": len,
    "bool": bool,
    "contains": operator.contains,
    "iter": iter,
    "next": next,
    "reversed": reversed,
    "round": round,
    "divmod": divmod,
    "enter": lambda manager: type(manager).__enter__(manager),
    "exit": lambda manager, *args: type(manager).__exit__(manager, *args),
    **{name: getattr(operator, name) for name in _OPERATORS.split()},
    **{
        "r" + name: (lambda function: lambda right, left: function(left, right))(getattr(operator, name))
        for name in _REFLECTED.split()
    },
}


class Session:
    """One learner's notebook: an IPython shell behind a channel."""

    def __init__(self, shell: Shell, channel: wire.Channel, record: Callable[..., Any]) -> None:
        self.shell, self.channel = shell, channel
        # What a call computes on the way, for a report to show: as true as the learner's side is.
        self.operations = {**OPERATIONS, "recorded": lambda target, *args, **kwargs: record(target, args, kwargs)}
        self.handles: list[Any] = []
        self.numbers: dict[int, int] = {}
        self.callbacks: dict[int, Any] = {}
        self.hidden = frozenset(shell.user_ns) | _SETUP_NAMES
        self.seen: dict[str, tuple[int, type]] = {}
        self.filters = list(warnings.filters)
        self.busy = False
        self.process = os.getpid()

    def interrupt(self, *_: Any) -> None:
        """The handler for SIGINT: stop the learner's code, but never the machinery around it."""
        if self.busy:
            raise KeyboardInterrupt

    def serve(self) -> None:
        """Answer until the other side is gone."""
        while True:
            try:
                request = self.channel.recv()
            except wire.Closed:
                return
            self.send(self.answer(request))

    def send(self, reply: bytes) -> None:
        """Send a reply. A copy of this process, made by os.fork() in a cell or a call, ends here instead."""
        if os.getpid() != self.process:
            os._exit(0)
        self.channel.send(reply)

    def answer(self, data: bytes) -> bytes:
        """The reply to one request, as bytes."""
        reply: dict[str, Any] = {"changed": None}
        with self.shell.capture() as outputs, warnings.catch_warnings(record=True) as caught:
            warnings.resetwarnings()
            warnings.filters[:] = self.filters  # type: ignore[index]
            try:
                op, arguments, context = wire.decode(data, self.decode)
                self.adopt(context)
                if op == "cell":
                    reply["ok"] = self.run_cell(arguments, caught)
                elif op == "get":
                    reply["ok"] = self.shell.user_ns[arguments]
                elif op == "del":
                    del self.shell.user_ns[arguments]
                    reply["ok"] = None
                else:
                    reply["ok"], reply["changed"] = self.operate(op, *arguments)
            except BaseException as error:
                self.busy = False
                reply["error"] = self.describe(error)
        reply["warnings"] = [_warning(w) for w in caught[:100]]
        return self.pack(reply, outputs.items)

    def pack(self, reply: dict[str, Any], outputs: list[Output]) -> bytes:
        reply["outputs"] = _plain_outputs(outputs)
        names = {k: v for k, v in list(self.shell.user_ns.items()) if k not in self.hidden and not _SHELL_NAME(k)}
        now = {k: (id(v), type(v)) for k, v in names.items()}
        if now != self.seen:
            reply["names"] = {name: self.kind(value) for name, value in names.items()}
            self.seen = now
        try:
            return wire.encode(reply, self.encode)
        except BaseException as error:
            for key in ("ok", "changed"):
                reply.pop(key, None)
            reply["error"] = self.describe(wire.NotPlain(f"the answer cannot be sent on: {error}"))
            return wire.encode(reply, self.encode)

    def run_cell(self, source: str, caught: list[Any]) -> list[Output]:
        # A cell shows its own warnings; only those of calls travel to the test cell.
        with warnings.catch_warnings():
            warnings.showwarning = _show_warning
            self.busy = True
            outputs, _ = self.shell.run(source)
            self.busy = False
            self.filters = list(warnings.filters)
        caught.clear()
        return _plain_outputs(outputs)

    def operate(self, op: str, args: list[Any], kwargs: dict[str, Any]) -> tuple[Any, Any]:
        """The result, and those arguments that the call changed in place."""
        before = [_fingerprint(arg) for arg in args]
        self.busy = True
        result = self.operations[op](*args, **kwargs)
        self.busy = False
        for number, arg in enumerate(args):
            if result is arg and before[number] is not None:
                result = _Same(number)
                break
        changed = {n: arg for n, arg in enumerate(args) if before[n] is not None and before[n] != _fingerprint(arg)}
        return result, changed or None

    def adopt(self, context: dict[str, Any] | None) -> None:
        """Take over what surrounds a call on the other side: random state and NumPy's error handling."""
        if not context:
            return
        if context.get("warnings"):
            # The test cell has filters of its own: it gets every warning and applies them.
            warnings.simplefilter("always")
        if "numpy" in context:
            np.random.set_state(context["numpy"])
        if "random" in context:
            random.setstate(context["random"])
        if "errors" in context:
            np.seterr(**context["errors"])

    def describe(self, error: BaseException) -> dict[str, Any]:
        kinds = [_name(t) for t in type(error).__mro__]
        try:
            args = wire.decode(wire.encode(error.args, limit=100_000))
        except Exception:
            args = None
        try:
            message = str(error)
        except Exception:
            message = "[its message cannot be shown]"
        text = "\n".join(format_error(error, error.__traceback__))
        return {
            "kinds": kinds[:20], "message": message[:10_000], "args": args, "own": self.own(error),
            "traceback": text[-20_000:],
        }  # fmt: skip

    def own(self, error: BaseException) -> list[Any] | None:
        """The class of an error that is the learner's, and what the error knows that is plain data."""
        if not isinstance(error, Exception) or _name(type(error)) in _EXCEPTIONS:
            return None
        known = {}
        for name, value in list(vars(error).items()):
            with contextlib.suppress(Exception):
                wire.encode(value, limit=100_000)
                known[name] = value
        return [type(error), known]

    def kind(self, value: Any) -> Any:
        """What the other side needs to know of a name: a module, something to call, or a value to ask for."""
        if isinstance(value, types.ModuleType):
            return {"module": str(value.__name__)}
        if isinstance(value, type | types.FunctionType | types.BuiltinFunctionType | np.ufunc):
            return value
        return None

    def encode(self, value: Any, node: Any) -> Any:
        """A node for what is no plain data: a handle, which the other side can call and ask."""
        if type(value) is _Same:
            return ["same", value.number]
        if type(value) is _Callback:
            return ["cb", value.number]
        number, kind = self.numbers.get(id(value)), _kind(value)
        if number is None:
            if len(self.handles) >= (_MAX_HANDLES if kind in ("type", "function") else _MAX_OBJECTS):
                raise wire.NotPlain("too many objects that are no plain data")
            number = self.numbers[id(value)] = len(self.handles)
            self.handles.append(value)
        bases, parents = [], []
        if kind == "type" and issubclass(value, Exception):
            bases = [_name(t) for t in value.__mro__]
            own = [t for t in value.__bases__ if issubclass(t, Exception) and _name(t) not in _EXCEPTIONS]
            parents = [self.encode(t, node) for t in own]
        name = getattr(value, "__name__", "") if kind in ("type", "function") else ""
        return ["h", number, kind, type(value).__name__, name if type(name) is str else "", bases, parents]

    def decode(self, node: list[Any], value: Callable[[Any], Any]) -> Any:
        tag = node[0]
        if tag == "h":
            return self.handles[node[1]]
        if tag == "cb":
            return self.callbacks.setdefault(node[1], _Callback(self, node[1], node[2]))
        if tag == "ref":
            target: Any = importlib.import_module(node[1])
            for part in node[2].split(".") if node[2] else []:
                target = getattr(target, part)
            return target
        if tag == "rng":
            return _generator(value(node[1]))
        raise wire.Broken("an unknown kind of value")

    def call_back(self, number: int, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Call a function of the test cell and wait for its result; meanwhile it may call us."""
        wire.encode([args, kwargs], self.encode)  # Raises here, in the learner's code, what cannot be sent.
        busy, self.busy = self.busy, False
        outputs = self.shell.outputs
        items, outputs.items = outputs.items, []
        self.send(self.pack({"callback": [number, list(args), kwargs]}, items))
        while True:
            data = self.channel.recv()
            op, arguments, _ = wire.decode(data, self.decode)
            if op != "returned":
                self.send(self.answer(data))
                continue
            self.busy = busy
            if "error" in arguments:
                name, message = arguments["error"]
                raise _EXCEPTIONS.get(f"builtins.{name}", RuntimeError)(message)
            return arguments["ok"]


class _Same:
    """Stands for "the argument with this number" in a result."""

    def __init__(self, number: int) -> None:
        self.number = number


class _Callback:
    """A function of the test cell, as the learner's code sees it."""

    def __init__(self, session: Session, number: int, name: str) -> None:
        self._session, self.number, self.__name__ = session, number, name

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._session.call_back(self.number, args, kwargs)


def _name(kind: type) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"


def _kind(value: Any) -> str:
    if isinstance(value, type):
        return "type"
    if isinstance(value, types.FunctionType | types.BuiltinFunctionType | types.MethodType | np.ufunc):
        return "function"
    if callable(value):
        return "callable"
    return "iterator" if hasattr(type(value), "__next__") else "object"


def _fingerprint(value: Any) -> Any:
    if type(value) is np.ndarray and not value.dtype.hasobject:
        return value.shape, value.dtype, value.tobytes()
    if isinstance(value, list | dict | set | bytearray | np.ndarray) or tables.is_table(value):
        try:
            return wire.encode(value)
        except wire.NotPlain:
            return b"no plain data"
    return None


def _warning(message: warnings.WarningMessage) -> list[Any]:
    return [message.category.__name__, str(message.message)[:2000], str(message.filename)[:200], message.lineno]


def _show_warning(message: Any, category: Any, filename: str, lineno: int, file: Any = None, line: Any = None) -> None:
    (file or sys.stderr).write(warnings.formatwarning(message, category, filename, lineno, line))


def _plain_outputs(outputs: list[Output]) -> list[Output]:
    """Outputs with the kinds of data that are kept: text and pictures as base64."""
    kept = []
    for output in outputs:
        if "data" in output:
            data = {k: v for k, v in output["data"].items() if isinstance(k, str) and isinstance(v, str)}
            output = {**output, "data": data, "metadata": {}}
        kept.append(output)
    return kept


def _generator(state: dict[str, Any]) -> Any:
    if state["kind"] == "random":
        stream = random.Random()
        stream.setstate(state["state"])
        return stream
    bits = getattr(np.random, state["state"]["bit_generator"])()
    bits.state = state["state"]
    return np.random.Generator(bits) if state["kind"] == "generator" else np.random.RandomState(bits)
