"""The stages put together are the reference, and every mistake in the catalogue makes them another function."""

from __future__ import annotations

import inspect

import numpy as np
import pytest

import reference_impl as ref
from autograder.checks import question, questions
from autograder.checks.inputs import head_weights, normal
from autograder.marking import Mistake
from autograder.marking.calls import silence, trusted
from autograder.marking.diagnose import finely_same
from autograder.mistakes import Stages, stages

from .support import UNITS

RNG = np.random.default_rng(20)
X, CONTEXT = normal(RNG, 2, 5, 12), normal(RNG, 2, 7, 12)
W_Q, W_K, W_V = normal(RNG, 12, 12), normal(RNG, 12, 12), normal(RNG, 12, 18)
W_O = normal(RNG, 18, 10)


@pytest.mark.parametrize("size", [1, 60])
def test_the_stages_of_one_head_equal_the_reference(size: float) -> None:
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
def test_the_stages_of_a_layer_equal_the_reference(context: object, mask: object) -> None:
    layer = stages.multi_head_attention(Stages())(X, W_Q, W_K, W_V, W_O, 3, context=context, mask=mask)
    want = ref.multi_head_attention(X, W_Q, W_K, W_V, W_O, 3, context=context, mask=mask)
    np.testing.assert_allclose(layer, want, atol=1e-12)


LAYER_QUESTION = question("multi_head_attention.layer")
LAYER = [mistake for mistake in LAYER_QUESTION.known_mistakes() if mistake.replaces]
EVERY = [mistake for unit in UNITS for asked in questions(unit).values() for mistake in asked.known_mistakes()]


def test_one_name_stands_for_one_mistake_of_a_stage() -> None:
    says: dict[tuple[str, str], set[str]] = {}
    for mistake in EVERY:
        says.setdefault((mistake.name, mistake.stage), set()).add(mistake.says)
    assert {key: sentences for key, sentences in says.items() if len(sentences) > 1} == {}


@pytest.mark.parametrize("mistake", {m.says: m for m in EVERY}.values(), ids=lambda m: m.name)
def test_every_mistake_says_something_and_holds_no_code_of_the_right_answer(mistake: Mistake) -> None:
    assert mistake.says.endswith((".", "?"))
    assert len(mistake.says) >= 25
    assert "np." not in mistake.says
    assert "swapaxes" not in mistake.says


@pytest.mark.parametrize("mistake", LAYER, ids=lambda m: m.name)
def test_a_mistake_replaces_stages_that_exist_with_functions_of_the_same_arguments(mistake: Mistake) -> None:
    for name, wrong in mistake.replaces.items():
        right = getattr(Stages(), name)
        assert len(inspect.signature(wrong).parameters) == len(inspect.signature(right).parameters), name


CASES = [case for of_facet in LAYER_QUESTION.drawn("1") for case in of_facet]


@pytest.mark.parametrize("mistake", LAYER, ids=lambda m: m.name)
def test_a_mistake_makes_the_layer_another_function(mistake: Mistake) -> None:
    wrong = stages.multi_head_attention(Stages(**mistake.replaces))
    with silence():
        assert not all(finely_same(trusted(wrong, case.args, case.kwargs), want) for case, want in CASES)
