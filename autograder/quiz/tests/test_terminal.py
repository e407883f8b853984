"""The terminal's face: piped, without colour, at 60 columns, and with single keys in a real terminal."""

from __future__ import annotations

import fcntl
import io
import json
import os
import pty
import re
import resource
import select
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest
from rich.console import Console

from autograder.problem import Problem
from autograder.quiz import cli
from autograder.quiz.draw import shuffled, variant_of
from autograder.quiz.marking import AnswerMark
from autograder.quiz.progress import progress_file
from autograder.quiz.questions import Bank, NumberQuestion, OrderingQuestion
from autograder.quiz.review import HARD, ReviewRecord, reviewed
from autograder.quiz.terminal import session, show
from autograder.quiz.terminal.session import choose
from autograder.quiz.text.plain import to_plain
from autograder.quiz.values import shown, solve

from .vectors import vectors

LETTERS = "abcdefghijkl"


@dataclass(frozen=True)
class Ended:
    """How a run ended, and what it said on both of its streams."""

    exit_code: int
    output: str


def run(*arguments: str, keys: str = "", columns: int = 60) -> Ended:
    """`mha quiz` with answers from a pipe."""
    said = io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(said), redirect_stderr(said):
        patch.setenv("COLUMNS", str(columns))
        patch.setenv("NO_COLOR", "1")
        patch.setattr(sys, "stdin", io.StringIO(keys))
        try:
            cli.run(arguments)
        except SystemExit as ended:
            return Ended(int(ended.code or 0), said.getvalue())
    return Ended(0, said.getvalue())


def right_keys(bank: Bank, seed: int, count: int = 10) -> list[str]:
    """What to type for the right answer to each question of a session, from the vectors."""
    keys = []
    for question in choose(bank, difficulty=None, seed=seed, count=count):
        variant = variant_of(seed, question.id, len(question.variants)) if isinstance(question, NumberQuestion) else 0
        if isinstance(question, NumberQuestion):
            keys.append(shown(solve(question, variant).answer))
            continue
        answer = next(vector.answer for vector in vectors(bank) if vector.question is question and vector.score == 1)
        if question.kind == "shape":
            keys.append(answer)
        elif question.kind == "bug":
            keys.append(LETTERS[question.code_lines.index(answer)])  # type: ignore[union-attr]
        else:
            parts = {"choice": "choices", "several": "choices", "match": "rights"}.get(question.kind, "steps")
            offered = len(getattr(question, parts)) + len(getattr(question, "distractors", ()))
            order = shuffled(range(offered), seed, question.id)
            given = answer if isinstance(answer, list) else [answer]
            keys.append("".join(LETTERS[order.index(item)] for item in given))
    return keys


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_right_answers_from_a_pipe_get_full_marks(bank: Bank, seed: int) -> None:
    keys = right_keys(bank, seed, 20)
    made = run("--seed", str(seed), "--count", "20", keys="\n".join(keys) + "\n")
    assert made.exit_code == 0, made.output
    assert made.output.count("✓ Right") == 20
    assert "20 of 20" in made.output
    assert "Read next" not in made.output


def test_at_60_columns_without_colour_nothing_is_wider_and_nothing_escapes(bank: Bank) -> None:
    for unit in (unit.name for unit in bank.units):
        made = run(unit, "--seed", "5", "--count", "50", keys="a\nb\n(1, 2)\n7\nabc\n" * 40)
        assert made.exit_code == 0
        assert "\x1b" not in made.output
        assert max(len(line) for line in made.output.splitlines()) <= 60


def test_a_wrong_answer_is_explained_and_summed_up_with_what_to_read(bank: Bank) -> None:
    unit, seed = _first(bank, "choice")
    question = choose(_only(bank, unit), difficulty=None, seed=seed, count=1)[0]
    right = right_keys(_only(bank, unit), seed, 1)[0]
    made = run(unit, "--seed", str(seed), "--count", "1", keys="b\n" if right == "a" else "a\n")
    words = " ".join(made.output.split())
    assert "✗ Not right" in words
    assert f"{question.concept} ·········· 0 of 1" in words
    assert "Read next Lesson" in words
    assert "Comes back tomorrow." in words
    assert "1 to review: mha quiz --review" in words


