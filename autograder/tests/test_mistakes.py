"""The steps put together are the reference, and every mistake in the catalogue makes them another function."""

from __future__ import annotations

import inspect

import numpy as np
import pytest

import reference_impl as ref
from autograder.checks.inputs import head_weights, normal
from autograder.marking import Mistake
from autograder.mistakes import CAUSAL, LAYER, Stages, stages

RNG = np.random.default_rng(20)
X, CONTEXT = normal(RNG, 2, 5, 12), normal(RNG, 2, 7, 12)
W_Q, W_K, W_V = normal(RNG, 12, 12), normal(RNG, 12, 12), normal(RNG, 12, 18)
W_O = normal(RNG, 18, 10)


@pytest.mark.parametrize("size", [1, 60])
def test_the_steps_of_one_head_equal_the_reference(size: float) -> None:
    weights = head_weights(RNG, 12, 4, 6)
    x = size * X
    np.testing.assert_allclose(
        stages.attention_head(Stages())(x, *weights), ref.attention_head(x, *weights), atol=1e-12
    )
    causal = ref.attention_head(x, *weights, mask=ref.causal_mask(5))
    np.testing.assert_allclose(stages.causal_head(Stages())(x, *weights), causal, atol=1e-12)


@pytest.mark.parametrize(
    ("context", "mask"),
    [
        (None, None),
        (None, np.tri(5, dtype=bool)),
        (CONTEXT, None),
        (CONTEXT, np.arange(7) < np.array([[[[3]]], [[[0]]]])),
    ],
    ids=["self", "causal", "cross", "padding with an empty row"],
)
def test_the_steps_of_a_layer_equal_the_reference(context: object, mask: object) -> None:
    layer = stages.multi_head_attention(Stages())(X, W_Q, W_K, W_V, W_O, 3, context=context, mask=mask)
    want = ref.multi_head_attention(X, W_Q, W_K, W_V, W_O, 3, context=context, mask=mask)
    np.testing.assert_allclose(layer, want, atol=1e-12)


def test_names_are_unique_and_every_mistake_says_something() -> None:
    names = [m.name for m in LAYER]
    assert len(names) == len(set(names))
    for mistake in LAYER:
        assert mistake.says.endswith((".", "?")), mistake.name
        assert len(mistake.says) > 30, mistake.name


@pytest.mark.parametrize("mistake", LAYER, ids=lambda m: m.name)
def test_a_mistake_replaces_steps_that_exist_with_functions_of_the_same_arguments(mistake: Mistake) -> None:
    for name, wrong in mistake.replaces.items():
        right = getattr(Stages(), name)
        assert len(inspect.signature(wrong).parameters) == len(inspect.signature(right).parameters), name


def test_no_sentence_holds_code_of_the_right_answer() -> None:
    for mistake in CAUSAL:
        assert "np." not in mistake.says, mistake.name
        assert "swapaxes" not in mistake.says, mistake.name
