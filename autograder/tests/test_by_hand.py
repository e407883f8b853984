"""Questions by hand: the learner's own integer decides the numbers, and no two answers are close together."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from autograder.checks import question, questions
from autograder.marking import HandQuestion, Outcome
from autograder.marking.by_hand import CLOSE
from autograder.notebook.own_numbers import own_numbers, show_numbers

from .support import UNITS

ASKED = [q for unit in UNITS for q in questions(unit).values() if isinstance(q, HandQuestion)]
by_question = pytest.mark.parametrize("asked", ASKED, ids=lambda asked: asked.id)

# What the integer 1207 decides. It must be the same with every version of NumPy, in the browser and where marks are given.
OF_1207 = {
    "one_head.by_hand": 0.22623,
    "several_heads.by_hand": 1.06066,
    "output_projection.by_hand": 3.25,
    "output_projection.parameters_768": 8328,
    "output_projection.block": 2.0,
    "head_dimensions.width_768": 3,
    "head_dimensions.concat_width": 207,
    "causal_head.by_hand": -0.821196,
    "multi_head_attention.by_hand": 4.0,
}


def test_the_units_before_whose_code_a_number_is_computed() -> None:
    by_hand = [asked.id for asked in ASKED if asked.id.endswith(".by_hand")]
    assert [asked.partition(".")[0] for asked in by_hand] == [
        "one_head", "several_heads", "output_projection", "causal_head", "multi_head_attention",
    ]  # fmt: skip
    assert all(next(iter(questions(asked.partition(".")[0]))) == asked for asked in by_hand)


@by_question
def test_the_same_integer_gives_the_same_numbers_whatever_the_seed(asked: HandQuestion) -> None:
    assert round(asked.answer(**asked.numbers(1207)), 6) == OF_1207[asked.id]
    answer = {"my_number": 1207, asked.name: asked.answer(**asked.numbers(1207))}
    assert [asked.mark(answer, seed).outcome for seed in ("", "a", "b")] == [Outcome.PASSED] * 3


@by_question
def test_integers_give_numbers_of_their_own(asked: HandQuestion) -> None:
    answers = {str(asked.numbers(own)) for own in range(50)}
    assert len(answers) > 40
    right = asked.answer(**asked.numbers(0))
    assert sum(asked.mark({"my_number": own, asked.name: right}).marks > 0 for own in range(50)) < 15


@by_question
def test_no_two_answers_that_are_known_are_close_together(asked: HandQuestion) -> None:
    for own in range(100):
        numbers = asked.numbers(own)
        known = [asked.answer(**numbers), *(slip(**numbers) for slip, _ in asked.slips)]
        assert min(abs(a - b) for a, b in combinations(known, 2)) > 2 * CLOSE


@by_question
def test_the_second_decimal_may_be_rounded_either_way_and_no_more(asked: HandQuestion) -> None:
    right = round(asked.answer(**asked.numbers(3)), 2)
    outcome = {
        off: asked.mark({"my_number": 3, asked.name: right + off / 100}).outcome for off in (-3, -0.5, 0, 0.5, 3)
    }
    assert [outcome[off] for off in (-0.5, 0, 0.5)] == [Outcome.PASSED] * 3
    assert [outcome[off] for off in (-3, 3)] == [Outcome.WRONG] * 2


@by_question
def test_an_answer_that_is_not_there_is_not_attempted(asked: HandQuestion) -> None:
    for names in ({}, {"my_number": 1}, {"my_number": ..., asked.name: ...}, {"my_number": 1, asked.name: ...}):
        assert asked.mark(names).outcome is Outcome.NOT_ATTEMPTED
    assert "my_number" in str(asked.mark({"my_number": ..., asked.name: 0.5}))


@by_question
def test_the_report_does_not_give_the_answer(asked: HandQuestion) -> None:
    right = asked.answer(**asked.numbers(3))
    assert f"{right:.2f}" not in str(asked.mark({"my_number": 3, asked.name: right + 1.5}))


@by_question
def test_the_numbers_are_shown(asked: HandQuestion, capsys: pytest.CaptureFixture[str]) -> None:
    show_numbers(asked.id, 12)
    shown = capsys.readouterr().out
    for name, value in asked.numbers(12).items():
        assert (f"{name} {value.shape}" if isinstance(value, np.ndarray) else f"{name} = {value}") in shown


@pytest.mark.parametrize("question_id", ["order_the_steps.swaps", "several_heads.shared", "several_heads.slicing"])
def test_a_drawn_table_is_shown_with_everything_in_it(question_id: str, capsys: pytest.CaptureFixture[str]) -> None:
    drawn = own_numbers(question_id, np.int64(12))
    assert drawn == question(question_id).numbers(12)  # type: ignore[attr-defined]
    show_numbers(question_id, 12)
    shown = capsys.readouterr().out
    for name, value in drawn.items():
        assert name in shown
        for cell in value if isinstance(value, list) else [value]:
            assert ("none" if cell is None else str(cell)) in shown


def test_with_a_text_for_my_number_a_table_left_open_counts_as_not_attempted() -> None:
    asked = question("several_heads.slicing")
    left_open = {"notice_when_sliced": ..., "notice_when_projected": ...}
    assert asked.mark({**left_open, "my_number": "12"}).outcome is Outcome.NOT_ATTEMPTED
    assert asked.mark({**left_open, "my_number": "12", "notice_when_sliced": [1]}).outcome is Outcome.WRONG


@pytest.mark.parametrize(
    ("question_id", "own", "said"),
    [
        ("one_head.by_hand", ..., "Write an integer in place of the ..."),
        ("one_head.by_hand", 1.5, "my_number should be an integer; it is "),
        ("one_head.by_hand", True, "my_number should be an integer; it is "),
        pytest.param(
            "one_head.by_hand",
            10**5000,
            "my_number should be an integer of at most 1000 digits; it has more",
            id="long",
        ),
        ("one_head.project", 1, "one_head.project has no numbers of its own."),
        ("one_head.nothing", 1, "There is no question 'one_head.nothing'"),
    ],
)
def test_what_cannot_be_shown_is_said(
    question_id: str, own: object, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    show_numbers(question_id, own)
    assert capsys.readouterr().out.startswith(said)