def test_the_first_step_that_lacks_something_is_named_and_one_right_order_shown(bank: Bank) -> None:
    unit, seed = _first(bank, "order")
    question = choose(_only(bank, unit), difficulty=None, seed=seed, count=1)[0]
    assert isinstance(question, OrderingQuestion)
    needy = next(index for index, step in enumerate(question.steps) if step.after)
    made = run(unit, "--seed", str(seed), "--count", "1", keys=LETTERS[_place(question, needy, seed)] + "\n")
    words = " ".join(made.output.split())
    assert f"{to_plain(question.steps[needy].text)}: {to_plain(question.steps[needy].lacks or '')}" in words
    assert f"One right order 1. {to_plain(question.steps[0].text)} 2. {to_plain(question.steps[1].text)}" in words


def _place(question: OrderingQuestion, item: int, seed: int) -> int:
    """Where an item stands among those offered."""
    return shuffled(range(len(question.steps) + len(question.distractors)), seed, question.id).index(item)


def test_what_is_no_answer_is_asked_again_and_does_not_count(bank: Bank) -> None:
    unit, seed = _first(bank, "number")
    made = run(unit, "--seed", str(seed), "--count", "1", keys="sixty-four\n12 34\n-512345\n")
    assert made.output.count("That is not a number.") == 2
    assert "0 of 1" in made.output


@pytest.mark.parametrize("kind", ["choice", "several", "order", "match", "bug"])
def test_what_is_no_letter_is_told_which_letters_there_are(bank: Bank, kind: str) -> None:
    unit, seed = _first(bank, kind)
    made = run(unit, "--seed", str(seed), "--count", "1", keys="7\n")
    assert re.search(
        r"That is not an answer here\. Type [^.]*(letter, a to [b-z]\.|letters from a to [b-z])", made.output
    )


def test_the_end_of_the_input_ends_the_quiz_with_what_was_answered_saved(bank: Bank) -> None:
    keys = right_keys(bank, 1)[:2]
    made = run("--seed", "1", keys="\n".join(keys) + "\n")
    assert made.exit_code == 0
    assert "2 of 2" in made.output
    assert len(json.loads(progress_file().read_text())["questions"]) == 2


def test_what_was_missed_comes_once_more_in_the_same_session_and_marks_are_those_of_the_first_answer(
    bank: Bank,
) -> None:
    unit, seed = _first(bank, "number")
    only = _only(bank, unit)
    question = choose(only, difficulty=None, seed=seed, count=1)[0]
    assert isinstance(question, NumberQuestion)
    other = variant_of(seed + 1, question.id, len(question.variants))
    right = shown(solve(question, other).answer)
    made = run(unit, "--seed", str(seed), "--count", "1", keys=f"-512345\n{right}\n")
    assert "once more, 1 of 1" in made.output
    assert made.output.count("✓ Right") == 1
    assert "0 of 1" in made.output
    assert json.loads(progress_file().read_text())["questions"][question.id]["asked"] == 2


