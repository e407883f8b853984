"""An IPython shell whose outputs are collected as notebook outputs, without a kernel, sockets or threads."""

from __future__ import annotations

import base64
import builtins
import contextlib
import io
import os
import sys
import traceback
from collections.abc import Iterator
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Type

MAX_TEXT = 200_000
MAX_LINES = 1_000
MAX_DATA = 8_000_000
MAX_OUTPUTS = 500

Output = dict[str, Any]


class Outputs:
    """What one cell shows, in order, as notebook outputs; what goes beyond the limits is cut, with a note."""

    def __init__(self) -> None:
        self.items: list[Output] = []
        self.text = self.lines = self.data = 0
        self.cut = self.clear_next = False

    def stream(self, name: str, text: str) -> None:
        self._cleared()
        if self.cut or not text:
            return
        kept = text[: MAX_TEXT - self.text]
        rows = kept.count("\n")
        if self.lines + rows > MAX_LINES:
            kept = "\n".join(kept.split("\n", MAX_LINES - self.lines)[: MAX_LINES - self.lines]) + "\n"
            rows = MAX_LINES - self.lines
        self.text += len(kept)
        self.lines += rows
        self._append(name, kept)
        if len(kept) < len(text):
            self._note()

    def _append(self, name: str, text: str) -> None:
        last = self.items[-1] if self.items else None
        if last is not None and last["output_type"] == "stream" and last["name"] == name:
            last["text"] += text
        elif text:
            self.items.append({"output_type": "stream", "name": name, "text": text})

    def _note(self) -> None:
        self.cut = True
        self._append("stdout", "\n[The rest of this cell's output was cut: it is longer than what is kept.]\n")

    def rich(self, kind: str, data: dict[str, Any], metadata: dict[str, Any] | None = None, **more: Any) -> None:
        """A display_data or execute_result output."""
        self._cleared()
        # Pictures may come as bytes, as PIL's do; a kernel sends them as base64 too.
        data = {k: base64.b64encode(v).decode() if isinstance(v, bytes) else v for k, v in data.items()}
        self.data += _size(data)
        if self.data > MAX_DATA or len(self.items) >= MAX_OUTPUTS:
            if not self.cut:
                self._note()
            if kind != "execute_result":
                return
            # A test's result is its score: nbgrader gives full points where there is none.
            data = {"text/plain": str(data.get("text/plain", ""))}
        if isinstance(plain := data.get("text/plain"), str) and len(plain) > MAX_TEXT:
            data = {**data, "text/plain": plain[:MAX_TEXT] + "\n[cut]"}
        self.items.append({"output_type": kind, "data": data, "metadata": metadata or {}, **more})

    def has_room_for(self, data: dict[str, Any]) -> bool:
        """Whether something that others display leaves half of the room for what the cell itself displays."""
        return len(self.items) < MAX_OUTPUTS // 2 and self.data + _size(data) <= MAX_DATA // 2

    def error(self, name: str, message: str, lines: list[str]) -> None:
        self._cleared()
        lines = [line[:10_000] for line in lines[:100]]
        self.items.append({"output_type": "error", "ename": name, "evalue": message[:10_000], "traceback": lines})

    def clear(self, wait: bool) -> None:
        self.clear_next = True
        if not wait:
            self._cleared()

    def _cleared(self) -> None:
        if self.clear_next:
            self.items.clear()
            self.clear_next = False


def _size(data: dict[str, Any]) -> int:
    return sum(len(value) for value in data.values() if isinstance(value, str | bytes))


class _Stream(io.TextIOBase):
    encoding = "utf-8"
    errors = "strict"

    def __init__(self, shell: Shell, name: str) -> None:
        self.shell, self.stream_name = shell, name

    @property
    def name(self) -> str:
        return f"<{self.stream_name}>"

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self.shell.outputs.stream(self.stream_name, str(text))
        return len(text)

    def isatty(self) -> bool:
        return False


class _Publisher(DisplayPublisher):  # type: ignore[misc]
    def publish(self, data: dict[str, Any], metadata: Any = None, *, transient: Any = None, **_: Any) -> None:
        self.shell.outputs.rich("display_data", data, metadata)

    def clear_output(self, wait: bool = False) -> None:
        self.shell.outputs.clear(wait)


