"""Single keys from a terminal, by prompt_toolkit: raw mode, escape sequences, and every kind of terminal that it knows.

It and asyncio take a third of a second to import, so they are imported at the first key, when the question is on the screen.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from prompt_toolkit.input import Input


class SingleKeys:
    """Keys from standard input, none of them echoed, Ctrl-C among them. The terminal is as before once `stack` is closed."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack
        self._waiting: deque[str] = deque()

    @cached_property
    def _input(self) -> Input:
        from prompt_toolkit.input import create_input

        source = create_input()
        self._stack.enter_context(source.raw_mode())
        return source

    @contextmanager
    def lines(self) -> Iterator[None]:
        """Give the terminal back its own line editing for a while."""
        with self._input.cooked_mode():
            yield

    def read(self) -> str:
        """The next key; arrows and other keys that send several characters are passed over. EOFError at the end."""
        import asyncio

        while not self._waiting:
            asyncio.run(self._wait())
        return self._waiting.popleft()

    async def _wait(self) -> None:
        from asyncio import Event

        came = Event()
        with self._input.attach(came.set):
            await came.wait()
        self._waiting += [press.data for press in self._input.read_keys() if len(press.data) == 1]
        if self._input.closed:
            raise EOFError