def test_review_brings_back_what_is_due_also_what_was_right(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "nothing to review" in run("--review").output
    unit, seed = _first(bank, "number")
    right = right_keys(_only(bank, unit), seed, 1)[0] + "\n"
    day = date(2031, 3, 1)
    _on(monkeypatch, day)
    run(unit, "--seed", str(seed), "--count", "1", keys=right)
    rests = []
    for _ in range(4):
        record = next(iter(json.loads(progress_file().read_text())["questions"].values()))
        due = date.fromisoformat(record["due"])
        rests.append((due - day).days)
        _on(monkeypatch, due - timedelta(days=1))
        assert "nothing to review here today" in run("--review").output
        day = due
        _on(monkeypatch, day)
        assert "1 of 1" in run("--review", "--seed", str(seed), keys=right).output
    assert rests == sorted(rests)
    assert rests[-1] > rests[0]


def test_what_is_known_is_shown_by_concept(bank: Bank) -> None:
    assert "0 of" in run("--known").output
    unit, seed = _first(bank, "number")
    question = choose(_only(bank, unit), difficulty=None, seed=seed, count=1)[0]
    run(unit, "--seed", str(seed), "--count", "1", keys=right_keys(_only(bank, unit), seed, 1)[0] + "\n")
    own = [other for other in bank.questions if other.concept == question.concept]
    assert re.search(rf"{question.concept} +[█·]+ +1 of {len(own)} asked", run("--known").output)


def _on(monkeypatch: pytest.MonkeyPatch, day: date) -> None:
    """Make it that day for the quiz."""

    class Then(date):
        @classmethod
        def today(cls) -> date:
            return day

    for module in (cli, session):
        monkeypatch.setattr(module, "date", Then)


def test_a_damaged_progress_file_is_said_and_kept(bank: Bank) -> None:
    progress_file().parent.mkdir(parents=True)
    progress_file().write_text("{ damaged")
    made = run("--seed", "1", keys=right_keys(bank, 1)[0] + "\n", columns=200)
    assert "The progress file was damaged. It is kept as" in made.output
    assert [file.read_text() for file in progress_file().parent.glob("*damaged*")] == ["{ damaged"]
    assert len(json.loads(progress_file().read_text())["questions"]) == 1


def test_a_seed_asks_the_same_again_and_is_told(bank: Bank) -> None:
    first = run("one_head", keys="")
    seed = first.output.split("--seed ")[1].split()[0]
    assert run("one_head", "--seed", seed, keys="").output == first.output


def test_an_unknown_unit_gets_a_sentence() -> None:
    with pytest.raises(Problem, match=r"There is no unit 'no_such_unit'\. The units are: 01_one_head"):
        run("no_such_unit")


def test_by_itself_it_ends_in_the_sentence_alone() -> None:
    made = subprocess.run([sys.executable, "-m", "autograder.quiz", "x"], capture_output=True, text=True, check=False)
    assert made.returncode == 2
    assert made.stderr.startswith("There is no unit 'x'.")
    assert "Traceback" not in made.stderr


@pytest.mark.parametrize("format", cli.FORMATS)
def test_export_writes_a_file_and_says_so(tmp_path: Path, format: str, bank: Bank) -> None:
    file = tmp_path / "bank"
    made = run("export", "--format", format, str(file), columns=300)
    assert made.output.splitlines()[0] == f"Wrote {len(bank.questions)} questions to {file}."
    assert (len(made.output.splitlines()) > 1) == (format == "qti12")
    assert file.read_bytes()[:4] == {"moodle": b"<?xm", "csv": b"\xef\xbb\xbfi"}.get(format, b"PK\x03\x04")


def test_the_page_is_written_into_a_folder_that_need_not_exist(tmp_path: Path) -> None:
    made = run("--html", str(tmp_path / "a" / "b"), columns=300)
    assert made.output.startswith(f"Wrote {tmp_path / 'a' / 'b' / 'index.html'} (")


def test_the_page_holds_one_unit_if_one_is_named(tmp_path: Path, bank: Bank) -> None:
    run("one_head", "--html", str(tmp_path))
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert all((f'"{question.id}"' in page) == (question.unit == "one_head") for question in bank.questions)


def test_help_names_the_options_and_the_other_command() -> None:
    made = run("--help")
    assert made.exit_code == 0
    assert all(option in made.output for option in ("--difficulty", "--seed", "--count", "--review", "--html"))
    assert "mha quiz export --help" in made.output
    assert all(format in run("export", "--help").output for format in cli.FORMATS)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--difficulty", "9"], "argument --difficulty: give a whole number from 1 to 3, not '9'"),
        (["--count", "0"], "argument --count: give a whole number from 1, not '0'"),
        (["--seed", "soon"], "argument --seed: give a whole number, not 'soon'"),
        (["one_head", "two"], "unrecognized arguments: two"),
        (["--hard"], "unrecognized arguments: --hard"),
        (["--html", "x", "--seed", "3", "--review"], "--seed, --review cannot go with --html"),
        (["export"], "the following arguments are required: --format, FILE"),
        (["export", "--format", "pdf", "x"], "argument --format: invalid choice: 'pdf' (choose from"),
    ],
)
def test_a_wrong_argument_gets_a_sentence_and_the_usage(arguments: list[str], said: str) -> None:
    made = run(*arguments, columns=200)
    assert made.exit_code == 2
    assert said in made.output
    assert made.output.startswith("usage: mha quiz")


