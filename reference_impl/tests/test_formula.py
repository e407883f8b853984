"""The reference against the formula computed on plain lists."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

import reference_impl as mha

from . import lists
from .layer import draw_layer


@pytest.mark.parametrize("scale", [1, 60])
def test_softmax_is_the_exponential_over_its_sum(scale: int) -> None:
    rng = np.random.default_rng(1)
    scores = rng.normal(size=(4, 7)) * scale
    assert_allclose(mha.softmax(scores), [lists.softmax(row) for row in scores.tolist()], rtol=1e-13)


def test_softmax_runs_along_the_axis_asked_for() -> None:
    rng = np.random.default_rng(1)
    scores = rng.normal(size=(2, 4, 7))
    for axis in (0, 1, 2, -1, -2, -3):
        along = np.moveaxis(mha.softmax(scores, axis=axis), axis, -1).reshape(-1, scores.shape[axis])
        rows = np.moveaxis(scores, axis, -1).reshape(-1, scores.shape[axis]).tolist()
        assert_allclose(along, [lists.softmax(row) for row in rows], rtol=1e-13)


@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("scale", [1, 60])
def test_attention_is_softmax_of_scaled_scores_times_values(masked: bool, scale: int) -> None:
    rng = np.random.default_rng(1)
    q, k, v = rng.normal(size=(5, 4)) * scale, rng.normal(size=(7, 4)), rng.normal(size=(7, 6))
    mask = rng.random((5, 7)) < 0.6 if masked else None
    if mask is not None:
        mask[2] = False
    output, weights = mha.scaled_dot_product_attention(q, k, v, mask, return_weights=True)
    plain = q.tolist(), k.tolist(), v.tolist(), None if mask is None else mask.tolist()
    assert_allclose(output, lists.attention(*plain), rtol=1e-10, atol=1e-13)
    assert_allclose(weights, lists.weights(plain[0], plain[1], plain[3]), rtol=1e-10, atol=1e-13)


def test_one_head_projects_and_attends() -> None:
    layer = draw_layer(num_heads=1)
    weights = layer.w_q, layer.w_k_context, layer.w_v_context
    output = mha.attention_head(layer.x, *weights, context=layer.context)
    for entry in range(len(layer.x)):
        x, context = layer.x[entry].tolist(), layer.context[entry].tolist()
        q, k, v = (lists.matmul(tokens, w.tolist()) for tokens, w in zip((x, context, context), weights, strict=True))
        assert_allclose(output[entry], lists.attention(q, k, v), rtol=1e-11, atol=1e-13)


@pytest.mark.parametrize("scale", [1, 60])
def test_self_attention_with_a_causal_mask(scale: int) -> None:
    layer = draw_layer()
    mask = mha.causal_mask(5)
    output = layer.attend(layer.x * scale, mask)
    for entry in range(len(layer.x)):
        x = (layer.x[entry] * scale).tolist()
        expected = lists.multi_head(x, x, *(w.tolist() for w in layer.weights), layer.num_heads, mask.tolist())
        assert_allclose(output[entry], expected, rtol=1e-9, atol=1e-12)


def test_cross_attention_with_all_sizes_different() -> None:
    rng = np.random.default_rng(1)
    layer = draw_layer()
    mask = rng.random((5, 7)) < 0.7
    output = mha.multi_head_attention(layer.x, *layer.cross_weights, layer.num_heads, context=layer.context, mask=mask)
    assert output.shape == (2, 5, 10)
    for entry in range(len(layer.x)):
        x, context = layer.x[entry].tolist(), layer.context[entry].tolist()
        weights = (w.tolist() for w in layer.cross_weights)
        expected = lists.multi_head(x, context, *weights, layer.num_heads, mask.tolist())
        assert_allclose(output[entry], expected, rtol=1e-11, atol=1e-13)


def test_the_weights_of_a_layer_are_those_of_its_heads() -> None:
    layer = draw_layer()
    output, weights = mha.multi_head_attention(layer.x, *layer.weights, layer.num_heads, return_weights=True)
    assert weights.shape == (2, 3, 5, 5)
    assert_allclose(output, layer.attend(), rtol=1e-13)
    for h in range(layer.num_heads):
        _, of_head = mha.attention_head(layer.x, *layer.head(h), return_weights=True)
        assert_allclose(weights[:, h], of_head, rtol=1e-12)
