"""One slip is charged once: an assembly that is right given an earlier, named mistake keeps its points."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder.checks import questions
from autograder.marking import Outcome
from autograder.tests.support import solved

QUESTIONS = questions("one_head")


def _with(**pieces: Any) -> dict[str, Any]:
    """A notebook whose attention_head calls its own pieces, as the solution does."""
    names = {**solved("one_head"), **pieces}

    def attention_head(x: Any, w_q: Any, w_k: Any, w_v: Any) -> Any:
        q, k, v = names["project"](x, w_q, w_k, w_v)
        return names["mix"](names["softmax"](names["scaled_scores"](q, k)), v)

    return {**names, "attention_head": attention_head}


def _unscaled(q: Any, k: Any) -> Any:
    return q @ np.swapaxes(k, -1, -2)


def test_a_named_mistake_in_a_piece_costs_its_points_there_and_not_in_the_head() -> None:
    names = _with(scaled_scores=_unscaled)
    assert QUESTIONS["one_head.scores"].mark(names).share < 1
    head = QUESTIONS["one_head.head"].mark(names)
    assert (head.outcome, head.share) == (Outcome.PASSED, 1.0)
    assert any("one_head.scores" in facet.note for facet in head.facets)
    assert head.mistakes == ()


def test_a_softmax_that_overflows_is_carried_with_its_nan() -> None:
    names = _with(softmax=lambda s: np.exp(s) / np.exp(s).sum(-1, keepdims=True))
    head = QUESTIONS["one_head.head"].mark(names)
    assert (head.outcome, head.share) == (Outcome.PASSED, 1.0)


def test_two_named_mistakes_in_two_pieces_are_both_carried() -> None:
    names = _with(scaled_scores=_unscaled, mix=lambda w, v: np.swapaxes(w, -1, -2) @ v)
    head = QUESTIONS["one_head.head"].mark(names)
    assert head.share == 1.0


def test_a_mistake_without_a_name_carries_nothing_through() -> None:
    names = _with(
        scaled_scores=lambda q, k: q @ np.swapaxes(k, -1, -2) / np.sqrt(q.shape[-1]) + np.swapaxes(k[..., :1], -1, -2)
    )
    assert QUESTIONS["one_head.scores"].mark(names).mistakes == ()
    assert QUESTIONS["one_head.head"].mark(names).share < 1


def test_a_new_mistake_in_the_assembly_is_charged_there() -> None:
    names = _with(scaled_scores=_unscaled)
    right = names["attention_head"]
    names["attention_head"] = lambda x, w_q, w_k, w_v: right(x, w_q, w_q, w_v)
    head = QUESTIONS["one_head.head"].mark(names)
    assert head.outcome is Outcome.WRONG
    assert "w_q_for_keys" in [m.name for m in head.mistakes]


def test_a_head_that_does_not_use_the_wrong_piece_is_simply_right() -> None:
    names = {**_with(), "scaled_scores": _unscaled}
    assert QUESTIONS["one_head.head"].mark(names).outcome is Outcome.PASSED
