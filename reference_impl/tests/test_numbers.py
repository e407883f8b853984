"""Precision: what comes in as float32 leaves as float32, large scores do no harm, inputs stay as they were."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import reference_impl as mha

from .layer import draw_layer

LAYER = draw_layer()


def every_function(dtype: Any, scale: float = 1) -> dict[str, tuple[Callable[..., Any], list[Any], dict[str, Any]]]:
    """Each function on arrays, with arguments of that dtype."""

    def cast(*arrays: Any) -> list[Any]:
        return [np.asarray(array * scale).astype(dtype) for array in arrays]

    x, context, w_q, w_k, w_v, w_o = cast(LAYER.x, LAYER.context, *LAYER.cross_weights)
    q, k, v = cast(*(np.random.default_rng(i).normal(size=(2, 5, 4)) for i in range(3)))
    mask, cross_mask = mha.causal_mask(5), np.arange(7) < 6
    weights = cast(*LAYER.weights)
    cache = mha.KVCache(*cast(np.ones((2, 1, 12)), np.ones((2, 1, 18))))
    head_caches = mha.KVCache(*cast(np.ones((2, 3, 1, 4)), np.ones((2, 3, 1, 6))))
    return {
        "softmax": (mha.softmax, [x], {}),
        "softmax along another axis": (mha.softmax, [x, 0], {}),
        "scaled_dot_product_attention": (mha.scaled_dot_product_attention, [q, k, v, mask], {"return_weights": True}),
        "attention_head": (
            mha.attention_head,
            [x, w_q, w_k, w_v],
            {"context": context, "mask": cross_mask, "return_weights": True},
        ),
        "split_heads": (mha.split_heads, [x, 3], {}),
        "concat_heads": (mha.concat_heads, [x], {}),
        "multi_head_attention": (
            mha.multi_head_attention,
            [x, w_q, w_k, w_v, w_o, 3],
            {"context": context, "mask": cross_mask, "return_weights": True},
        ),
        "decode_step": (mha.decode_step, [x, *weights[:3]], {"cache": cache}),
        "multi_head_decode_step": (mha.multi_head_decode_step, [x, *weights, 3], {"cache": head_caches}),
    }


NAMES = list(every_function(np.float64))


def arrays_in(result: Any) -> list[Any]:
    if isinstance(result, mha.KVCache):
        return [result.k, result.v]
    return [array for part in result for array in arrays_in(part)] if isinstance(result, tuple) else [result]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("given", "result"),
    [
        (np.float32, np.float32),
        (np.float64, np.float64),
        (np.float16, np.float32),
        (np.longdouble, np.longdouble),
        (np.int64, np.float64),
        (np.int8, np.float64),
        (np.uint8, np.float64),
        (np.bool_, np.float64),
    ],
)
def test_dtype_of_the_result(name: str, given: type, result: type) -> None:
    function, args, kwargs = every_function(given)[name]
    assert {array.dtype for array in arrays_in(function(*args, **kwargs))} == {np.dtype(result)}


@pytest.mark.parametrize("name", NAMES)
def test_float32_is_close_to_float64(name: str) -> None:
    function, args, kwargs = every_function(np.float64)[name]
    single, single_args, single_kwargs = every_function(np.float32)[name]
    pairs = zip(arrays_in(single(*single_args, **single_kwargs)), arrays_in(function(*args, **kwargs)), strict=True)
    for near, exact in pairs:
        assert_allclose(near, exact, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_inputs_are_not_changed(name: str, dtype: type) -> None:
    function, args, kwargs = every_function(dtype)[name]
    inputs = [a for a in (*args, *kwargs.values()) if isinstance(a, np.ndarray)]
    before = [array.copy() for array in inputs]
    for array in inputs:
        array.flags.writeable = False
    function(*args, **kwargs)
    for array, copy in zip(inputs, before, strict=True):
        assert_array_equal(array, copy)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_large_inputs_give_finite_results_without_a_warning(name: str, dtype: type) -> None:
    function, args, kwargs = every_function(dtype, scale=60)[name]
    for array in arrays_in(function(*args, **kwargs)):
        assert np.all(np.isfinite(array))


@pytest.mark.parametrize("name", NAMES)
def test_two_calls_give_the_same(name: str) -> None:
    function, args, kwargs = every_function(np.float64)[name]
    first = [array.copy() for array in arrays_in(function(*args, **kwargs))]
    for array, before in zip(arrays_in(function(*args, **kwargs)), first, strict=True):
        assert_array_equal(array, before)


def test_lists_serve_as_arrays() -> None:
    lists = [a.tolist() if isinstance(a, np.ndarray) else a for a in (LAYER.x, *LAYER.weights)]
    assert_array_equal(mha.multi_head_attention(*lists, 3), LAYER.attend())


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_scores_that_overflow_a_naive_exponential(dtype: type) -> None:
    largest = np.finfo(dtype).max / 4
    scores = np.array([[1000, 999, 0], [-1000, -999, -2000], [largest, -largest, 0]], dtype)
    nearer, further = 1 / (1 + np.exp(-1)), 1 / (1 + np.exp(1))
    assert_allclose(mha.softmax(scores), [[nearer, further, 0], [further, nearer, 0], [1, 0, 0]], rtol=1e-6)


def test_a_number_added_to_every_score_changes_nothing() -> None:
    scores = LAYER.x
    assert_allclose(mha.softmax(scores + 512), mha.softmax(scores), rtol=1e-11)


@pytest.mark.parametrize("widest", [0, 1, 2])
def test_mixed_precision_is_that_of_the_widest(widest: int) -> None:
    q, k, v = (LAYER.x.astype(np.float64 if i == widest else np.float32) for i in range(3))
    output, weights = mha.scaled_dot_product_attention(q, k, v, return_weights=True)
    assert output.dtype == weights.dtype == np.float64
