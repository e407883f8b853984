"""The test side's end of the line: asks the learner's process, and believes nothing but plain data."""

from __future__ import annotations

import builtins
import re
import sys
import time
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from .arguments import change, public_name, random_state
from .jail import Workspace
from .jailed.shared import wire
from .jailed.shared.shell import Output, Shell
from .jailed.shared.wire import NotPlain
from .learner_scores import is_traceable
from .names import Handle, describe, make_handle, number_of
from .outcome import CellOutcome
from .outputs import MAX_CELL, cost_of, error_output, plain_text, safe_outputs
from .raised import Own, base_of, make_exception, no_end_of_a_loop, own_class
from .randomness import RandomStates
from .settings import Limits

_MAX_HANDLES = 100_000
# What a learner's object says of itself; a test's author has to ask for it.
_JUDGED = {
    name: f"cannot compare it with anything ({name})" for name in ("eq", "ne", "lt", "le", "gt", "ge", "contains")
}
_JUDGED["bool"] = "cannot ask whether it is true"
_MISSING = re.compile(r"name '(\w{1,100})' is not defined")


class CallTimeout(TimeoutError):
    """The learner's code was not finished in time and was interrupted."""


class WorkspaceGone(BaseException):
    """The learner's process ended. No test can go on; BaseException, so that no test catches it by accident."""


