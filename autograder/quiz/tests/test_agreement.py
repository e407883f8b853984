"""Python and the ES module mark alike, read alike and draw alike."""

from __future__ import annotations

import json
import subprocess
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from autograder.quiz.cards import card
from autograder.quiz.draw import shuffled, variant_of
from autograder.quiz.marking import mark
from autograder.quiz.marking.number import read_number
from autograder.quiz.marking.shape import read_shape
from autograder.quiz.module import es_module
from autograder.quiz.questions import Bank
from autograder.quiz.review import ReviewRecord, rating_of, remembered, reviewed
from autograder.quiz.sentences import GENERAL, labelled_sentence
from autograder.quiz.text.html import to_inline_html

from .vectors import Vector, vectors

READINGS = json.loads(Path(__file__).with_name("readings.json").read_text(encoding="utf-8"))
DRAWS = [
    (seed, name, count)
    for seed in (1, 2, 99_999, 2**40)
    for name in ("session", "one_head.x", "ä")
    for count in (1, 3, 12)
]
RATED = [(score, seconds, 60) for score in (0, 0.4, 0.5, 0.9, 1) for seconds in (0, 19, 20, 21, 60, 120, 121)]


def _reviews(ratings: tuple[int, ...]) -> list[tuple[int, date, date]]:
    """Reviews one after another, now and then on the same day, with a later day on which to ask what is remembered."""
    days = [date(2026, 2, 25) + timedelta(days=rest) for rest in (0, 0, 1, 4, 30, 200)]
    return [(rating, day, day + timedelta(days=9)) for rating, day in zip(ratings, days, strict=True)]


REVIEWS = [
    _reviews(ratings)
    for ratings in [(3, 3, 3, 3, 3, 3), (1, 3, 3, 3, 3, 3), (4, 4, 4, 1, 4, 4), (2, 1, 3, 2, 1, 4), (1, 1, 1, 1, 1, 1)]
]


@pytest.fixture(scope="module")
def cases(bank: Bank, small: Bank) -> list[Vector]:
    return vectors(bank) + vectors(small)


@pytest.fixture(scope="module")
def from_node(cases: list[Vector], node: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    module = tmp_path_factory.mktemp("module") / "quiz.mjs"
    module.write_text(es_module(), encoding="utf-8")
    given = {
        "cards": {case.question.id: card(case.question) for case in cases},
        "general": GENERAL,
        "answers": [{"id": case.question.id, "variant": case.variant, "answer": case.answer} for case in cases],
        "numbers": READINGS["numbers"],
        "shapes": READINGS["shapes"],
        "draws": DRAWS,
        "reviews": [[(rating, str(day), str(later)) for rating, day, later in steps] for steps in REVIEWS],
        "ratings": RATED,
    }
    script = Path(__file__).with_name("agreement.mjs")
    run = subprocess.run(
        [node, str(script), str(module)], input=json.dumps(given), capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    made: dict[str, Any] = json.loads(run.stdout)
    return made


def test_there_are_several_hundred_vectors_of_every_verdict(cases: list[Vector]) -> None:
    readable = [case.score for case in cases if case.score is not None]
    assert len(readable) > 500
    assert min(readable.count(1.0), readable.count(0.0), sum(0 < score < 1 for score in readable)) > 50


def test_python_marks_every_vector_as_the_bank_says(cases: list[Vector]) -> None:
    for case in cases:
        made = mark(case.question, case.answer, case.variant)
        assert (made.readable, made.score) == (case.score is not None, pytest.approx(case.score or 0)), case
        assert [list(note) for note in made.notes] == case.notes, case


def test_the_module_marks_every_vector_as_python_does(cases: list[Vector], from_node: dict[str, Any]) -> None:
    assert len(from_node["marks"]) == len(cases)
    for case, there in zip(cases, from_node["marks"], strict=True):
        here = mark(case.question, case.answer, case.variant)
        assert there["score"] == pytest.approx(here.score, abs=1e-12), case
        assert (there["readable"], there["notes"]) == (here.readable, [list(note) for note in here.notes]), case


def test_the_module_says_of_every_vector_what_python_does(cases: list[Vector], from_node: dict[str, Any]) -> None:
    for case, there in zip(cases, from_node["said"], strict=True):
        notes = mark(case.question, case.answer, case.variant).notes
        assert there == [to_inline_html(labelled_sentence(case.question, note, case.variant)) for note in notes], case


def test_numbers_are_read_alike(from_node: dict[str, Any]) -> None:
    for (written, unit, expected), there in zip(READINGS["numbers"], from_node["numbers"], strict=True):
        here = read_number(written, unit)
        assert here == (None if expected is None else pytest.approx(expected)), written
        assert there == (None if here is None else pytest.approx(here)), written


def test_shapes_are_read_alike(from_node: dict[str, Any]) -> None:
    for (written, expected), there in zip(READINGS["shapes"], from_node["shapes"], strict=True):
        here = read_shape(written)
        assert (None if here is None else list(here)) == expected, written
        assert there == expected, written


def test_a_seed_draws_the_same_everywhere(from_node: dict[str, Any]) -> None:
    for (seed, name, count), there in zip(DRAWS, from_node["draws"], strict=True):
        assert there == [shuffled(range(count), seed, name), variant_of(seed, name, count)], (seed, name)


def test_both_bring_a_question_back_on_the_same_day(from_node: dict[str, Any]) -> None:
    for steps, there in zip(REVIEWS, from_node["reviews"], strict=True):
        record = ReviewRecord()
        for (rating, day, later), (made, chance) in zip(steps, there, strict=True):
            record = reviewed(record, rating, rating > 1, day)
            assert (made["asked"], made["right"], made["last"], made["due"]) == (
                record.asked,
                record.right,
                str(record.last),
                str(record.due),
            )
            assert made["stability"] == pytest.approx(record.stability, rel=1e-5)
            assert made["difficulty"] == pytest.approx(record.difficulty, rel=1e-5)
            assert chance == pytest.approx(remembered(record, later), rel=1e-4)


def test_both_rate_an_answer_alike(from_node: dict[str, Any]) -> None:
    assert from_node["ratings"] == [rating_of(*given) for given in RATED]
