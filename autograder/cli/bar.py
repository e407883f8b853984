"""A progress bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.text import Text

T = TypeVar("T")
# Wide enough for all units beside each other where there is no terminal to ask.
PLAIN_WIDTH = 140
SECONDS_BETWEEN_LINES = 10.0


def console() -> Console:
    found = Console()
    return found if found.is_terminal else Console(width=PLAIN_WIDTH)


class Rate(ProgressColumn):
    """How many per second."""

    def render(self, task: Task) -> Text:
        return Text(f"{task.speed:.1f}/s" if task.speed else "")


def progress(items: Iterable[T], total: int, what: str, on: Console) -> Iterator[T]:
    """The items as they come, with a bar that has rate and time left, or with a line now and then."""
    return _bar(items, total, what, on) if on.is_terminal else _lines(items, total, what, on)


def _bar(items: Iterable[T], total: int, what: str, on: Console) -> Iterator[T]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), Rate(), TimeRemainingColumn())
    with Progress(*columns, console=on, transient=True) as bar:
        yield from bar.track(items, total=total, description=what)


def _lines(items: Iterable[T], total: int, what: str, on: Console) -> Iterator[T]:
    started = said = time.monotonic()
    for done, item in enumerate(items, 1):
        yield item
        now = time.monotonic()
        if now - said > SECONDS_BETWEEN_LINES and done < total:
            said, rate = now, done / (now - started)
            on.print(f"{what}: {done} of {total}, {rate:.1f} per second, {(total - done) / rate:.0f} s left")
