"""How an answer is tested over many seeds. The tests stand in one file per two units, so that workers share them."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

import pytest

from autograder.checks import question, questions
from autograder.marking import FunctionQuestion, Outcome, Question, Report

from .answers import Right, Wrong
from .support import answers, solved

SEEDS = [str(seed) for seed in range(100)]

# A seed decides the cases and what is right in them, whoever answers: drawn once for all answers.
_draw = FunctionQuestion.drawn
_kept: dict[tuple[str, str], Any] = {}


def _drawn_once(asked: FunctionQuestion, seed: str) -> Any:
    if (asked.id, seed) not in _kept:
        _kept[asked.id, seed] = _draw(asked, seed)
    return _kept[asked.id, seed]


def right_answers(*units: str) -> pytest.MarkDecorator:
    """Parametrizes a test with the right answers of these units."""
    return pytest.mark.parametrize(
        ("unit", "answer"),
        [pytest.param(unit, a, id=f"{unit}: {a.label}") for unit in units for a in answers(unit).RIGHT],
    )


def wrong_answers(*units: str) -> pytest.MarkDecorator:
    """Parametrizes a test with the wrong answers of these units."""
    return pytest.mark.parametrize(
        "answer",
        [pytest.param(a, id=f"{a.question}: {a.label}") for unit in units for a in answers(unit).WRONG],
    )


def assert_full_with_every_seed(unit: str, answer: Right) -> None:
    names = {**solved(unit), **answer.names}
    for asked in questions(unit).values():
        own = getattr(asked, "name", None)
        # The other questions' answers are the solution's; they may call this one, so they are asked, but once.
        for seed in SEEDS if own is None or own in answer.names else SEEDS[:1]:
            report = _mark(asked, names, seed)
            assert (report.outcome, report.mistakes) == (Outcome.PASSED, ()), str(report)


def assert_marked_and_diagnosed_with_every_seed(answer: Wrong) -> None:
    unit = answer.question.partition(".")[0]
    names = {**solved(unit), **answer.names}
    asked = question(answer.question)
    for seed in SEEDS:
        report = _mark(asked, names, seed)
        assert report.outcome in (Outcome.WRONG, Outcome.RAISED), str(report)
        assert report.share == pytest.approx(answer.share), str(report)
        assert sorted(m.name for m in report.mistakes) == sorted(answer.mistakes), str(report)


def _mark(asked: Question, names: dict[str, Any], seed: str) -> Report:
    with patch.object(FunctionQuestion, "drawn", _drawn_once):
        return asked.mark(names, seed)
