"""Leading axes: any number of them, of any length, and broadcast."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

import reference_impl as mha

from .layer import draw_layer

LAYER = draw_layer()


@pytest.mark.parametrize("leading", [(), (1,), (2,), (1, 1), (2, 3), (2, 1, 3)], ids=str)
def test_every_entry_of_the_leading_axes_is_attended_alone(leading: tuple[int, ...]) -> None:
    rng = np.random.default_rng(3)
    x = rng.normal(size=(*leading, 5, 12))
    context = rng.normal(size=(*leading, 7, 11))
    mask = np.arange(7) < 6
    output, weights = mha.multi_head_attention(
        x, *LAYER.cross_weights, 3, context=context, mask=mask, return_weights=True
    )
    assert output.shape == (*leading, 5, 10)
    assert weights.shape == (*leading, 3, 5, 7)
    for index in np.ndindex(leading):
        alone = mha.multi_head_attention(x[index], *LAYER.cross_weights, 3, context=context[index], mask=mask)
        assert_allclose(output[index], alone, rtol=1e-11, atol=1e-13)


def test_a_batch_of_one_is_the_sequence_alone() -> None:
    layer = draw_layer(batch=1)
    assert_allclose(layer.attend()[0], layer.attend(layer.x[0]), rtol=1e-12, atol=1e-14)


def test_one_context_serves_a_whole_batch() -> None:
    context = LAYER.context[0]
    shared = mha.multi_head_attention(LAYER.x, *LAYER.cross_weights, 3, context=context)
    repeated = mha.multi_head_attention(LAYER.x, *LAYER.cross_weights, 3, context=np.stack([context, context]))
    assert_allclose(shared, repeated, rtol=1e-12, atol=1e-14)


def test_one_query_sequence_serves_a_batch_of_contexts() -> None:
    x = LAYER.x[0]
    shared = mha.multi_head_attention(x, *LAYER.cross_weights, 3, context=LAYER.context)
    repeated = mha.multi_head_attention(np.stack([x, x]), *LAYER.cross_weights, 3, context=LAYER.context)
    assert shared.shape == (2, 5, 10)
    assert_allclose(shared, repeated, rtol=1e-12, atol=1e-14)


def test_leading_axes_of_q_k_and_v_broadcast() -> None:
    rng = np.random.default_rng(3)
    q, k, v = (rng.normal(size=shape) for shape in [(2, 1, 5, 4), (3, 7, 4), (2, 3, 7, 6)])
    output, weights = mha.scaled_dot_product_attention(q, k, v, return_weights=True)
    assert output.shape == (2, 3, 5, 6)
    assert weights.shape == (2, 3, 5, 7)
    for b, h in np.ndindex(2, 3):
        assert_allclose(output[b, h], mha.scaled_dot_product_attention(q[b, 0], k[h], v[b, h]), rtol=1e-12)


def test_tokens_need_not_lie_side_by_side_in_memory() -> None:
    x = np.asfortranarray(np.repeat(LAYER.x, 2, axis=1))[:, ::2]
    assert_allclose(LAYER.attend(x), LAYER.attend(), rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize(("batch", "t_q", "t_k"), [(0, 5, 7), (2, 0, 7), (2, 5, 0), (2, 1, 1)])
def test_nothing_in_gives_nothing_out(batch: int, t_q: int, t_k: int) -> None:
    layer = draw_layer(batch=batch, t_q=t_q, t_k=t_k)
    output, weights = mha.multi_head_attention(
        layer.x, *layer.cross_weights, 3, context=layer.context, return_weights=True
    )
    assert output.shape == (batch, t_q, 10)
    assert weights.shape == (batch, 3, t_q, t_k)
    if t_k == 0:
        assert np.all(output == 0)
