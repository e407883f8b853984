"""Getting an answer: one key at a time from a terminal, one line at a time from a pipe."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from string import ascii_lowercase
from typing import Protocol

from rich.console import Console
from rich.text import Text

from ..review import RATINGS
from .raw import SingleKeys

_ENTER, _BACKSPACE, _STOP = ("\r", "\n"), ("\x7f", "\x08"), ("q", "\x03", "\x04")
_OTHER_KEYS = " · s skip · q stop"
_TAKE_BACK = "Backspace takes the last one back"


class Stop(Exception):
    """The user is done: q, Ctrl-C, Ctrl-D or the end of the input."""


class Skip(Exception):
    """The user passes on this question."""


class Keys(Protocol):
    """A source of answers. Letters are given as indices, 0 for a; typed answers as they are.

    Every method raises Stop or Skip when the user asks for that.
    """

    def letter(self, count: int) -> int:
        """One of the first `count` letters."""

    def letters(self, count: int, *, toggle: bool) -> list[int]:
        """Letters in the order given, each once. With `toggle`, a letter given again is taken back."""

    def slots(self, count: int, places: list[Text]) -> list[int | None]:
        """A letter for each of the places."""

    def line(self) -> str:
        """A typed line that is not empty."""

    def pause(self, rating: int) -> int:
        """Wait until the user has read; the rating of the answer, which the user may change."""


class Piped:
    """Answers from lines, as in `printf 'b\\nacd\\n' | mha quiz`. An empty line skips, "-" leaves a place open."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def letter(self, count: int) -> int:
        """See Keys. Anything but one letter counts as no answer."""
        given = self._letters(count)
        return given[0] if len(given) == 1 and given[0] is not None else -1

    def letters(self, count: int, *, toggle: bool) -> list[int]:
        """See Keys."""
        return [-1 if item is None else item for item in self._letters(count)]

    def slots(self, count: int, places: list[Text]) -> list[int | None]:
        """See Keys. A place is left open by "-" alone: too few letters are no answer."""
        return self._letters(count)

    def line(self) -> str:
        """See Keys."""
        read = sys.stdin.readline()
        if not read or read.strip().lower() == "q":
            raise Stop
        self._console.print(Text(f"> {read.strip()}"))
        if read.strip().lower() in ("", "s"):
            raise Skip
        return read.strip()

    def pause(self, rating: int) -> int:
        """Nothing waits for a pipe."""
        return rating

    def _letters(self, count: int) -> list[int | None]:
        allowed = ascii_lowercase[:count]
        given = [letter for letter in self.line().lower() if letter not in " ,;"]
        return [allowed.index(letter) if letter in allowed else None if letter == "-" else -1 for letter in given]


class Terminal:
    """Answers from single keys; the line being filled is drawn anew after each."""

    def __init__(self, console: Console, keyboard: SingleKeys) -> None:
        self._console = console
        self._keyboard = keyboard

    def letter(self, count: int) -> int:
        """See Keys."""
        line = Text.assemble(f"Press {_span(count)}", (_OTHER_KEYS, "dim"))
        key = self._key(line, ascii_lowercase[:count])
        self._draw(Text.assemble("Your answer: ", (key, "bold")), done=True)
        return ascii_lowercase.index(key)

    def letters(self, count: int, *, toggle: bool) -> list[int]:
        """See Keys."""
        given: list[str] = []
        self._console.print(Text(_TAKE_BACK + _OTHER_KEYS, style="dim"))
        while True:
            shown = (", ".join(sorted(given)) if toggle else " ".join(given)) or "–"
            line = Text.assemble("Chosen: ", (shown, "bold"), (f" · press {_span(count)} · Enter to check", "dim"))
            fitting = [letter for letter in ascii_lowercase[:count] if toggle or letter not in given]
            key = self._key(line, [*fitting, *((*_ENTER, *_BACKSPACE) if given else ())])
            if key in _ENTER:
                self._draw(Text.assemble("Your answer: ", (shown, "bold")), done=True)
                return [ascii_lowercase.index(letter) for letter in given]
            if key in _BACKSPACE:
                given.pop()
            elif key in given:
                given.remove(key)
            else:
                given.append(key)

    def slots(self, count: int, places: list[Text]) -> list[int | None]:
        """See Keys."""
        given: list[int | None] = []
        self._console.print(Text(_TAKE_BACK + _OTHER_KEYS, style="dim"))
        while True:
            if len(given) == len(places):
                line, fitting = Text("Enter to check", style="dim"), list(_ENTER)
            else:
                line = Text.assemble(places[len(given)], " → ", (f"press {_span(count)}", "dim"))
                fitting = list(ascii_lowercase[:count])
            key = self._key(line, [*fitting, *(_BACKSPACE if given else ())])
            if key in _ENTER:
                self._draw(Text(""))
                return given
            if key in _BACKSPACE:
                given.pop()
                self._draw(Text("(taken back)", style="dim"), done=True)
            else:
                self._draw(Text.assemble(places[len(given)], " → ", (key, "bold")), done=True)
                given.append(ascii_lowercase.index(key))

    def line(self) -> str:
        """See Keys."""
        while True:
            try:
                with self._keyboard.lines():
                    read = input("> ").strip()
            except (EOFError, KeyboardInterrupt):
                raise Stop from None
            if read.lower() == "q":
                raise Stop
            if read.lower() == "s":
                raise Skip
            if read:
                return read

    def pause(self, rating: int) -> int:
        """See Keys."""
        while True:
            words = " ".join(f"[{key} {word}]" if key == rating else f"{key} {word}" for key, word in RATINGS.items())
            line = Text(f"Enter next · known: {words} · q stop", style="dim")
            key = self._key(line, [*_ENTER, " ", *map(str, RATINGS)], skips=False)
            if not key.isdigit():
                self._draw(Text(""))
                return rating
            rating = int(key)

    def _key(self, line: Text, fitting: Sequence[str], *, skips: bool = True) -> str:
        """The next key that fits, with `line` on the screen; one that does not is named and asked for again."""
        self._draw(line)
        while True:
            try:
                key = self._keyboard.read().lower()
            except EOFError:
                key = "q"
            if key in _STOP:
                self._console.print()
                raise Stop
            if key == "s" and skips:
                self._draw(Text("Skipped", style="dim"), done=True)
                raise Skip
            if key in fitting:
                return key
            if key.isprintable():
                self._draw(Text.assemble((f"Not {key}. ", "yellow"), line))

    def _draw(self, line: Text, *, done: bool = False) -> None:
        """Put one line in the place of the last one."""
        line = line.copy()
        line.truncate(self._console.width - 1, overflow="ellipsis")
        self._console.file.write("\r\x1b[2K")
        self._console.print(line, end="\n" if done else "")
        self._console.file.flush()


def _span(count: int) -> str:
    return f"a–{ascii_lowercase[count - 1]}"


@contextmanager
def keys_for(console: Console) -> Iterator[Keys]:
    """Single keys where there is a terminal to read them from and lines can be drawn anew, lines otherwise."""
    if sys.stdin.isatty() and console.is_terminal and not console.is_dumb_terminal:
        with ExitStack() as stack:
            yield Terminal(console, SingleKeys(stack))
    else:
        yield Piped(console)
