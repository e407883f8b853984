"""What is true of several heads whatever the numbers are."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import reference_impl as mha

from .layer import draw_layer


def test_head_h_is_columns_h_d_to_h_plus_1_d() -> None:
    x = np.arange(2 * 5 * 12.0).reshape(2, 5, 12)
    heads = mha.split_heads(x, 3)
    assert heads.shape == (2, 3, 5, 4)
    for h in range(3):
        assert_array_equal(heads[:, h], x[:, :, 4 * h : 4 * h + 4])


@pytest.mark.parametrize("leading", [(), (2,), (2, 3)])
def test_concat_undoes_split(leading: tuple[int, ...]) -> None:
    x = np.random.default_rng(0).normal(size=(*leading, 5, 12))
    assert_array_equal(mha.concat_heads(mha.split_heads(x, 3)), x)
    heads = np.random.default_rng(0).normal(size=(*leading, 3, 5, 4))
    assert_array_equal(mha.split_heads(mha.concat_heads(heads), 3), heads)


def test_a_loop_over_heads_gives_the_same() -> None:
    layer = draw_layer()
    mask = mha.causal_mask(5)
    heads = [mha.attention_head(layer.x, *layer.head(h), mask=mask) for h in range(layer.num_heads)]
    assert_allclose(layer.attend(mask=mask), np.concatenate(heads, axis=-1) @ layer.w_o, rtol=1e-12, atol=1e-14)


def test_one_head_is_the_layer_with_one_head() -> None:
    layer = draw_layer(num_heads=1)
    head = mha.attention_head(layer.x, layer.w_q, layer.w_k, layer.w_v)
    assert_allclose(layer.attend(), head @ layer.w_o, rtol=1e-12, atol=1e-14)


def test_permuting_heads_together_with_the_rows_of_w_o_changes_nothing() -> None:
    layer = draw_layer()
    order = [2, 0, 1]
    permuted = [
        np.concatenate([np.split(w, 3, axis=1)[h] for h in order], axis=1) for w in (layer.w_q, layer.w_k, layer.w_v)
    ]
    rows = np.concatenate([np.split(layer.w_o, 3, axis=0)[h] for h in order])
    moved = mha.multi_head_attention(layer.x, *permuted, rows, 3)
    assert_allclose(moved, layer.attend(), rtol=1e-12, atol=1e-14)
    with_w_o_left_alone = mha.multi_head_attention(layer.x, *permuted, layer.w_o, 3)
    assert not np.allclose(with_w_o_left_alone, layer.attend(), atol=1e-3)


def test_concat_times_w_o_is_the_sum_over_heads() -> None:
    layer = draw_layer()
    per_head = np.split(layer.w_o, layer.num_heads, axis=0)
    total = sum(mha.attention_head(layer.x, *layer.head(h)) @ w_o for h, w_o in enumerate(per_head))
    assert_allclose(layer.attend(), total, rtol=1e-12, atol=1e-14)


def test_the_number_of_heads_matters() -> None:
    layer = draw_layer()
    assert not np.allclose(layer.attend(), mha.multi_head_attention(layer.x, *layer.weights, 1), atol=1e-3)
