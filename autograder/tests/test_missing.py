"""What does not exist, because its cell was not run or came to an error, is told as that and nothing else."""

from __future__ import annotations

import pytest

from autograder.checks import questions
from autograder.marking import Outcome
from autograder.marking.render import as_html
from autograder.tests.support import UNITS, solved

CELL = "def scaled_scores(q, k)\n    return q @ k.T"


@pytest.mark.parametrize("unit", UNITS)
def test_a_question_whose_names_do_not_exist_says_so_and_not_that_nobody_tried(unit: str) -> None:
    for question in questions(unit).values():
        report = question.mark({})
        assert (report.outcome, report.marks) == (Outcome.NOT_ATTEMPTED, 0.0)
        for shown in (str(report), as_html(report)):
            assert "nothing to check yet" in shown.lower(), shown
            assert "not attempted" not in shown.lower(), shown
        assert "not exist yet. Run the cell" in str(report), str(report)


def test_after_a_syntax_error_the_report_sends_the_learner_to_the_error() -> None:
    names = {name: value for name, value in solved("one_head").items() if name != "scaled_scores"}
    with pytest.raises(SyntaxError):
        exec(CELL, names)
    said = str(questions("one_head")["one_head.scores"].mark(names))
    assert "scaled_scores does not exist yet." in said
    assert "If you see an error there, correct that first" in said


def test_of_several_pieces_those_that_do_not_exist_are_named_together() -> None:
    said = str(questions("multi_head_attention")["multi_head_attention.pieces"].mark({}))
    assert "softmax, scaled_scores, split_heads and concat_heads do not exist yet" in said
