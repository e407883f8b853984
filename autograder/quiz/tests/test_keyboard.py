"""Single keys in a real terminal: letters, undoing, skipping, stopping and rating."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import re
import select
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from datetime import date

import pytest

from autograder.quiz.progress import progress_file
from autograder.quiz.questions import Bank
from autograder.quiz.review import HARD, ReviewRecord, reviewed

from .piped import LETTERS, first_of_kind, only_unit, right_keys


def _take_the_terminal() -> None:
    """Make standard input the terminal that Ctrl-C comes from."""
    os.setsid()
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


_ESCAPE = r"\x1b\[[0-9;?]*[A-Za-z]"


class Keyboard:
    """A quiz in a terminal of its own, 60 columns wide."""

    def __init__(self, *arguments: str, kind: str = "xterm") -> None:
        self._own, there = pty.openpty()
        environment = {**os.environ, "TERM": kind, "COLUMNS": "60", "LINES": "50"}
        command = [sys.executable, "-m", "autograder.quiz", *arguments]
        self.process = subprocess.Popen(
            command, stdin=there, stdout=there, stderr=there, env=environment, preexec_fn=_take_the_terminal
        )
        os.close(there)
        self._unread = ""
        self.escapes: set[str] = set()

    def until(self, words: str) -> str:
        """Read until the words appear; what came up to there since the last call."""
        end = time.monotonic() + 120  # a loaded machine may stand still for long
        while words not in self._unread:
            assert time.monotonic() < end, f"{words!r} did not appear in {self._unread!r}"
            if select.select([self._own], [], [], 0.2)[0]:
                try:
                    came = os.read(self._own, 4096).decode(errors="replace")
                    self.escapes |= set(re.findall(_ESCAPE, came))
                    self._unread += re.sub(_ESCAPE, "", came)
                except OSError:  # the quiz has ended
                    break
        assert words in self._unread, self._unread
        came, _, self._unread = self._unread.partition(words)
        return came + words

    def press(self, keys: str) -> None:
        os.write(self._own, keys.encode())

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._own)


@pytest.fixture
def terminal() -> Iterator[list[Keyboard]]:
    opened: list[Keyboard] = []
    yield opened
    for one in opened:
        one.close()


def test_one_key_answers_in_a_terminal(bank: Bank, terminal: list[Keyboard]) -> None:
    unit, seed = first_of_kind(bank, "choice")
    quiz = Keyboard(unit, "--seed", str(seed), "--count", "1")
    terminal.append(quiz)
    quiz.until("q stop")
    quiz.press("?z\x1b[A")  # none of these is an answer: they are asked for again
    quiz.press(right_keys(only_unit(bank, unit), seed, 1)[0])
    quiz.until("✓ Right")
    quiz.until("1 of 1")
    assert quiz.process.wait(10) == 0


def test_a_stray_key_is_named_and_asked_for_again(bank: Bank, terminal: list[Keyboard]) -> None:
    for kind in ("choice", "several", "order", "match", "bug"):
        unit, seed = first_of_kind(bank, kind)
        quiz = Keyboard(unit, "--seed", str(seed), "--count", "1")
        terminal.append(quiz)
        quiz.until("press a" if kind in ("several", "order", "match") else "Press a")
        quiz.press("z")
        assert "Right" not in quiz.until("Not z.")
        quiz.press("q")
        quiz.until("No question was answered.")


def test_several_keys_typed_at_once_are_toggled_and_sent_with_enter(bank: Bank, terminal: list[Keyboard]) -> None:
    unit, seed = first_of_kind(bank, "several")
    quiz = Keyboard(unit, "--seed", str(seed), "--count", "1")
    terminal.append(quiz)
    quiz.until("Enter to check")
    keys = right_keys(only_unit(bank, unit), seed, 1)[0]
    other = next(letter for letter in LETTERS if letter not in keys)
    quiz.press(f"{other}{other}{keys}{other}\x7f\r")
    assert "1 of 1" in quiz.until("--seed")


def test_an_order_and_a_match_take_a_letter_for_each(bank: Bank, terminal: list[Keyboard]) -> None:
    for kind in ("order", "match"):
        unit, seed = first_of_kind(bank, kind)
        quiz = Keyboard(unit, "--seed", str(seed), "--count", "1")
        terminal.append(quiz)
        quiz.until("press a")
        keys = right_keys(only_unit(bank, unit), seed, 1)[0]
        quiz.press(keys[1] + "\x7f" + keys + "\r")
        assert "1 of 1" in quiz.until("--seed"), kind


def test_a_number_is_typed_as_a_line(bank: Bank, terminal: list[Keyboard]) -> None:
    unit, seed = first_of_kind(bank, "number")
    quiz = Keyboard(unit, "--seed", str(seed), "--count", "1")
    terminal.append(quiz)
    quiz.until("Type a number")
    quiz.press("many\n")
    quiz.until("That is not a number.")
    quiz.press(right_keys(only_unit(bank, unit), seed, 1)[0] + "\n")
    assert "1 of 1" in quiz.until("--seed")


def test_a_terminal_that_cannot_redraw_takes_lines(bank: Bank, terminal: list[Keyboard]) -> None:
    unit, seed = first_of_kind(bank, "choice")
    quiz = Keyboard(unit, "--seed", str(seed), "--count", "1", kind="dumb")
    terminal.append(quiz)
    quiz.press(right_keys(only_unit(bank, unit), seed, 1)[0] + "\n")
    assert "1 of 1" in quiz.until("--seed")
    assert quiz.escapes == set()


def test_without_colour_a_terminal_gets_none(
    bank: Bank, terminal: list[Keyboard], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    unit, seed = first_of_kind(bank, "choice")
    quiz = Keyboard(unit, "--seed", str(seed), "--count", "1")
    terminal.append(quiz)
    quiz.press(right_keys(only_unit(bank, unit), seed, 1)[0])
    quiz.until("--seed")
    bold, dim, italic, plain, clear = "\x1b[1m", "\x1b[2m", "\x1b[3m", "\x1b[0m", "\x1b[2K"
    assert {bold, dim, clear} <= quiz.escapes <= {bold, dim, italic, plain, clear}


@pytest.mark.parametrize("stop", ["q", "\x03", "\x04"])
def test_stopping_keeps_what_was_answered_and_sums_up(bank: Bank, terminal: list[Keyboard], stop: str) -> None:
    unit, seed = first_of_kind(bank, "choice", count=3)
    quiz = Keyboard(unit, "--seed", str(seed), "--count", "3")
    terminal.append(quiz)
    quiz.until("q stop")
    quiz.press("a")
    quiz.until("Enter next")
    quiz.press(stop)
    assert "of 1" in quiz.until("--seed")
    assert quiz.process.wait(10) == 0
    assert len(json.loads(progress_file().read_text())["questions"]) == 1


def test_a_match_can_be_undone_before_it_counts(bank: Bank, terminal: list[Keyboard]) -> None:
    unit, seed = first_of_kind(bank, "match")
    quiz = Keyboard(unit, "--seed", str(seed), "--count", "1")
    terminal.append(quiz)
    quiz.until("Backspace takes the last one back")
    keys = right_keys(only_unit(bank, unit), seed, 1)[0]
    other = next(letter for letter in "ab" if letter != keys[-1])
    quiz.press(keys[:-1] + other)
    quiz.until("Enter to check")
    quiz.press("\x7f" + keys[-1] + "\r")
    assert "1 of 1" in quiz.until("--seed")


def test_a_rating_can_be_corrected_with_a_key(bank: Bank, terminal: list[Keyboard]) -> None:
    unit, seed = first_of_kind(bank, "choice", count=2)
    quiz = Keyboard(unit, "--seed", str(seed), "--count", "2")
    terminal.append(quiz)
    quiz.until("q stop")
    quiz.press(right_keys(only_unit(bank, unit), seed, 2)[0])
    quiz.until("4 easy]")  # a fast answer
    quiz.press("2\r")
    quiz.until("Comes back")
    quiz.press("q")
    quiz.until("--seed")
    assert quiz.process.wait(10) == 0
    (record,) = json.loads(progress_file().read_text())["questions"].values()
    hard = reviewed(ReviewRecord(), HARD, True, date.fromisoformat(record["last"]))
    assert (record["asked"], record["due"]) == (1, str(hard.due))