class Line:
    """Requests to one workspace.

    deadline   bounds everything that the current cell asks for (time.monotonic)
    asking     whether the current cell lets the learner's objects be compared, as they themselves say
    watch      whether calls may be watched, for a report to show what they compute
    watched    whether the learner's process ended in a watched call
    is_tests   whether a test cell defines a name
    """

    def __init__(self, workspace: Workspace, shell: Shell, limits: Limits) -> None:
        self.workspace, self.shell, self.limits = workspace, shell, limits
        self.channel = wire.Channel(workspace.line)
        self.deadline = time.monotonic() + limits.cell_seconds
        self.room = limits.output_bytes  # for what the learner's cells show
        self.dead = ""
        self.asking = False
        self.watch, self.watched = True, False
        self.is_tests: Callable[[str], bool] = lambda name: False
        self.names: dict[str, Any] = {}
        self.handles: dict[int, Any] = {}
        self.callbacks: list[Callable[..., Any]] = []
        self.raised: Exception | None = None
        self.received: list[Any] = []  # numbers, since the cell began
        self.filters = list(warnings.filters)
        self.errors = np.geterr()
        self.random = RandomStates()

    def begin(self, deadline: float) -> None:
        """Block until the learner's process is shut in and waits for requests. Raises wire.Closed, Late or Broken."""
        if self.channel.recv(deadline) != wire.READY:
            raise wire.Broken("no sign that it is ready")

    def cell(self, source: str) -> tuple[list[Output], CellOutcome]:
        """Run a cell of the learner's: its outputs, made safe, and how it ended. Does not raise on the learner's errors."""
        with self.shell.capture() as beside:  # what comes beside the cell's outputs must not get to our terminal
            outputs, outcome = self._cell(source)
        self.room -= cost_of(outputs)
        if beside.items:
            more = safe_outputs(beside.items, limit=min(MAX_CELL, self.room))
            self.room -= cost_of(more)
            outputs += more
        return outputs, outcome

    def _cell(self, source: str) -> tuple[list[Output], CellOutcome]:
        try:
            outputs = safe_outputs(self._exchange("cell", source, None), limit=min(MAX_CELL, self.room))
        except CallTimeout as error:
            return [error_output("CellTimeoutError", str(error))], CellOutcome.TIMEOUT
        except WorkspaceGone:
            return [], CellOutcome.STOPPED
        except Exception as error:
            return [error_output(type(error).__name__, plain_text(error))], CellOutcome.ERROR
        errors = [output for output in outputs if output["output_type"] == "error"]
        for told in errors:
            told["evalue"] += self._about_name(told["ename"], told["evalue"])
        failed = bool(errors)
        return outputs, CellOutcome.ERROR if failed else CellOutcome.OK

    def fetch(self, name: str) -> Any:
        """The present value of one of the learner's global names."""
        return self._exchange("get", name, None)

    def forget(self, name: str) -> None:
        """Delete one of the learner's global names."""
        self._exchange("del", name, None)

    def _about_name(self, kind: str, message: str) -> str:
        """What to add to an error that says that a name is missing, where a test cell defines it."""
        found = _MISSING.search(message) if kind == "NameError" else None
        if found is None or not self.is_tests(found[1]):
            return ""
        return f" (`{found[1]}` is defined by a test cell; submitted code cannot use what test cells define)"

    def request(self, op: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Do `op` on the learner's side; raises there become the same exception here."""
        if op in _JUDGED and not self.asking:
            raise NotPlain(f"{describe(args[0])} is no plain data, so a test {_JUDGED[op]}")
        if op == "recorded":
            return self._recorded(args, kwargs)
        result = self._exchange(op, [list(args), kwargs], args)
        if op in _JUDGED and not isinstance(result, bool | np.bool_ | np.ndarray | Handle):
            # A number would be a score where the comparison is the last line of a test.
            raise NotPlain(f"comparing {describe(args[0])} gave a {type(result).__name__}, which is no truth value")
        return result

    def _recorded(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """What a call computes on the way; None where calls are not to be watched."""
        if not self.watch:
            return None
        try:
            return self._exchange("recorded", [list(args), kwargs], args)
        except WorkspaceGone:
            self.watched = True
            raise

    def in_step(self) -> None:
        """Both sides have just run the same cell: their random states are in step."""
        self.random.renew()

    def _exchange(self, op: str, arguments: Any, args: tuple[Any, ...] | None) -> Any:
        if self.dead:
            raise WorkspaceGone(self.dead)
        if time.monotonic() >= self.deadline:
            raise self._too_late()
        self._send([op, arguments, self._context()])
        while True:
            reply = self._receive()
            self._show(reply)
            if "callback" not in reply:
                break
            self._send(["returned", self._call_back(*reply["callback"]), None])
        self._warn(reply.get("warnings") or [])
        if "error" in reply:
            raise no_end_of_a_loop(op, self._error(reply["error"]))
        for number, value in (reply.get("changed") or {}).items():
            change(_argument(args, number), value)
        result = reply["ok"]
        if is_traceable(result):
            self.received.append(result)
        return _argument(args, result.number) if type(result) is _Argument else result

    def _send(self, message: list[Any]) -> None:
        data = wire.encode(message, self._encode)
        try:
            self.channel.send(data, self.deadline + self.limits.grace_seconds)
        except (wire.Closed, wire.Late):
            self._gone("the learner's process ended")

    def _receive(self) -> dict[str, Any]:
        interrupted = False
        while True:
            try:
                data = self.channel.recv(self.deadline + (self.limits.grace_seconds if interrupted else 0))
                reply: dict[str, Any] = wire.decode(data, self._decode)
                if not _is_reply(reply):
                    raise wire.Broken("no reply")
                break
            except wire.Late:
                if interrupted:
                    self._gone("the learner's code did not stop when it was interrupted")
                interrupted = True
                self.workspace.interrupt()
            except wire.Closed:
                self._gone("the learner's process ended")
            except wire.Broken as error:
                self._gone(f"the learner's process sent something that is no answer: {error}")
        if interrupted and "callback" not in reply:
            self._show(reply)
            raise self._too_late()
        return reply

    def _gone(self, why: str) -> None:
        self.dead = why
        raise WorkspaceGone(why)

    def _too_late(self) -> CallTimeout:
        return CallTimeout(f"not finished after {self.limits.cell_seconds:g} seconds, and stopped")

    def _context(self) -> dict[str, Any]:
        context: dict[str, Any] = {}
        if (errors := np.geterr()) != self.errors:
            context["errors"] = self.errors = errors
        if warnings.filters != self.filters:
            context["warnings"] = True
        return context | self.random.changed()

    def _show(self, reply: dict[str, Any]) -> None:
        for output in safe_outputs(reply.get("outputs")):
            if output["output_type"] == "stream":
                (sys.stderr if output["name"] == "stderr" else sys.stdout).write(output["text"])
            elif "data" in output and self.shell.outputs.has_room_for(output["data"]):
                self.shell.display_pub.publish(output["data"], {})
        names = reply.get("names")
        if isinstance(names, dict) and len(names) <= 10_000:
            self.names.clear()
            self.names.update((name, known) for name, known in names.items() if isinstance(name, str))

    def _warn(self, caught: Any) -> None:
        for category, text, filename, lineno in caught:
            kind = getattr(builtins, category, None) or getattr(np.exceptions, category, None)
            kind = kind if isinstance(kind, type) and issubclass(kind, Warning) else UserWarning
            warnings.warn_explicit(plain_text(text), kind, _no_file(filename), lineno, "__main__")

    def _call_back(self, number: int, args: list[Any], kwargs: dict[str, Any]) -> dict[str, Any]:
        try:
            value = self.callbacks[number](*args, **kwargs)
            wire.encode(value, self._encode)
            return {"ok": value}
        except Exception as error:
            self.raised = error
            return {"error": [type(error).__name__, str(error)[:10_000]]}

    def _error(self, told: dict[str, Any]) -> BaseException:
        kinds = [kind for kind in told.get("kinds") or [""] if isinstance(kind, str)][:20]
        message = plain_text(told.get("message", ""))[:10_000]
        if self.raised is not None and str(self.raised) == message:
            return self.raised
        if kinds[:1] and kinds[0].endswith("wire.NotPlain"):
            return NotPlain(message)
        about = self._about_name(kinds[0].removeprefix("builtins.") if kinds else "", message)
        match told.get("own"):
            case [type() as kind, dict() as known] if issubclass(kind, Own):
                error: Exception = kind.raised(message, known)
            case _:
                error = make_exception(kinds, message + about, None if about else told.get("args"))
        text = plain_text(told.get("traceback", ""))[-20_000:]
        error.learner_traceback = text  # type: ignore[attr-defined]
        error.add_note(f"In the submitted code:\n{text}")
        return error

    def _decode(self, node: list[Any], value: Callable[[Any], Any]) -> Any:
        if node[0] == "h":
            return self._handle(*node[1:])
        if node[0] == "same":
            return _Argument(int(node[1]))
        if node[0] == "cb":
            return self.callbacks[node[1]]
        raise wire.Broken("an unknown kind of value")

    def _handle(self, number: int, kind: str, type_name: str, name: str, bases: list[str], parents: list[Any]) -> Any:
        if number not in self.handles:
            if len(self.handles) >= _MAX_HANDLES:
                raise wire.Broken("too many objects")
            if type(number) is not int or not all(isinstance(text, str) for text in (kind, type_name, name)):
                raise wire.Broken("not a handle")
            if bases:
                above = tuple(self._handle(*node[1:]) for node in parents[:20])
                made: Any = own_class(name, number, above, base_of(bases))
            else:
                made = make_handle(self.request, number, kind, plain_text(type_name)[:100], plain_text(name)[:100])
            self.handles[number] = made
        return self.handles[number]

    def _encode(self, value: Any, node: Callable[[Any], Any]) -> Any:
        if isinstance(value, Handle):
            return ["h", number_of(value)]
        if isinstance(value, type) and "_learner_number" in vars(value):
            return ["h", vars(value)["_learner_number"]]
        if (state := random_state(value)) is not None:
            return ["rng", node(state)]
        if (reference := public_name(value)) is not None:
            return ["ref", *reference]
        if callable(value):
            number = next((n for n, known in enumerate(self.callbacks) if known is value), len(self.callbacks))
            if number == len(self.callbacks):
                self.callbacks.append(value)
            return ["cb", number, str(getattr(value, "__name__", "callback"))]
        raise NotPlain(f"a {type(value).__name__} object is no plain data, so it cannot be given to the learner's code")


def _no_file(name: Any) -> str:
    """A warning's file as a name that is no file here: Python shows the line of the file that a warning names."""
    return f"<{plain_text(name).strip('<>')}>"


def _is_reply(reply: Any) -> bool:
    """Whether it has the form that a reply has; what is in it is still anything."""
    if not isinstance(reply, dict) or not reply.keys() & {"ok", "error", "callback"}:
        return False
    match reply.get("callback", [0, [], {}]):
        case [int(), list(), dict()]:
            pass
        case _:
            return False
    caught, changed = reply.get("warnings") or [], reply.get("changed") or {}
    return (
        isinstance(reply.get("error", {}), dict)
        and isinstance(changed, dict)
        and all(type(number) is int for number in changed)
        and isinstance(caught, list)
        and len(caught) <= 100
        and all(isinstance(one, list) and list(map(type, one)) == [str, str, str, int] for one in caught)
    )


def _argument(args: tuple[Any, ...] | None, number: int) -> Any:
    if args is None or not 0 <= number < len(args):
        raise NotPlain("the submitted code's answer is about an argument that was not given")
    return args[number]


class _Argument:
    def __init__(self, number: int) -> None:
        self.number = number
