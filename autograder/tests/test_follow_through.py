"""One slip is charged once: an assembly that is right given an earlier, named mistake keeps its points."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

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


def _reversed(q: Any, k: Any) -> Any:
    return q @ k.T / np.sqrt(q.shape[-1])


@pytest.mark.parametrize("scores", [_reversed, lambda q, k: q @ k / np.sqrt(q.shape[-1])], ids=["k.T", "k"])
def test_a_named_mistake_that_raises_in_its_piece_costs_nothing_where_it_raises_in_the_head(scores: Any) -> None:
    names = _with(scaled_scores=scores)
    assert QUESTIONS["one_head.scores"].mark(names).mistakes
    head = QUESTIONS["one_head.head"].mark(names)
    assert (head.outcome, head.share) == (Outcome.PASSED, 1.0), str(head)


def _raises(*args: Any) -> Any:
    raise ValueError("matmul: the operands do not fit")


def test_a_head_that_raises_by_itself_earns_nothing_from_a_piece_that_raises_too() -> None:
    names = {**_with(scaled_scores=lambda q, k: q @ k / np.sqrt(q.shape[-1])), "attention_head": _raises}
    assert QUESTIONS["one_head.scores"].mark(names).mistakes
    assert QUESTIONS["one_head.head"].mark(names).share == 0


def test_an_error_does_not_count_where_the_numbers_are_another_mistakes() -> None:
    names = _with(scaled_scores=_reversed)
    right = names["attention_head"]
    names["attention_head"] = lambda x, w_q, w_k, w_v: right(x, w_q, w_q, w_v)
    head = QUESTIONS["one_head.head"].mark(names)
    assert [f.title for f in head.facets if f.passed] == ["values, when all scores are equal"]


def test_an_error_of_another_kind_than_the_pieces_is_charged() -> None:
    names = _with(scaled_scores=_reversed)
    right = names["attention_head"]
    names["attention_head"] = lambda x, *w: right(x, *w) if x.ndim == 2 else len(None)
    assert QUESTIONS["one_head.head"].mark(names).share == pytest.approx(0.6)


def test_a_piece_that_raises_without_a_name_or_was_not_attempted_carries_nothing_through() -> None:
    for piece in (_raises, _not_written):
        names = _with(scaled_scores=piece)
        assert QUESTIONS["one_head.scores"].mark(names).mistakes == ()
        assert QUESTIONS["one_head.head"].mark(names).share == 0


def _not_written(*args: Any) -> Any:
    raise NotImplementedError("Write scaled_scores.")


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
