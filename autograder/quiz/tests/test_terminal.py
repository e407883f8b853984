"""A session in the terminal, with answers from a pipe: asking, explaining, remembering, reviewing, at 60 columns."""

from __future__ import annotations

import io
import json
import re
from datetime import date, timedelta

import pytest
from rich.console import Console

from autograder.quiz import cli
from autograder.quiz.asked import AnsweredQuestion
from autograder.quiz.draw import shuffled, variant_of
from autograder.quiz.marking import AnswerMark
from autograder.quiz.progress import progress_file
from autograder.quiz.questions import Bank, NumberQuestion, OrderingQuestion
from autograder.quiz.terminal import session, show
from autograder.quiz.terminal.session import choose
from autograder.quiz.text.plain import to_plain
from autograder.quiz.values import shown, solve

from .piped import LETTERS, first_of_kind, only_unit, right_keys, run


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
    unit, seed = first_of_kind(bank, "choice")
    question = choose(only_unit(bank, unit), difficulty=None, seed=seed, count=1)[0]
    right = right_keys(only_unit(bank, unit), seed, 1)[0]
    made = run(unit, "--seed", str(seed), "--count", "1", keys="b\n" if right == "a" else "a\n")
    words = " ".join(made.output.split())
    assert "✗ Not right" in words
    assert f"{question.concept} ·········· 0 of 1" in words
    assert "Read next Lesson" in words
    assert "Comes back tomorrow." in words
    assert "1 to review: mha quiz --review" in words


def test_the_first_step_that_lacks_something_is_named_and_one_right_order_shown(bank: Bank) -> None:
    unit, seed = first_of_kind(bank, "order")
    question = choose(only_unit(bank, unit), difficulty=None, seed=seed, count=1)[0]
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
    unit, seed = first_of_kind(bank, "number")
    made = run(unit, "--seed", str(seed), "--count", "1", keys="sixty-four\n12 34\n-512345\n")
    assert made.output.count("That is not a number.") == 2
    assert "0 of 1" in made.output


@pytest.mark.parametrize("kind", ["choice", "several", "order", "match", "bug"])
def test_what_is_no_letter_is_told_which_letters_there_are(bank: Bank, kind: str) -> None:
    unit, seed = first_of_kind(bank, kind)
    made = run(unit, "--seed", str(seed), "--count", "1", keys="7\n")
    assert re.search(
        r"That is not an answer here\. Type [^.]*(letter, a to [b-z]\.|letters from a to [b-z])", made.output
    )


def test_a_stray_letter_is_no_shape_and_is_asked_again(bank: Bank) -> None:
    unit, seed = first_of_kind(bank, "shape")
    right = right_keys(only_unit(bank, unit), seed, 1)[0]
    made = run(unit, "--seed", str(seed), "--count", "1", keys=f"z\n{right}\n")
    assert made.output.count("That is not a shape.") == 1
    assert "1 of 1" in made.output


def test_the_end_of_the_input_ends_the_quiz_with_what_was_answered_saved(bank: Bank) -> None:
    keys = right_keys(bank, 1)[:2]
    made = run("--seed", "1", keys="\n".join(keys) + "\n")
    assert made.exit_code == 0
    assert "2 of 2" in made.output
    assert len(json.loads(progress_file().read_text())["questions"]) == 2


def test_what_was_missed_comes_once_more_in_the_same_session_and_marks_are_those_of_the_first_answer(
    bank: Bank,
) -> None:
    unit, seed = first_of_kind(bank, "number")
    only = only_unit(bank, unit)
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
    unit, seed = first_of_kind(bank, "number")
    right = right_keys(only_unit(bank, unit), seed, 1)[0] + "\n"
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
    unit, seed = first_of_kind(bank, "number")
    question = choose(only_unit(bank, unit), difficulty=None, seed=seed, count=1)[0]
    run(unit, "--seed", str(seed), "--count", "1", keys=right_keys(only_unit(bank, unit), seed, 1)[0] + "\n")
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


def test_too_few_letters_for_a_match_are_asked_for_again(bank: Bank) -> None:
    unit, seed = first_of_kind(bank, "match")
    right = right_keys(only_unit(bank, unit), seed, 1)[0]
    made = run(unit, "--seed", str(seed), "--count", "1", keys=f"{right[:-1]}\n{right}\n")
    words = " ".join(made.output.split())
    assert re.search(rf"not an answer here\. Type {len(right)} letters from a to [b-z], one for each", words)
    assert "1 of 1" in made.output


def test_marks_are_shown_as_they_are(small: Bank) -> None:
    console = Console(file=io.StringIO(), width=60)
    question = next(question for question in small.questions if question.id == "tiny.steps")
    show.summary(console, small, [AnsweredQuestion(question, AnswerMark(0.25), [], [], "")])
    assert "0.25 of 1" in console.file.getvalue()  # type: ignore[attr-defined]