class _Hook(DisplayHook):  # type: ignore[misc]
    """Puts the value of a cell's last line into the outputs."""

    def write_output_prompt(self) -> None:
        pass

    def write_format_data(self, format_dict: dict[str, Any], md_dict: dict[str, Any] | None = None) -> None:
        self.shell.outputs.rich("execute_result", format_dict, md_dict, execution_count=self.prompt_count)

    def log_output(self, format_dict: dict[str, Any]) -> None:
        pass

    def finish_displayhook(self) -> None:
        pass


class Shell(InteractiveShell):  # type: ignore[misc]
    """IPython as a notebook's cells see it. `outputs` receives what they print, display and raise."""

    displayhook_class = Type(_Hook)
    display_pub_class = Type(_Publisher)

    def __init__(self, **kwargs: Any) -> None:
        self.outputs = Outputs()
        os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
        super().__init__(**kwargs)
        self.history_manager.enabled = False
        self.colors = "nocolor"

    def init_history(self) -> None:
        self.config.HistoryManager.enabled = False
        super().init_history()

    def init_virtualenv(self) -> None:
        pass

    def init_magics(self) -> None:
        super().init_magics()
        for name in ("script", "bash", "sh", "perl", "ruby", "javascript", "js", "pypy", "python2", "python3", "cmd"):
            self.register_magic_function(_no_script, "cell", name)

    def enable_gui(self, gui: str | None = None) -> None:
        pass

    def system(self, cmd: str) -> None:
        raise RuntimeError("shell commands are not offered while a notebook is graded")

    getoutput = system_piped = system_raw = system

    def showtraceback(self, *args: Any, exception_only: bool = False, **kwargs: Any) -> None:
        kind, value, tb = self._get_exc_info(kwargs.get("exc_tuple"))
        if isinstance(value, KeyboardInterrupt) and exception_only:
            tb = None
        self.outputs.error(kind.__name__, _message(value), format_error(value, None if exception_only else tb))

    def showsyntaxerror(self, filename: str | None = None, running_compiled_code: bool = False) -> None:
        kind, value, _ = self._get_exc_info()
        self.outputs.error(kind.__name__, _message(value), format_error(value, None))

    def show_usage_error(self, exc: BaseException) -> None:
        self.outputs.error(type(exc).__name__, _message(exc), [f"UsageError: {_message(exc)}"])

    @contextlib.contextmanager
    def capture(self) -> Iterator[Outputs]:
        """Within the block, what is printed and displayed goes to the Outputs this yields."""
        before = self.outputs, sys.stdout, sys.stderr
        self.outputs = Outputs()
        sys.stdout, sys.stderr = _Stream(self, "stdout"), _Stream(self, "stderr")
        try:
            yield self.outputs
        finally:
            self.outputs, sys.stdout, sys.stderr = before

    def run(self, source: str) -> tuple[list[Output], BaseException | None]:
        """Run one cell: its outputs, and the error it ended in, which is one of them and is not raised."""
        with self.capture() as outputs:
            result = self.run_cell(source, store_history=True)
            error = result.error_before_exec or result.error_in_exec
            if error is not None and not any(item["output_type"] == "error" for item in outputs.items):
                outputs.error(type(error).__name__, _message(error), format_error(error, error.__traceback__))
        return outputs.items, error


def _no_script(line: str, cell: str) -> None:
    raise RuntimeError("other programs are not offered while a notebook is graded")


def no_input(prompt: object = "", stream: object = None) -> str:
    """Stands in for input() and getpass(): nobody sits at the keyboard while a notebook is graded."""
    raise RuntimeError("input() is not offered while a notebook is graded")


def offer_no_input() -> None:
    """Replace input() and getpass() by a function that says it is not offered."""
    import getpass

    builtins.input = no_input
    getpass.getpass = no_input


def own_frames(tb: Any) -> Any:
    """The traceback from the first frame of a cell on: the machinery above it is nobody's mistake."""
    while tb is not None:
        if _is_cell(tb):
            return tb
        tb = tb.tb_next
    return None


def _is_cell(tb: Any) -> bool:
    name = tb.tb_frame.f_code.co_filename
    return "ipykernel_" in name or name.startswith("<ipython-input")


def format_error(error: BaseException, tb: Any) -> list[str]:
    """The lines of a traceback, beginning at the cell that raised."""
    tb = own_frames(tb) or tb
    name = type(error).__name__
    try:
        text = "".join(traceback.TracebackException(type(error), error, tb, limit=-30, compact=True).format())
    except Exception:
        text = f"{name}: {_message(error)}"
    return text.rstrip("\n").split("\n")


def _message(error: BaseException | None) -> str:
    try:
        return str(error)
    except Exception:
        return "[its message cannot be shown]"
