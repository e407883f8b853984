"""Decoding with a cache, against the causal head and the causal layer over all tokens at once."""

from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import reference_impl as mha

from .layer import draw_layer

T = 6
LAYER = draw_layer(t_q=T)
HEAD = LAYER.head(1)


def decode_head(x: Any, cuts: list[int]) -> tuple[Any, mha.KVCache]:
    outputs, cache = [], None
    for tokens in np.split(x, cuts, axis=-2):
        output, cache = mha.decode_step(tokens, *HEAD, cache=cache)
        outputs.append(output)
    assert cache is not None
    return np.concatenate(outputs, axis=-2), cache


@pytest.mark.parametrize("cuts", [[1, 2, 3, 4, 5], [], [3], [4, 5], [1, 4]])
def test_steps_equal_the_causal_head(cuts: list[int]) -> None:
    outputs, cache = decode_head(LAYER.x, cuts)
    whole = mha.attention_head(LAYER.x, *HEAD, mask=mha.causal_mask(T))
    assert outputs.shape == (2, T, 6)
    assert_allclose(outputs, whole, rtol=1e-11, atol=1e-13)
    assert len(cache) == T


def test_one_sequence_needs_no_batch_axis() -> None:
    outputs, cache = decode_head(LAYER.x[0], [1, 2, 3, 4, 5])
    assert outputs.shape == (T, 6)
    assert_allclose(outputs, decode_head(LAYER.x, [])[0][0], rtol=1e-11, atol=1e-13)
    assert cache.k.shape == (T, 4)


def test_steps_equal_the_causal_layer() -> None:
    outputs, cache = [], None
    for t in range(T):
        output, cache = mha.multi_head_decode_step(LAYER.x[:, t : t + 1], *LAYER.weights, 3, cache=cache)
        outputs.append(output)
    assert cache is not None
    assert_allclose(np.concatenate(outputs, axis=1), LAYER.attend(mask=mha.causal_mask(T)), rtol=1e-11, atol=1e-13)
    assert cache.k.shape == (2, 3, T, 4)
    assert cache.v.shape == (2, 3, T, 6)


def test_the_cache_holds_projected_keys_and_values() -> None:
    _, cache = decode_head(LAYER.x, [2])
    _, w_k, w_v = HEAD
    assert_allclose(cache.k, LAYER.x @ w_k, rtol=1e-12, atol=1e-14)
    assert_allclose(cache.v, LAYER.x @ w_v, rtol=1e-12, atol=1e-14)


def test_a_step_leaves_its_cache_as_it_was() -> None:
    _, cache = mha.decode_step(LAYER.x[:, :3], *HEAD)
    k, v = cache.k.copy(), cache.v.copy()
    first, _ = mha.decode_step(LAYER.x[:, 3:4], *HEAD, cache=cache)
    again, longer = mha.decode_step(LAYER.x[:, 3:4], *HEAD, cache=cache)
    assert_array_equal(first, again)
    assert_array_equal(cache.k, k)
    assert_array_equal(cache.v, v)
    assert len(cache) == 3
    assert len(longer) == 4


def test_float32_stays_float32() -> None:
    _, cache = mha.decode_step(LAYER.x[:, :3].astype(np.float32), *(w.astype(np.float32) for w in HEAD))
    assert cache.k.dtype == cache.v.dtype == np.float32


def test_a_cache_of_another_batch_is_refused() -> None:
    _, cache = mha.decode_step(LAYER.x, *HEAD)
    with pytest.raises(mha.ShapeError) as caught:
        mha.decode_step(LAYER.x[:1, :1], *HEAD, cache=cache)
    assert str(caught.value) == "cache: got k of shape (2, 6, 4), expected shape (1, T, 4), to go with the new tokens"


def test_a_cache_of_another_width_is_refused() -> None:
    w_q, w_k, w_v = HEAD
    _, cache = mha.decode_step(LAYER.x, w_q, w_k, w_v)
    with pytest.raises(mha.ShapeError) as caught:
        mha.decode_step(LAYER.x[:, :1], w_q, w_k, w_v[:, :5], cache=cache)
    assert str(caught.value) == "cache: got v of shape (2, 6, 6), expected shape (2, T, 5), to go with the new tokens"
