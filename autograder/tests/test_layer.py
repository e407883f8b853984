"""Unit 8: what is wrong in a piece is charged once, a mistake is named however the mask is written, and the small layer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import reference_impl as ref
from autograder.checks import questions
from autograder.checks.multi_head_attention import drawn_heads
from autograder.marking import Outcome
from autograder.tests.answers import layers
from autograder.tests.support import solved

QUESTIONS = questions("multi_head_attention")
PIECES, LAYER = QUESTIONS["multi_head_attention.pieces"], QUESTIONS["multi_head_attention.layer"]

Function = Callable[..., Any]
ROWS_WITHOUT_A_KEY: dict[str, Function] = {
    "zeros by the mask": layers.zero_rows,
    "NaN to zero": lambda weights, mask: np.nan_to_num(weights),
}


def _assembled(zero: Function, low: float, **wrong: Function) -> dict[str, Any]:
    """A right assembly in some style of masking, which calls the notebook's own pieces."""
    names = {**solved("multi_head_attention"), **wrong}

    def multi_head_attention(x, w_q, w_k, w_v, w_o, num_heads, context=None, mask=None):  # type: ignore[no-untyped-def]
        context = x if context is None else context
        q = names["split_heads"](x @ w_q, num_heads)
        k, v = (names["split_heads"](context @ w, num_heads) for w in (w_k, w_v))
        scores = names["scaled_scores"](q, k)
        if mask is None:
            weights = names["softmax"](scores)
        else:
            weights = zero(names["softmax"](np.where(mask, scores, low)), mask)
        return names["concat_heads"](weights @ v) @ w_o

    return {**names, "multi_head_attention": multi_head_attention}


WRONG_PIECES: dict[str, dict[str, Function]] = {
    "softmax over the queries": {"softmax": lambda s: layers.softmax(s, -2)},
    "softmax without the shift": {"softmax": lambda s: np.exp(s) / np.exp(s).sum(-1, keepdims=True)},
    "no scale": {"scaled_scores": lambda q, k: q @ np.swapaxes(k, -1, -2)},
    "scores by .T": {"scaled_scores": lambda q, k: q @ k.T / np.sqrt(q.shape[-1])},
    "split by a reshape": {"split_heads": lambda x, h: x.reshape(*x.shape[:-2], h, x.shape[-2], -1)},
    "heads in reverse": {"concat_heads": lambda heads: ref.concat_heads(heads[..., ::-1, :, :])},
    "two pieces": {
        "scaled_scores": lambda q, k: q @ np.swapaxes(k, -1, -2),
        "concat_heads": lambda heads: ref.concat_heads(heads[..., ::-1, :, :]),
    },
}


@pytest.mark.parametrize("low", [-np.inf, -1e9])
@pytest.mark.parametrize("piece", WRONG_PIECES)
def test_a_named_mistake_in_a_piece_is_charged_there_and_not_in_the_layer(piece: str, low: float) -> None:
    names = _assembled(layers.zero_rows, low, **WRONG_PIECES[piece])
    assert PIECES.mark(names).share < 1
    if piece == "scores by .T":  # with four axes it raises, so there are no numbers to follow
        assert LAYER.mark(names).share < 1
        return
    report = LAYER.mark(names)
    assert (report.outcome, report.share, report.mistakes) == (Outcome.PASSED, 1.0, ()), str(report)
    assert any("multi_head_attention.pieces" in facet.note for facet in report.facets)


def test_a_piece_that_makes_every_call_fail_earns_the_layer_nothing() -> None:
    names = _assembled(layers.zero_rows, -np.inf, split_heads=lambda x, h: x.reshape(*x.shape[:-1], h, -1))
    assert [m.name for m in PIECES.mark(names).mistakes] == ["head_axis_not_moved"]
    report = LAYER.mark({**names, "multi_head_attention": lambda *a, **k: [][0]})
    assert (report.outcome, report.share) == (Outcome.RAISED, 0.0)


def test_a_piece_without_a_name_for_its_mistake_carries_nothing() -> None:
    names = _assembled(layers.zero_rows, -np.inf, concat_heads=lambda heads: ref.concat_heads(heads) + 1)
    assert PIECES.mark(names).mistakes == ()
    assert LAYER.mark(names).share == 0


MISTAKES: dict[str, tuple[Function, Function]] = {
    "softmax_over_queries": (lambda s: layers.softmax(s, -2), lambda mask, scores: mask),
    "softmax_over_heads": (lambda s: layers.softmax(s, 1), lambda mask, scores: mask),
    "softmax_over_everything": (lambda s: layers.softmax(s, None), lambda mask, scores: mask),
    "not_normalised": (lambda s: np.exp(s - s.max(-1, keepdims=True)), lambda mask, scores: mask),
    "mask_inverted": (layers.softmax, lambda mask, scores: ~mask),
    "mask_on_queries": (layers.softmax, lambda mask, scores: np.broadcast_to(mask, scores.shape).swapaxes(-1, -2)),
    "first_mask_for_all": (layers.softmax, lambda mask, scores: mask[0] if mask.ndim == 4 else mask),
}


@pytest.mark.parametrize("low", [-np.inf, -1e9])
@pytest.mark.parametrize("rows", ["zeros by the mask", "NaN to zero", "left alone"])
@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_named_however_the_mask_is_written(mistake: str, rows: str, low: float) -> None:
    softmax, seen = MISTAKES[mistake]
    zero = ROWS_WITHOUT_A_KEY.get(rows, lambda weights, mask: weights)

    def attend(q, k, v, mask):  # type: ignore[no-untyped-def]
        scores = q @ np.swapaxes(k, -1, -2) / np.sqrt(q.shape[-1])
        if mask is None:
            return softmax(scores) @ v
        return zero(softmax(np.where(seen(mask, scores), scores, low)), mask) @ v

    report = LAYER.mark({**solved("multi_head_attention"), **layers.layer(attend=attend)})
    assert report.mistakes, str(report)
    assert report.mistakes[0].name == mistake
    assert {m.name for m in report.mistakes[1:]} <= {"empty_row_nan", "empty_row_uniform"}


def test_the_heads_of_the_small_layer_show_the_patterns_that_the_check_expects() -> None:
    names = solved("multi_head_attention")
    q, k = (ref.split_heads(names["small_x"] @ names[w], 4) for w in ("small_w_q", "small_w_k"))
    _, weights = ref.scaled_dot_product_attention(q, k, k, return_weights=True)
    heads = {name: weights[0, head] for name, head in drawn_heads(names["my_number"]).items()}
    words = np.array(names["words"])
    assert heads["previous token"].argmax(-1).tolist() == [0, 0, 1, 2, 3]
    assert heads["first token"].argmax(-1).tolist() == [0] * 5
    np.testing.assert_allclose(heads["everything"], 1 / 5)
    np.testing.assert_array_equal(heads["same word"] > 0.3, words[:, None] == words)
    for head in (heads["previous token"], heads["first token"]):
        assert head.max(-1).min() > 0.9
