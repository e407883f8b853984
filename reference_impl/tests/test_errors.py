"""Every refusal: the argument it names, what came and what was expected."""

import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import reference_impl as mha

X, CONTEXT = np.ones((2, 5, 12)), np.ones((2, 7, 11))
W_Q, W_K, W_V, W_O = np.ones((12, 12)), np.ones((12, 12)), np.ones((12, 18)), np.ones((18, 10))
Q, K, V = np.ones((2, 5, 4)), np.ones((2, 7, 4)), np.ones((2, 7, 6))


def layer(x: Any = X, w_q: Any = W_Q, w_k: Any = W_K, w_v: Any = W_V, w_o: Any = W_O, h: Any = 3, **rest: Any) -> Any:
    return mha.multi_head_attention(x, w_q, w_k, w_v, w_o, h, **rest)


SHAPES: list[tuple[Callable[[], Any], str]] = [
    (lambda: mha.softmax(3.0), "scores: got shape (), expected shape (..., T_k)"),
    (lambda: mha.softmax([[1.0], [2.0, 3.0]]), "scores: got rows of different lengths, expected an array"),
    (lambda: mha.softmax(Q, axis=3), "axis: got 3, expected an axis of scores, which have shape (2, 5, 4)"),
    (lambda: mha.causal_mask(-1), "t_q: got -1, expected at least 0"),
    (lambda: mha.causal_mask(2, -3), "t_k: got -3, expected at least 0"),
    (lambda: mha.scaled_dot_product_attention(Q[0, 0], K, V), "q: got shape (4,), expected shape (..., T_q, d_k)"),
    (lambda: mha.scaled_dot_product_attention(Q, K[0, 0], V), "k: got shape (4,), expected shape (..., T_k, d_k)"),
    (lambda: mha.scaled_dot_product_attention(Q, K, V[0, 0]), "v: got shape (6,), expected shape (..., T_k, d_v)"),
    (
        lambda: mha.scaled_dot_product_attention(Q, K[..., :3], V),
        "k: got shape (2, 7, 3), expected shape (..., T_k, 4), as wide as q",
    ),
    (
        lambda: mha.scaled_dot_product_attention(Q, K, V[:, :6]),
        "v: got shape (2, 6, 6), expected shape (..., 7, d_v), as many tokens as k",
    ),
    (
        lambda: mha.scaled_dot_product_attention(Q, np.ones((3, 7, 4)), V),
        "k: got shape (3, 7, 4), expected leading axes that broadcast with (2,)",
    ),
    (
        lambda: mha.scaled_dot_product_attention(Q, K, np.ones((3, 7, 6))),
        "v: got shape (3, 7, 6), expected leading axes that broadcast with (2,)",
    ),
    (
        lambda: mha.scaled_dot_product_attention(Q, K, V, np.ones((7, 5), bool)),
        "mask: got shape (7, 5), expected a shape that broadcasts to that of the scores, (2, 5, 7)",
    ),
    (
        lambda: mha.scaled_dot_product_attention(Q, K, V, np.ones((1, 2, 5, 7), bool)),
        "mask: got shape (1, 2, 5, 7), expected a shape that broadcasts to that of the scores, (2, 5, 7)",
    ),
    (
        lambda: mha.scaled_dot_product_attention(Q, K, V, [[True], [True, False]]),
        "mask: got rows of different lengths, expected an array",
    ),
    (
        lambda: mha.attention_head(X, W_Q[:11], W_K, W_V),
        "w_q: got shape (11, 12), expected shape (12, d_k)",
    ),
    (
        lambda: mha.attention_head(X, W_Q, W_K, W_V, context=CONTEXT),
        "w_k: got shape (12, 12), expected shape (11, d_k)",
    ),
    (lambda: mha.attention_head(X, W_Q, W_K[:, 0], W_V), "w_k: got shape (12,), expected shape (12, d_k)"),
    (
        lambda: mha.attention_head(X, W_Q, W_K, np.ones((2, 12, 18))),
        "w_v: got shape (2, 12, 18), expected shape (12, d_v)",
    ),
    (
        lambda: mha.attention_head(X, W_Q, W_K[:11, :9], W_V[:11], context=CONTEXT),
        "w_k: got shape (11, 9), expected shape (11, 12), as wide as w_q",
    ),
    (lambda: mha.split_heads(X, 5), "x: got shape (2, 5, 12), expected shape (..., T, 5·d)"),
    (lambda: mha.split_heads(X[0, 0], 3), "x: got shape (12,), expected shape (..., T, H·d)"),
    (lambda: mha.split_heads(X, 0), "num_heads: got 0, expected at least 1"),
    (lambda: mha.concat_heads(X[0]), "heads: got shape (5, 12), expected shape (..., H, T, d)"),
    (lambda: layer(x=X[0, 0]), "x: got shape (12,), expected shape (..., T_q, d_model)"),
    (lambda: layer(context=X[0, 0]), "context: got shape (12,), expected shape (..., T_k, d_context)"),
    (lambda: layer(w_q=W_Q[:, :10]), "w_q: got shape (12, 10), expected shape (12, 3·d_k)"),
    (lambda: layer(w_k=W_K[:, :10]), "w_k: got shape (12, 10), expected shape (12, 3·d_k)"),
    (lambda: layer(w_v=W_V[:, :10]), "w_v: got shape (12, 10), expected shape (12, 3·d_v)"),
    (lambda: layer(w_k=W_K[:, :9]), "w_k: got shape (12, 9), expected shape (12, 12), as wide as w_q"),
    (lambda: layer(w_o=np.ones((12, 10))), "w_o: got shape (12, 10), expected shape (18, d_out)"),
    (lambda: layer(w_o=W_O[:, 0]), "w_o: got shape (18,), expected shape (18, d_out)"),
    (lambda: layer(h=5), "w_q: got shape (12, 12), expected shape (12, 5·d_k)"),
    (lambda: layer(h=-1), "num_heads: got -1, expected at least 1"),
    (
        lambda: layer(context=np.ones((3, 7, 12))),
        "k: got shape (3, 3, 7, 4), expected leading axes that broadcast with (2, 3)",
    ),
    (
        lambda: layer(mask=np.ones((2, 5, 5), bool)),
        "mask: got shape (2, 5, 5), expected a shape that broadcasts to that of the scores, (2, 3, 5, 5)",
    ),
    (
        lambda: mha.multi_head_decode_step(X, W_Q, W_K, W_V, np.ones((12, 10)), 3),
        "w_o: got shape (12, 10), expected shape (18, d_out)",
    ),
    (
        lambda: mha.multi_head_decode_step(X, W_Q, W_K, W_V, W_O, 5),
        "w_q: got shape (12, 12), expected shape (12, 5·d_k)",
    ),
    (lambda: mha.multi_head_decode_step(X, W_Q, W_K, W_V, W_O, 0), "num_heads: got 0, expected at least 1"),
    (lambda: mha.decode_step(X, W_Q, W_K[:11], W_V), "w_k: got shape (11, 12), expected shape (12, d_k)"),
    (lambda: mha.head_dim(0, 3), "d_model: got 0, expected at least 1"),
    (lambda: mha.head_dim(12, 0), "num_heads: got 0, expected at least 1"),
    (lambda: mha.concat_dim(0, 6), "num_heads: got 0, expected at least 1"),
    (lambda: mha.concat_dim(3, 0), "d_v: got 0, expected at least 1"),
    (lambda: mha.output_projection_shape(3, 6, 0), "d_out: got 0, expected at least 1"),
    (lambda: mha.parameter_count(0, 3), "d_model: got 0, expected at least 1"),
    (lambda: mha.parameter_count(12, 0), "num_heads: got 0, expected at least 1"),
    (lambda: mha.parameter_count(12, 3, d_k=0), "d_k: got 0, expected at least 1"),
    (lambda: mha.parameter_count(12, 3, d_v=0), "d_v: got 0, expected at least 1"),
    (lambda: mha.parameter_count(12, 3, d_out=0), "d_out: got 0, expected at least 1"),
]

