"""A call of a learner's function is watched: what is noted, how much of it, and that nothing of it stays."""

from __future__ import annotations

import random
import sys

import numpy as np
import pytest

from autograder.recording import record, tracer

Q, K = np.random.default_rng(0).normal(size=(5, 4)), np.random.default_rng(1).normal(size=(7, 4))


def _softmax(scores):
    exps = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return exps / exps.sum(axis=-1, keepdims=True)


def _names(found: dict) -> list[str]:
    return [text for text, *_ in found["notes"]]


def test_assigned_arrays_are_noted_in_their_order_and_arguments_are_not() -> None:
    def weights(q, k):
        scores = q @ k.T
        scaled = scores / 2
        return _softmax(scaled)

    found = record(weights, (Q, K), {})
    own = [text for text, kind, depth, _ in found["notes"] if kind == "name" and depth == 0]
    assert own == ["scores", "scaled"]
    assert found["notes"][-1][:3] == ["result", "result", 0]
    np.testing.assert_array_equal(found["notes"][-1][3], weights(Q, K))
    assert found["error"] is None


def test_the_parts_of_one_expression_are_noted() -> None:
    found = record(lambda q, k: _softmax(q @ k.T / np.sqrt(q.shape[-1])), (Q, K), {})
    assert "q @ k.T" in _names(found)
    assert "q @ k.T / np.sqrt(q.shape[-1])" in _names(found)


def test_a_learners_function_is_never_called_again_for_a_part() -> None:
    calls = []

    def counted(q):
        calls.append(1)
        return q

    record(lambda q, k: counted(q) @ k.T, (Q, K), {})
    assert len(calls) == 1


def test_what_a_helper_is_given_and_returns_is_noted() -> None:
    found = record(lambda q, k: _softmax(q @ k.T), (Q, K), {})
    assert {"scores", "exps", "_softmax(…)"} <= set(_names(found))


def test_a_change_in_place_is_noted() -> None:
    def scaled(q, k):
        scores = q @ k.T
        scores /= 2
        return scores

    arrays = [array for text, _, _, array in record(scaled, (Q, K), {})["notes"] if text == "scores"]
    assert len(arrays) == 2
    np.testing.assert_allclose(arrays[1], arrays[0] / 2)


def test_a_growing_list_of_heads_is_noted_as_an_array() -> None:
    def heads(q, k):
        made = []
        for _ in range(3):
            made.append(q @ k.T)
        return made

    assert record(heads, (Q, K), {})["notes"][-1][3].shape == (3, 5, 7)


def test_the_arguments_and_the_random_numbers_stay_as_they_were() -> None:
    def greedy(q, k):
        q[:] = np.random.normal(size=q.shape) + random.random()
        return q

    before, numbers, others = Q.copy(), np.random.get_state()[1].copy(), random.getstate()
    record(greedy, (Q, K), {})
    np.testing.assert_array_equal(Q, before)
    np.testing.assert_array_equal(np.random.get_state()[1], numbers)
    assert random.getstate() == others


def test_what_a_call_prints_is_not_shown(capsys: pytest.CaptureFixture[str]) -> None:
    record(lambda q, k: print("heard"), (Q, K), {})
    assert capsys.readouterr().out == ""


def test_a_call_that_goes_on_and_on_is_broken_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tracer, "EVENTS", 500)

    def endless(q, k):
        while True:
            q = q + 0

    found = record(endless, (Q, K), {})
    assert found["cut"]
    assert len(found["notes"]) <= tracer.NOTES
    assert sys.gettrace() is None


def test_a_loop_is_noted_for_a_few_rounds_only() -> None:
    def rows(q, k):
        for row in q.repeat(20, axis=0):
            scores = row @ k.T
        return scores

    assert _names(record(rows, (Q, K), {})).count("row") <= tracer.ROUNDS


def test_objects_that_fail_when_looked_at_break_nothing() -> None:
    class Sly(np.ndarray):
        def tobytes(self, *args):
            raise RuntimeError

    found = record(lambda q, k: q.view(Sly), (Q, K), {})
    assert found["error"] is None


def test_an_exception_is_told_with_its_line_and_what_met() -> None:
    def scores(q, k):
        return q @ k

    error = record(scores, (Q, K), {})["error"]
    assert error["kind"][0] == "ValueError"
    assert error["line"] == "return q @ k"
    assert error["form"] == "@"
    assert error["parts"] == [["q", ["array", [5, 4], "float64"]], ["k", ["array", [7, 4], "float64"]]]


def test_what_watches_already_is_left_alone() -> None:
    def mine(*_):
        return None

    sys.settrace(mine)
    try:
        assert record(_softmax, (Q,), {}) == {"notes": [], "error": None, "cut": True}
        assert sys.gettrace() is mine
    finally:
        sys.settrace(None)
