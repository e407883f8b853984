"""The grader's own strength: solutions score full, untouched notebooks nothing, and shares are shares.

Answers in other styles and wrong ones, over 100 seeds: `test_strength_1_and_2.py` and those beside it.
"""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from autograder.checks import questions
from autograder.marking import Outcome
from autograder.tests.support import UNITS, solved, untouched


@pytest.mark.parametrize("unit", UNITS)
def test_every_solution_scores_full(unit: str) -> None:
    for question in questions(unit).values():
        report = question.mark(solved(unit))
        assert (report.outcome, report.marks) == (Outcome.PASSED, question.points), str(report)


@pytest.mark.parametrize("unit", UNITS)
def test_every_untouched_notebook_scores_0_and_is_called_not_attempted(unit: str) -> None:
    for question in questions(unit).values():
        report = question.mark(untouched(unit))
        assert (report.outcome, report.marks) == (Outcome.NOT_ATTEMPTED, 0.0), str(report)


@pytest.mark.parametrize("unit", UNITS)
def test_the_shares_of_a_question_add_up_to_1(unit: str) -> None:
    for question in questions(unit).values():
        assert sum(share for _, share in question.shares()) == pytest.approx(1), question.id


def test_every_unit_is_tested_over_many_seeds_once() -> None:
    files = Path(__file__).parent.glob("test_strength_*.py")
    tested = [unit for f in files for unit in importlib.import_module(f"{__package__}.{f.stem}").UNITS]
    assert sorted(tested) == sorted(UNITS)
