"""The grader's own strength: right answers in any style pass, wrong ones lose marks, and nobody is accused wrongly."""

from __future__ import annotations

import pytest

from autograder.checks import questions
from autograder.marking import Outcome
from autograder.tests.answers import Right, Wrong
from autograder.tests.support import UNITS, answers, solved, untouched

SEEDS = [str(seed) for seed in range(100)]
RIGHT = [pytest.param(unit, a, id=f"{unit}: {a.label}") for unit in UNITS for a in answers(unit).RIGHT]
WRONG = [pytest.param(unit, a, id=f"{a.question}: {a.label}") for unit in UNITS for a in answers(unit).WRONG]


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


@pytest.mark.parametrize(("unit", "answer"), RIGHT)
def test_a_right_answer_in_another_style_scores_full_with_every_seed(unit: str, answer: Right) -> None:
    names = {**solved(unit), **answer.names}
    for question in questions(unit).values():
        own = getattr(question, "name", None)
        # The other questions' answers are the solution's; they may call this one, so they are asked, but once.
        for seed in SEEDS if own is None or own in answer.names else SEEDS[:1]:
            report = question.mark(names, seed)
            assert (report.outcome, report.mistakes) == (Outcome.PASSED, ()), str(report)


@pytest.mark.parametrize(("unit", "answer"), WRONG)
def test_a_wrong_answer_gets_its_mark_and_its_diagnosis_with_every_seed(unit: str, answer: Wrong) -> None:
    names = {**solved(unit), **answer.names}
    for seed in SEEDS:
        report = questions(unit)[answer.question].mark(names, seed)
        assert report.outcome in (Outcome.WRONG, Outcome.RAISED), str(report)
        assert report.share == pytest.approx(answer.share), str(report)
        assert sorted(m.name for m in report.mistakes) == sorted(answer.mistakes), str(report)
