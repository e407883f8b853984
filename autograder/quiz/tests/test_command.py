"""The command `mha quiz`: its arguments, what it writes, and what it does not import."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from autograder.problem import Problem
from autograder.quiz import cli
from autograder.quiz.questions import Bank

from .piped import first_of_kind, run


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


def test_asking_imports_nothing_that_only_other_commands_need(bank: Bank) -> None:
    unit, seed = first_of_kind(bank, "number")
    code = "import sys; from autograder.cli import main; sys.argv = ['mha', 'quiz', *sys.argv[1:]]; main()"
    code += "\nprint(*sorted({'typer', 'pydantic', 'numpy', 'anywidget', 'fsrs', 'asyncio', 'prompt_toolkit'} & set(sys.modules)), sep=',')"
    made = subprocess.run(
        [sys.executable, "-c", code, unit, "--count", "1", "--seed", str(seed)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "Type a number" in made.stdout
    assert made.stdout.splitlines()[-1] == ""


def test_a_seed_asks_the_same_again_and_is_told(bank: Bank) -> None:
    first = run("one_head", keys="")
    seed = first.output.split("--seed ")[1].split()[0]
    assert run("one_head", "--seed", seed, keys="").output == first.output
