"""The causal mask, and what it makes of attention."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import reference_impl as mha

from .layer import draw_layer


def test_a_token_may_attend_to_itself_and_what_came_before() -> None:
    mask = mha.causal_mask(6)
    assert mask.dtype == np.bool_
    assert_array_equal(mask, [[j <= i for j in range(6)] for i in range(6)])


@pytest.mark.parametrize("t_q", [1, 2, 4, 6])
def test_fewer_queries_than_keys_are_the_last_ones(t_q: int) -> None:
    assert_array_equal(mha.causal_mask(t_q, 6), mha.causal_mask(6)[-t_q:])


def test_queries_before_the_first_key_see_nothing() -> None:
    assert_array_equal(mha.causal_mask(5, 2), [[0, 0], [0, 0], [0, 0], [1, 0], [1, 1]])


def test_prefixes_agree() -> None:
    layer = draw_layer(t_q=6)
    whole = layer.attend(mask=mha.causal_mask(6))
    for t in range(1, 7):
        assert_allclose(layer.attend(layer.x[:, :t], mha.causal_mask(t)), whole[:, :t], rtol=1e-11, atol=1e-13)


def test_without_a_mask_prefixes_differ() -> None:
    layer = draw_layer(t_q=6)
    assert not np.allclose(layer.attend(layer.x[:, :3]), layer.attend()[:, :3], atol=1e-3)


def test_no_weight_on_the_future_however_large_its_score() -> None:
    layer = draw_layer(t_q=6)
    mask = mha.causal_mask(6)
    x = layer.x.copy()
    x[:, 3:] *= 1000
    _, weights = mha.multi_head_attention(x, *layer.weights, 3, mask=mask, return_weights=True)
    assert np.all(weights[..., ~mask] == 0)
    assert_allclose(weights.sum(axis=-1), 1, rtol=1e-12)
    assert_allclose(layer.attend(x, mask)[:, :3], layer.attend(mask=mask)[:, :3], rtol=1e-11, atol=1e-13)


def test_the_first_token_sees_only_itself() -> None:
    layer = draw_layer()
    values = layer.x @ layer.w_v @ layer.w_o
    assert_allclose(layer.attend(mask=mha.causal_mask(5))[:, 0], values[:, 0], rtol=1e-11, atol=1e-13)