def test_the_first_question_comes_within_half_a_second(bank: Bank) -> None:
    """Processor time of the whole program, best of five, for a question whose answer the reference computes."""
    command = [sys.executable, "-c", "import sys; from autograder.cli import main; sys.argv = sys.argv[1:]; main()"]
    unit, seed = _first(bank, "number")
    command += ["mha", "quiz", unit, "--count", "1", "--seed", str(seed)]
    taken = []
    for _ in range(5):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        said = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True).stdout
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        assert "Type a number" in said
        taken.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    assert min(taken) < 0.5


def test_asking_imports_nothing_that_only_other_commands_need(bank: Bank) -> None:
    unit, seed = _first(bank, "number")
    code = "import sys; from autograder.cli import main; sys.argv = ['mha', 'quiz', *sys.argv[1:]]; main()"
    code += "\nprint(*sorted({'typer', 'pydantic', 'numpy', 'anywidget', 'fsrs'} & set(sys.modules)), sep=',')"
    made = subprocess.run(
        [sys.executable, "-c", code, unit, "--count", "1", "--seed", str(seed)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "Type a number" in made.stdout
    assert made.stdout.splitlines()[-1] == ""


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
    unit, seed = _first(bank, "choice")
    quiz = Keyboard(unit, "--seed", str(seed), "--count", "1")
    terminal.append(quiz)
    quiz.until("q stop")
    quiz.press("?z\x1b[A")  # none of these is an answer: nothing happens
    quiz.press(right_keys(_only(bank, unit), seed, 1)[0])
    quiz.until("✓ Right")
    quiz.until("1 of 1")
    assert quiz.process.wait(10) == 0


def test_several_keys_typed_at_once_are_toggled_and_sent_with_enter(bank: Bank, terminal: list[Keyboard]) -> None:
    unit, seed = _first(bank, "several")
    quiz = Keyboard(unit, "--seed", str(seed), "--count", "1")
    terminal.append(quiz)
    quiz.until("Enter to check")
    keys = right_keys(_only(bank, unit), seed, 1)[0]
    other = next(letter for letter in LETTERS if letter not in keys)
    quiz.press(f"{other}{other}{keys}{other}\x7f\r")
    assert "1 of 1" in quiz.until("--seed")


def test_an_order_and_a_match_take_a_letter_for_each(bank: Bank, terminal: list[Keyboard]) -> None:
    for kind in ("order", "match"):
        unit, seed = _first(bank, kind)
        quiz = Keyboard(unit, "--seed", str(seed), "--count", "1")
        terminal.append(quiz)
        quiz.until("press a")
        keys = right_keys(_only(bank, unit), seed, 1)[0]
        quiz.press(keys[1] + "\x7f" + keys + "\r")
        assert "1 of 1" in quiz.until("--seed"), kind


def test_a_number_is_typed_as_a_line(bank: Bank, terminal: list[Keyboard]) -> None:
    unit, seed = _first(bank, "number")
    quiz = Keyboard(unit, "--seed", str(seed), "--count", "1")
    terminal.append(quiz)
    quiz.until("Type a number")
    quiz.press("many\n")
    quiz.until("That is not a number.")
    quiz.press(right_keys(_only(bank, unit), seed, 1)[0] + "\n")
    assert "1 of 1" in quiz.until("--seed")


def test_a_terminal_that_cannot_redraw_takes_lines(bank: Bank, terminal: list[Keyboard]) -> None:
    unit, seed = _first(bank, "choice")
    quiz = Keyboard(unit, "--seed", str(seed), "--count", "1", kind="dumb")
    terminal.append(quiz)
    quiz.press(right_keys(_only(bank, unit), seed, 1)[0] + "\n")
    assert "1 of 1" in quiz.until("--seed")
    assert quiz.escapes == set()


def test_without_colour_a_terminal_gets_none(
    bank: Bank, terminal: list[Keyboard], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    unit, seed = _first(bank, "choice")
    quiz = Keyboard(unit, "--seed", str(seed), "--count", "1")
    terminal.append(quiz)
    quiz.press(right_keys(_only(bank, unit), seed, 1)[0])
    quiz.until("--seed")
    bold, dim, italic, plain, clear = "\x1b[1m", "\x1b[2m", "\x1b[3m", "\x1b[0m", "\x1b[2K"
    assert {bold, dim, clear} <= quiz.escapes <= {bold, dim, italic, plain, clear}


@pytest.mark.parametrize("stop", ["q", "\x03", "\x04"])
def test_stopping_keeps_what_was_answered_and_sums_up(bank: Bank, terminal: list[Keyboard], stop: str) -> None:
    unit, seed = _first(bank, "choice", count=3)
    quiz = Keyboard(unit, "--seed", str(seed), "--count", "3")
    terminal.append(quiz)
    quiz.until("q stop")
    quiz.press("a")
    quiz.until("Enter to go on")
    quiz.press(stop)
    assert "of 1" in quiz.until("--seed")
    assert quiz.process.wait(10) == 0
    assert len(json.loads(progress_file().read_text())["questions"]) == 1


def _only(bank: Bank, unit: str) -> Bank:
    return Bank(bank.units, tuple(question for question in bank.questions if question.unit == unit))


def _first(bank: Bank, kind: str, count: int = 1) -> tuple[str, int]:
    """A unit and a seed whose first question is of a kind."""
    for seed in range(1, 500):
        for unit in (unit.name for unit in bank.units):
            if choose(_only(bank, unit), difficulty=None, seed=seed, count=count)[0].kind == kind:
                return unit, seed
    raise AssertionError(kind)


def test_a_match_can_be_undone_before_it_counts(bank: Bank, terminal: list[Keyboard]) -> None:
    unit, seed = _first(bank, "match")
    quiz = Keyboard(unit, "--seed", str(seed), "--count", "1")
    terminal.append(quiz)
    quiz.until("Backspace takes the last one back")
    keys = right_keys(_only(bank, unit), seed, 1)[0]
    other = next(letter for letter in "ab" if letter != keys[-1])
    quiz.press(keys[:-1] + other)
    quiz.until("Enter to check")
    quiz.press("\x7f" + keys[-1] + "\r")
    assert "1 of 1" in quiz.until("--seed")


def test_too_few_letters_for_a_match_are_asked_for_again(bank: Bank) -> None:
    unit, seed = _first(bank, "match")
    right = right_keys(_only(bank, unit), seed, 1)[0]
    made = run(unit, "--seed", str(seed), "--count", "1", keys=f"{right[:-1]}\n{right}\n")
    words = " ".join(made.output.split())
    assert re.search(rf"not an answer here\. Type {len(right)} letters from a to [b-z], one for each", words)
    assert "1 of 1" in made.output


def test_marks_are_shown_as_they_are(small: Bank) -> None:
    console = Console(file=io.StringIO(), width=60)
    question = next(question for question in small.questions if question.id == "tiny.steps")
    show.summary(console, small, [show.Answered(question, AnswerMark(0.25))])
    assert "0.25 of 1" in console.file.getvalue()  # type: ignore[attr-defined]


def test_a_rating_can_be_corrected_with_a_key(bank: Bank, terminal: list[Keyboard]) -> None:
    unit, seed = _first(bank, "choice", count=2)
    quiz = Keyboard(unit, "--seed", str(seed), "--count", "2")
    terminal.append(quiz)
    quiz.until("q stop")
    quiz.press(right_keys(_only(bank, unit), seed, 2)[0])
    quiz.until("4 easy]")  # a fast answer
    quiz.press("2\r")
    quiz.until("Comes back")
    quiz.press("q")
    quiz.until("--seed")
    assert quiz.process.wait(10) == 0
    (record,) = json.loads(progress_file().read_text())["questions"].values()
    hard = reviewed(ReviewRecord(), HARD, True, date.fromisoformat(record["last"]))
    assert (record["asked"], record["due"]) == (1, str(hard.due))
