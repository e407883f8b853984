"""Single keys from a terminal, with none lost between two reads, and lines in between."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager

try:
    import termios
    import tty
except ImportError:  # Windows
    termios = tty = None  # type: ignore[assignment]

_ESCAPES = re.compile(r"\x1b(\[[0-9;]*[A-Za-z~]|O.|)")


class SingleKeys:
    """Keys from standard input. While it is entered, keys come one by one, Ctrl-C among them, and are not echoed."""

    def __init__(self) -> None:
        self._waiting = ""
        self._before: list[object] | None = None

    def __enter__(self) -> SingleKeys:
        if termios:
            self._before = termios.tcgetattr(sys.stdin)
            # TCSADRAIN keeps what was typed already. Ctrl-C is read as a key: as a signal it could come where Python
            # drops what it raises, such as in the finalizer of an object.
            tty.setcbreak(sys.stdin, termios.TCSADRAIN)
            mode = termios.tcgetattr(sys.stdin)
            mode[3] &= ~termios.ISIG
            termios.tcsetattr(sys.stdin, termios.TCSADRAIN, mode)
        return self

    def __exit__(self, *_: object) -> None:
        if termios and self._before is not None:
            termios.tcsetattr(sys.stdin, termios.TCSADRAIN, self._before)  # type: ignore[arg-type]
            self._before = None

    @contextmanager
    def lines(self) -> Iterator[None]:
        """Give the terminal back its own line editing for a while."""
        self.__exit__()
        try:
            yield
        finally:
            self.__enter__()

    def read(self) -> str:
        """The next key; arrows and other keys that send several characters are passed over. EOFError at the end."""
        if not termios:
            from typer import getchar

            return getchar()
        while not self._waiting:
            came = os.read(sys.stdin.fileno(), 256)
            if not came:
                raise EOFError
            self._waiting = _ESCAPES.sub("", came.decode(errors="ignore"))
        key, self._waiting = self._waiting[0], self._waiting[1:]
        return key
