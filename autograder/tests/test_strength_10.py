"""Over 100 seeds every answer of unit 10 gets the same mark and the same diagnosis."""

from __future__ import annotations

from .answers import Right, Wrong
from .strength import (
    assert_full_with_every_seed,
    assert_marked_and_diagnosed_with_every_seed,
    right_answers,
    wrong_answers,
)

UNITS = ("long_texts",)


@right_answers(*UNITS)
def test_a_right_answer_in_another_style_scores_full_with_every_seed(unit: str, answer: Right) -> None:
    assert_full_with_every_seed(unit, answer)


@wrong_answers(*UNITS)
def test_a_wrong_answer_gets_its_mark_and_its_diagnosis_with_every_seed(answer: Wrong) -> None:
    assert_marked_and_diagnosed_with_every_seed(answer)
