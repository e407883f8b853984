"""What wrong answers get that the diagnosis was not written for, counted: `make bench` prints the same for the others."""

from __future__ import annotations

import linecache

import pytest

from autograder.checks import question
from autograder.marking import Outcome, Report

from .support import solved
from .told import told
from .unseen import UNSEEN, Unseen
from .unseen_last import LAST
from .unseen_public import PUBLIC


def _marked(i: int, answer: Unseen) -> Report:
    file = f"<unseen {i}>"
    linecache.cache[file] = (len(answer.cell), None, answer.cell.splitlines(keepends=True), file)
    names = solved(answer.question.partition(".")[0])
    exec(compile(answer.cell, file, "exec"), names)
    return question(answer.question).mark(names)


@pytest.fixture(scope="module", params=[UNSEEN, PUBLIC, LAST], ids=["own", "public", "last"])
def answers(request: pytest.FixtureRequest) -> list[tuple[Unseen, Report]]:
    return [(answer, _marked(i, answer)) for i, answer in enumerate(request.param)]


def test_every_one_is_wrong(answers: list[tuple[Unseen, Report]]) -> None:
    assert len(answers) >= 40
    assert all(report.outcome in (Outcome.WRONG, Outcome.RAISED) for _, report in answers)


def test_nine_of_ten_are_named_found_at_the_right_stage_or_explained(answers: list[tuple[Unseen, Report]]) -> None:
    right = [bool(r.mistakes or r.explanation) or r.first_wrong in answer.stages for answer, r in answers]
    assert sum(right) / len(right) >= 0.9
    assert all(told(report) != "nothing" for _, report in answers)


def test_none_is_said_to_go_wrong_where_it_does_not(answers: list[tuple[Unseen, Report]]) -> None:
    """A name has its own stage, which may be another form of the same; what is only localised has to be at the right one."""
    wrong = [
        a.label for a, r in answers if a.stages and not r.mistakes and r.first_wrong and r.first_wrong not in a.stages
    ]
    assert len(wrong) <= 3, wrong
