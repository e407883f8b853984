"""Where an answer first goes wrong, told from its own arrays."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograder.checks import question
from autograder.marking import Report

from .answers.layers import concat, layer, split
from .support import solved


def softmax(scores, axis=-1):
    exps = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return exps / exps.sum(axis=axis, keepdims=True)


def _report(asked: str, **names: Any) -> Report:
    return question(asked).mark({**solved(asked.partition(".")[0]), **names})


def _head(x, w_q, w_k, w_v):
    q, k, v = x @ w_q, x @ w_k, x @ w_v
    scores = q @ k.swapaxes(-1, -2)
    w = softmax(scores / np.sqrt(q.shape[-1]), axis=-2)
    return w @ v


def test_a_trail_names_what_is_right_and_ends_at_what_is_not() -> None:
    report = _report("one_head.head", attention_head=_head)
    steps = [(step.name, step.stage, step.right) for step in report.trail]
    assert steps == [
        ("q", "q", True),
        ("k", "k", True),
        ("v", "v", True),
        ("scores", "scores", True),
        ("scores / np.sqrt(q.shape[-1])", "scaled scores", True),
        ("w", "weights", False),
    ]
    assert report.first_wrong == "weights"
    last = report.trail[-1]
    assert last.axes == ("B", "T", "T")
    assert "columns to 1" in last.differs


def test_the_trail_is_plain_data_beside_the_mistakes() -> None:
    told = _report("one_head.head", attention_head=_head).as_dict()
    assert told["first_wrong"] == "weights"
    assert told["explanation"] == ""
    assert told["trail"][0] == {
        "name": "q", "shape": [2, 5, 4], "axes": ["B", "T", "d_k"], "stage": "q", "right": True, "says": "",
    }  # fmt: skip


def test_one_expression_shows_its_parts() -> None:
    report = _report(
        "one_head.head",
        attention_head=lambda x, w_q, w_k, w_v: softmax(x @ w_q @ (x @ w_k).swapaxes(-1, -2) * 3) @ (x @ w_v),
    )
    assert report.first_wrong == "scaled scores"
    assert [step.stage for step in report.trail if step.right][:2] == ["q", "k"]
    assert "6 times" in report.trail[-1].differs


def test_a_loop_over_heads_shows_head_0() -> None:
    def several_heads(x, w_q, w_k, w_v):
        heads = []
        for h in range(len(w_q)):
            q, k, v = x @ w_q[h], x @ w_k[h], x @ w_v[h]
            weights = softmax(q @ k.swapaxes(-1, -2) / q.shape[-1])
            heads.append(weights @ v)
        return np.stack(heads)

    report = _report("several_heads.two_heads", several_heads=several_heads)
    assert report.first_wrong == "scaled scores"
    assert [step.name for step in report.trail][:3] == ["q", "k", "v"]


def test_heads_folded_into_the_batch_are_read_as_such() -> None:
    def folded(x, w_q, w_k, w_v, w_o, num_heads, context=None, mask=None):
        context = x if context is None else context
        b, h = len(x), num_heads
        q, k, v = (split(a, h) for a in (x @ w_q, context @ w_k, context @ w_v))
        q, k, v = (a.reshape(b * h, *a.shape[2:]) for a in (q, k, v))
        scores = q @ k.swapaxes(-1, -2) / np.sqrt(q.shape[-1])
        weights = softmax(scores)
        mixed = (weights @ v).reshape(b, h, x.shape[1], -1)
        return concat(mixed) @ w_o

    report = _report("multi_head_attention.layer", multi_head_attention=folded)
    assert report.first_wrong == "masked scores"
    scores = next(step for step in report.trail if step.name == "scores")
    assert scores.axes == ("B·H", "T_q", "T_k")
    assert scores.right


def test_functions_of_earlier_cells_are_followed() -> None:
    report = _report("multi_head_attention.layer", **layer(concat=lambda heads: concat(heads[:, ::-1])))
    assert report.first_wrong == "concatenation"


def test_a_list_answer_is_followed_too() -> None:
    report = _report("one_head.project", project=lambda x, w_q, w_k, w_v: [x @ w_q, x @ w_k, x @ w_v * 2])
    assert report.first_wrong == "v"


def test_what_only_another_call_shows_is_followed_there() -> None:
    def head(x, w_q, w_k, w_v):
        q, k, v = x @ w_q, x @ w_k, x @ w_v
        exps = np.exp(q @ k.swapaxes(-1, -2) / np.sqrt(q.shape[-1]))
        weights = exps / exps.sum(axis=-1, keepdims=True)
        return weights @ v

    report = _report("one_head.head", attention_head=head)
    assert [m.name for m in report.mistakes] == ["softmax_overflows"]
    assert report.first_wrong == "weights"
    assert "NaN" in report.trail[-1].differs


def test_an_error_ends_the_trail_at_the_stage_that_does_not_come_about() -> None:
    def head(x, w_q, w_k, w_v):
        q, k, v = x @ w_q, x @ w_k, x @ w_v
        return softmax(q @ k) @ v

    report = _report("one_head.head", attention_head=head)
    assert [step.stage for step in report.trail] == ["q", "k", "v"]
    assert report.first_wrong == "scores"
    assert report.explanation


def test_an_answer_that_returns_an_earlier_stage_is_told_which() -> None:
    report = _report("one_head.scores", scaled_scores=lambda q, k: q @ np.swapaxes(k, -1, -2))
    assert [(step.stage, step.right) for step in report.trail] == [("scores", True), ("scaled scores", False)]
    assert "It matches scores, and the result should be scaled scores" in report.trail[-1].differs

    def head(x, w_q, w_k, w_v):
        q, k, v = x @ w_q, x @ w_k, x @ w_v
        w = softmax(q @ k.swapaxes(-1, -2) / np.sqrt(q.shape[-1]))
        w @ v
        return w

    report = _report("one_head.head", attention_head=head)
    assert "It matches weights" in report.trail[-1].differs
    assert report.first_wrong == "mixed values"


def test_of_two_mistakes_with_the_same_numbers_the_one_that_the_arrays_show_is_named() -> None:
    def head(x, w_q, w_k, w_v):
        q, k, v = x @ w_q, x @ w_k, x @ w_v
        scores = k @ q.swapaxes(-1, -2) / np.sqrt(q.shape[-1])
        return softmax(scores) @ v

    def swapped(x, w_q, w_k, w_v):
        q, k, v = x @ w_k, x @ w_q, x @ w_v
        scores = q @ k.swapaxes(-1, -2) / np.sqrt(q.shape[-1])
        return softmax(scores) @ v

    named = [[m.name for m in _report("one_head.head", attention_head=f).mistakes] for f in (head, swapped)]
    assert named == [["keys_by_queries"], ["w_q_and_w_k_swapped"]]


def test_what_took_the_place_of_the_weights_is_found() -> None:
    def head(x, w_q, w_k, w_v):
        q, k, v = x @ w_q, x @ w_k, x @ w_v
        exps = np.exp(q @ k.swapaxes(-1, -2) / np.sqrt(q.shape[-1]))
        return exps @ v

    assert _report("one_head.head", attention_head=head).first_wrong == "weights"


def test_a_right_answer_is_not_watched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("autograder.marking.noted.record", lambda *_: pytest.fail("watched"))
    report = question("one_head.head").mark(solved("one_head"))
    assert (report.trail, report.first_wrong, report.explanation) == ((), "", "")


def test_an_answer_that_is_right_but_changes_its_input_has_no_trail() -> None:
    def scaled_scores(q, k):
        q /= np.sqrt(q.shape[-1])
        return q @ k.swapaxes(-1, -2)

    assert _report("one_head.scores", scaled_scores=scaled_scores).trail == ()


def test_a_trail_does_not_change_what_a_later_question_sees() -> None:
    calls: list[int] = []

    def counted(scores):
        calls.append(1)
        return softmax(scores, axis=-2)

    asked = question("one_head.head")
    names = {**solved("one_head"), "softmax": counted}
    asked.mark(names)  # type: ignore[arg-type]
    once = len(calls)
    question("one_head.softmax").mistakes_in(names)
    assert len(calls) - once == sum(
        2 if case.twice else 1 for f in question("one_head.softmax").drawn("") for case, _ in f
    )


@pytest.mark.parametrize(
    "lie",
    [
        None,
        [],
        {"notes": None},
        {"notes": [["q", "name", 0, "text"], ["q", "name", 0], 3, ["q", "name", -1, np.ones((2, 5, 4))]], "error": 7},
        {
            "notes": [["<b>`x`\x1b[31m" * 90, "name", 10**9, np.full((2, 5, 5), np.nan)]],
            "error": {"kind": 3, "parts": [1]},
        },
        {"notes": [["w", "name", 0, np.array(["a"])], ["w", "result", 0, np.ones((2, 5, 5), dtype=complex)]]},
    ],
)
def test_a_record_that_lies_costs_and_earns_nothing(lie: Any) -> None:
    class Elsewhere:
        """A function on the other side of a line, whose side tells what it likes."""

        def __call__(self, *args):
            return _head(*args)

        def __recorded__(self, *args):
            return lie

    honest = _report("one_head.head", attention_head=_head)
    report = _report("one_head.head", attention_head=Elsewhere())
    assert (report.outcome, report.share, report.mistakes) == (honest.outcome, honest.share, honest.mistakes)
    assert "\x1b" not in str(report)