KINDS: list[tuple[Callable[[], Any], str]] = [
    (lambda: mha.softmax(["a"]), "scores: got dtype <U1, expected real numbers"),
    (lambda: layer(x=X * 1j), "x: got dtype complex128, expected real numbers"),
    (lambda: layer(w_o=None), "w_o: got dtype object, expected real numbers"),
    (
        lambda: layer(mask=np.zeros((5, 5))),
        "mask: got dtype float64, expected bool, True where a query may attend",
    ),
    (lambda: mha.head_dim(768.0, 12), "d_model: got 768.0, expected a whole number"),
    (lambda: layer(h="3"), "num_heads: got '3', expected a whole number"),
    (lambda: mha.causal_mask(2.5), "t_q: got 2.5, expected a whole number"),
]


@pytest.mark.parametrize(("call", "message"), SHAPES, ids=[message for _, message in SHAPES])
def test_what_does_not_fit_is_a_shape_error(call: Callable[[], Any], message: str) -> None:
    with pytest.raises(mha.ShapeError) as caught:
        call()
    assert str(caught.value) == message


@pytest.mark.parametrize(("call", "message"), KINDS, ids=[message for _, message in KINDS])
def test_what_is_no_number_is_a_type_error(call: Callable[[], Any], message: str) -> None:
    with pytest.raises(TypeError) as caught:
        call()
    assert str(caught.value) == message


def test_a_shape_error_is_a_value_error_that_keeps_its_parts() -> None:
    error = mha.ShapeError("w_o", "shape (10, 12)", "shape (18, d_out)")
    assert isinstance(error, ValueError)
    assert error.args == (error.argument, error.came, error.expected) == ("w_o", "shape (10, 12)", "shape (18, d_out)")


def test_a_shape_error_survives_the_way_to_another_process() -> None:
    error = mha.ShapeError("w_o", "shape (10, 12)", "shape (18, d_out)")
    assert str(pickle.loads(pickle.dumps(error))) == str(error)


def test_numpy_integers_are_whole_numbers() -> None:
    assert mha.head_dim(np.int64(12), np.int32(3)) == 4
