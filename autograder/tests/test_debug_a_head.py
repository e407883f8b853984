"""Unit 7: the heads of the notebook are those of the check, symptoms give no cause away, and no test passes for saying one thing."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograder.checks import questions
from autograder.checks.heads import BATCH, BROKEN, COLOURS, HEADS, LARGE, MISTAKE_IN, RIGHT, WHOLE_NUMBERS, causal_head
from autograder.checks.inputs import head_weights, integers, large, self_attention
from autograder.checks.symptoms import Head, symptoms
from autograder.marking import Outcome
from autograder.marking.calls import observe
from autograder.marking.compare import agrees
from autograder.tests.support import solved, untouched

QUESTIONS = questions("debug_a_head")
RNG = np.random.default_rng(8)
INPUTS = {
    "one sequence": self_attention(RNG, 5),
    "a batch": self_attention(RNG, 2, 6, d_model=7),
    "all sizes equal": self_attention(RNG, 4, 4, d_model=4, d_k=4, d_v=4),
    "large tokens": (large(RNG.standard_normal((2, 6, 12))), *head_weights(RNG, 12, 4, 6)),
    "whole numbers": (integers(RNG, 5, 12), *head_weights(RNG, 12, 4, 6)),
}


def _same_on(head: Head, other: Head, *inputs: str) -> bool:
    seen = ((observe(head, INPUTS[name], {}), observe(other, INPUTS[name], {})) for name in inputs)
    return all(not a.raised and not b.raised and agrees(a.value, b.value) for a, b in seen)


@pytest.mark.parametrize("letter", MISTAKE_IN)
def test_the_head_to_repair_does_what_the_check_takes_it_for(letter: str) -> None:
    assert _same_on(untouched("debug_a_head")[f"head_{letter}"], HEADS[letter], *INPUTS)
    assert not _same_on(HEADS[letter], causal_head, "one sequence")


@pytest.mark.parametrize("letter", MISTAKE_IN)
def test_a_head_that_still_does_what_it_did_is_not_attempted_however_it_is_written(letter: str) -> None:
    question = QUESTIONS[f"debug_a_head.repair_{letter}"]
    report = question.mark({f"head_{letter}": lambda *args: 1 * HEADS[letter](*args)})
    assert (report.outcome, report.marks, report.mistakes) == (Outcome.NOT_ATTEMPTED, 0.0, ())
    assert "symptoms" in str(report)


def test_until_answered_the_reports_hold_symptoms_and_no_cause() -> None:
    causes = [mistake.says for mistake in MISTAKE_IN.values()]
    for question in list(QUESTIONS.values())[:-1]:
        report = question.mark({**untouched("debug_a_head"), "my_number": 5})
        assert report.outcome is Outcome.NOT_ATTEMPTED
        assert not [cause for cause in causes if cause in str(report)]
        assert not [mistake for mistake in MISTAKE_IN.values() if mistake.name in str(report)]
    told = QUESTIONS["debug_a_head.suspects"].mark({**untouched("debug_a_head"), "my_number": 5}).seen
    assert [line.split(" head:")[0] for line in told] == [f"The {colour}" for colour in COLOURS]
    assert len({line.split(" head:")[1] for line in told}) == len(COLOURS)


@pytest.mark.parametrize("told", RIGHT, ids=lambda t: t.label)
def test_a_right_head_is_right_on_every_input_and_has_no_symptoms(told: Any) -> None:
    assert _same_on(told.head, causal_head, *(set(INPUTS) - {"large tokens"}))
    assert np.isfinite(told.head(*INPUTS["large tokens"])).all()
    assert symptoms(told.head) == ()


@pytest.mark.parametrize("told", BROKEN, ids=lambda t: t.label)
def test_a_broken_head_is_broken_where_its_label_says(told: Any) -> None:
    where = {
        **dict.fromkeys(BATCH, "a batch"),
        **dict.fromkeys(LARGE, "large tokens"),
        **dict.fromkeys(WHOLE_NUMBERS, "whole numbers"),
    }
    if told in where:
        assert _same_on(told.head, causal_head, "one sequence")
        assert not symptoms(told.head)
    else:
        assert symptoms(told.head)
    assert not _same_on(told.head, causal_head, where.get(told, "one sequence"))


@pytest.mark.parametrize("answer", [True, False, None, 1, "yes"])
def test_a_test_that_always_says_the_same_earns_nothing(answer: object) -> None:
    report = QUESTIONS["debug_a_head.shows_bug"].mark({"shows_bug": lambda head: answer})
    assert (report.outcome, report.marks) == (Outcome.WRONG, 0.0)


def test_a_test_may_compare_with_a_head_repaired_in_the_notebook() -> None:
    names = solved("debug_a_head")
    right = names["head_e"]

    def shows_bug(head: Head) -> bool:
        try:
            for name, args in INPUTS.items():
                got = head(*args)
                if name == "large tokens":
                    if not np.isfinite(got).all():
                        return True
                elif np.shape(got) != np.shape(right(*args)) or not np.allclose(got, right(*args), atol=1e-3):
                    return True
        except Exception:
            return True
        return False

    report = QUESTIONS["debug_a_head.shows_bug"].mark({**names, "shows_bug": shows_bug})
    assert report.outcome is Outcome.PASSED, str(report)


def test_in_the_notebook_each_head_shows_its_symptom_and_no_other(capsys: pytest.CaptureFixture[str]) -> None:
    names = solved("debug_a_head")
    shown = {}
    for letter, head in {**HEADS, "repaired": names["head_a"]}.items():
        names["show_symptoms"](head, letter)
        lines = capsys.readouterr().out.splitlines()[1:-1]
        shown[letter] = {line[2:15].strip(): line[16:] for line in lines}
    healthy = shown["repaired"]
    assert healthy["row sums"] == "[1. 1. 1. 1. 1.]"
    assert healthy["log-ratios"] == "[0.5 0.5 0.5 0.5 0.5 0.5]"
    usual = {
        name: {what for what in symptoms_ if symptoms_[what] != healthy.get(what)} for name, symptoms_ in shown.items()
    }
    assert usual["a"] == {"row sums", "column sums", "on itself"}
    assert usual["b"] == {"column sums", "on itself", "log-ratios", "no effect"}
    assert "nan" in shown["c"]["row sums"]
    assert usual["d"] == {"shape", "no effect"}
    assert usual["e"] == {"column sums", "on the future", "on itself"}
    assert usual["f"] == {"column sums", "on itself", "log-ratios"}
