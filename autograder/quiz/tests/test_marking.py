"""Marks on the small course, by hand: what is partly right, and what is said first."""

from __future__ import annotations

from typing import Any

import pytest

from autograder.quiz.marking import mark
from autograder.quiz.questions import Bank, NumberQuestion
from autograder.quiz.sentences import labelled_sentence, sentence

CASES: list[tuple[str, Any, float, list[str]]] = [
    ("tiny.softmax", [0], 0.5, ["An exponential is positive."]),
    ("tiny.softmax", [0, 1, 2], 0.5, ["The softmax runs over the keys, not over the queries."]),
    (
        "tiny.softmax",
        [0, 1, 2, 3],
        0,
        ["The softmax runs over the keys, not over the queries.", "Only a one-hot row has a weight of 1."],
    ),
    ("tiny.width", "768", 0, ["768 is the width of the whole model; the heads share it."]),
    (
        "tiny.width",
        "63",
        0,
        ["This number is none of the common mistakes. Go through the calculation one step at a time."],
    ),
    # Scaling stands before the scores; everything after it has what it needs.
    ("tiny.steps", [0, 1, 4, 3, 5, 2, 6], 0.75, ["There are no scores to scale yet."]),
    ("tiny.steps", [2, 1, 0, 3, 4, 5, 6], 1, []),
    ("tiny.steps", [0, 1, 2, 3, 4, 5], 0.75, ["This step was left out: weighted sum of the values"]),
    ("tiny.steps", [0, 1, 3, 4, 5, 6], 0.75, ["The mix needs weights and values."]),
    ("tiny.steps", [0, 1, 2, 3, 4, 5, 6, 7], 0.75, ["The output projection follows the concatenation of all heads."]),
    ("tiny.steps", [6, 5, 4, 3, 2, 1, 0], 0, ["The mix needs weights and values."]),
    ("tiny.letters", [0, 0, None], 2 / 3, ["Nothing was matched to: $W_o$"]),
    ("tiny.letters", [2, 2, 1], 1 / 3, ["That is the shape of one head's weights."]),
    ("tiny.letters", [1, 0, 1], 2 / 3, ["$W_q$ takes the model's width to all the queries."]),
    ("tiny.shape", "(B, H, T, d_head)", 1, []),
    ("tiny.shape", "(T, B, H, d_k)", 0, ["These are the right axes in another order."]),
    ("tiny.shape", "(B, H, d_k)", 0, ["The number of axes differs: yours has 3."]),
    ("tiny.shape", "(B, H, T, d_v)", 0, ["Axis 4 differs; count the axes from 1."]),
    ("tiny.bug", 3, 0, ["The scale is the square root of the head's width."]),
]


@pytest.mark.parametrize(("name", "answer", "score", "said"), CASES)
def test_an_answer_gets_its_share_and_its_sentences(
    small: Bank, name: str, answer: Any, score: float, said: list[str]
) -> None:
    question = next(question for question in small.questions if question.id == name)
    variant = question.variants.index({"d_model": 768, "H": 12}) if isinstance(question, NumberQuestion) else 0
    made = mark(question, answer, variant)
    assert made.score == pytest.approx(score)
    assert [sentence(question, note, variant) for note in made.notes] == said
    assert made.verdict == ("right" if score == 1 else "partly" if score else "wrong")


@pytest.mark.parametrize(
    ("name", "answer"),
    [("tiny.bug", 4), ("tiny.steps", [0, 0]), ("tiny.letters", [0, 0]), ("tiny.width", "6 4"), ("tiny.shape", "B, ?")],
)
def test_what_cannot_be_an_answer_is_unreadable_and_not_wrong(small: Bank, name: str, answer: Any) -> None:
    question = next(question for question in small.questions if question.id == name)
    assert mark(question, answer).verdict == "unreadable"


@pytest.mark.parametrize(
    ("name", "answer", "said"),
    [
        ("tiny.steps", [0, 1, 4, 3, 5, 2, 6], ["**divide by $\\sqrt{d_k}$:** There are no scores to scale yet."]),
        ("tiny.letters", [0, 0, None], ["Nothing was matched to: $W_o$"]),
        (
            "tiny.softmax",
            [0, 1, 2],
            ["**Its columns sum to 1:** The softmax runs over the keys, not over the queries."],
        ),
        ("tiny.bug", 3, ["The scale is the square root of the head's width."]),
    ],
)
def test_where_an_answer_has_parts_the_part_is_named(small: Bank, name: str, answer: Any, said: list[str]) -> None:
    question = next(question for question in small.questions if question.id == name)
    assert [labelled_sentence(question, note) for note in mark(question, answer).notes] == said
