"""Unit 6: its recipes are the reference, its inputs do what they are for, and a slip is charged once."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import reference_impl as ref
from autograder.checks import question, questions
from autograder.checks.causal_head import DECODE, HEAD_QUESTION, _step_by_step
from autograder.checks.inputs import forbidden_on_top, self_attention
from autograder.marking import Outcome
from autograder.mistakes import Stages, stages
from autograder.tests.support import solved

RNG = np.random.default_rng(6)


@pytest.mark.parametrize("leading", [(), (2,), (1, 3)])
def test_one_token_and_decoding_equal_the_causal_head_of_the_reference(leading: tuple[int, ...]) -> None:
    x, *weights = self_attention(RNG, *leading, 5)
    want = ref.attention_head(x, *weights, mask=ref.causal_mask(5))
    for step in (DECODE.reference, stages.decode_step(Stages())):
        np.testing.assert_allclose(_step_by_step(step)(x, *weights)[0], want, atol=1e-12)
    for t in range(1, 6):
        token = stages.one_token(Stages())(x[..., :t, :], *weights)
        np.testing.assert_allclose(token, want[..., t - 1 : t, :], atol=1e-12)


@pytest.mark.parametrize("seed", range(20))
def test_large_scores_put_a_forbidden_key_on_top(seed: int) -> None:
    x, w_q, w_k, _ = forbidden_on_top(np.random.default_rng(seed), 6, 1400)
    scores = (x @ w_q) @ (x @ w_k).T / np.sqrt(w_q.shape[1])
    assert scores[0, 0] == pytest.approx(-1400)  # all that the first token may see
    assert scores[0, -1] == pytest.approx(1400)
    assert scores[-1, 0] == pytest.approx(1400)  # allowed, and too large for a naive exponential
    assert np.abs(scores).max() <= 1401


def _with(**pieces: Any) -> dict[str, Any]:
    """A notebook whose causal_head calls its own causal_mask, as the solution does."""
    names = {**solved("causal_head"), **pieces}

    def causal_head(x: Any, w_q: Any, w_k: Any, w_v: Any) -> Any:
        scores = (x @ w_q) @ np.swapaxes(x @ w_k, -1, -2) / np.sqrt(w_q.shape[1])
        return names["softmax"](np.where(names["causal_mask"](x.shape[-2]), scores, -np.inf)) @ (x @ w_v)

    return {**names, "causal_head": causal_head}


@pytest.mark.parametrize(
    "wrong_mask",
    [lambda t: np.triu(np.ones((t, t), dtype=bool)), lambda t: np.tri(t, k=1, dtype=bool), lambda t: ~np.tri(t, dtype=bool)],
    ids=["upper", "one ahead", "inverted"],
)  # fmt: skip
def test_a_wrong_mask_is_charged_with_the_mask_and_not_with_the_head(wrong_mask: Any) -> None:
    names = _with(causal_mask=wrong_mask)
    assert question("causal_head.mask").mark(names).share == 0
    head = HEAD_QUESTION.mark(names)
    assert head.outcome is Outcome.PASSED, str(head)
    assert any("causal_head.mask" in facet.note for facet in head.facets)


def test_a_head_is_not_attempted_while_the_mask_it_calls_is_not_written() -> None:
    def causal_mask(t: int) -> Any:
        raise NotImplementedError("causal_mask is not written yet.")

    report = HEAD_QUESTION.mark(_with(causal_mask=causal_mask))
    assert report.outcome is Outcome.NOT_ATTEMPTED
    assert report.seen == ("causal_mask is not written yet.",)


def _unscaled(q: Any, k: Any, v: Any, allowed: Any = True) -> Any:
    scores = np.where(allowed, q @ np.swapaxes(k, -1, -2), -np.inf)
    exps = np.exp(scores - scores.max(-1, keepdims=True))
    return exps / exps.sum(-1, keepdims=True) @ v


def test_a_scale_forgotten_in_all_three_is_charged_once() -> None:
    def decode_step(token: Any, cache: Any, w_q: Any, w_k: Any, w_v: Any) -> Any:
        grown = {"k": np.concatenate([cache["k"], token @ w_k], -2), "v": np.concatenate([cache["v"], token @ w_v], -2)}
        return _unscaled(token @ w_q, grown["k"], grown["v"]), grown

    names = {
        **solved("causal_head"),
        "causal_head": lambda x, a, b, c: _unscaled(x @ a, x @ b, x @ c, np.tri(x.shape[-2], dtype=bool)),
        "one_token": lambda x, a, b, c: _unscaled(x[..., -1:, :] @ a, x @ b, x @ c),
        "decode_step": decode_step,
    }
    reports = {q.id: q.mark(names) for q in questions("causal_head").values()}
    assert reports["causal_head.head"].share < 1
    assert reports["causal_head.one_token"].share == 1
    assert reports["causal_head.decode"].share == 1
    names["causal_head"] = solved("causal_head")["causal_head"]
    assert question("causal_head.one_token").mark(names).share < 1


def test_a_step_that_remembers_by_itself_fails_when_two_texts_take_turns() -> None:
    """It forgets with every empty cache, so one text after the other would come out right."""
    past: list[Any] = []

    def decode_step(token: Any, cache: Any, w_q: Any, w_k: Any, w_v: Any) -> Any:
        if not cache["k"].shape[-2]:
            past.clear()
        past.append(token)
        x = np.concatenate(past, axis=-2)
        output = solved("causal_head")["one_token"](x, w_q, w_k, w_v)
        return output, {"k": x @ w_k, "v": x @ w_v}

    x, *weights = self_attention(RNG, 5)
    cache = {"k": np.zeros((0, 4)), "v": np.zeros((0, 6))}
    rows = [decode_step(x[t : t + 1], cache if t == 0 else {"k": x[:t], "v": x[:t]}, *weights)[0] for t in range(5)]
    np.testing.assert_allclose(np.concatenate(rows), HEAD_QUESTION.reference(x, *weights), atol=1e-12)
    turns = next(
        facet for facet in DECODE.mark({"decode_step": decode_step}).facets if "step after step" in facet.title
    )
    assert not turns.passed
