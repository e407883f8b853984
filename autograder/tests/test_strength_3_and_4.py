"""Over 100 seeds every answer of units 3 and 4 gets the same mark and the same diagnosis."""

from __future__ import annotations

from .answers import Wrong
from .strength import assert_full_with_every_seed, assert_marked_and_diagnosed_with_every_seed, units, wrong_answers

UNITS = ("several_heads", "head_dimensions")


@units(*UNITS)
def test_right_answers_in_other_styles_score_full_with_every_seed(unit: str) -> None:
    assert_full_with_every_seed(unit)


@wrong_answers(*UNITS)
def test_a_wrong_answer_gets_its_mark_and_its_diagnosis_with_every_seed(wrongs: list[Wrong]) -> None:
    assert_marked_and_diagnosed_with_every_seed(wrongs)
