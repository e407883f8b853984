"""The plain forward and the fast one give the same numbers, whatever the shapes, masks and dtypes."""

import inspect
from typing import Any, NamedTuple

import numpy as np
import pytest
from numpy.testing import assert_allclose

import reference_impl as mha
from reference_impl import blocked, plain
from reference_impl.arguments import Array


class Sizes(NamedTuple):
    b: int
    t_q: int
    t_k: int
    num_heads: int
    d_k: int
    d_v: int
    d_out: int


SIZES = [
    Sizes(2, 5, 7, 3, 4, 6, 10),
    Sizes(1, 4, 4, 1, 1, 1, 1),
    Sizes(3, 1, 9, 2, 5, 3, 8),
    Sizes(2, 6, 1, 4, 3, 2, 5),
    Sizes(4, 4, 4, 4, 4, 4, 16),
    Sizes(1, 40, 33, 2, 16, 8, 12),
    Sizes(2, 5, 0, 3, 4, 6, 10),
    Sizes(0, 5, 7, 3, 4, 6, 10),
]
MASKS = ["none", "causal", "(T_q, T_k)", "(B, 1, T_q, T_k)", "(H, T_q, T_k)", "(B, 1, 1, T_k)", "nothing allowed"]
# How far apart two orders of summation may be.
TOLERANCE = {np.float32: 2e-4, np.float64: 1e-11, np.int64: 1e-9}


def draw(sizes: Sizes, dtype: Any, scale: float = 1) -> tuple[Array, Array, tuple[Array, Array, Array, Array]]:
    """x (B, T_q, d_model), context (B, T_k, d_context) and w_q, w_k, w_v, w_o."""
    rng = np.random.default_rng(0)
    d_model, d_context, h = 12, 11, sizes.num_heads

    def numbers(*shape: int, size: float = 1.0) -> Array:
        if dtype is np.int64:
            return rng.integers(-3, 4, size=shape)
        return (size * rng.standard_normal(shape)).astype(dtype)

    return (
        numbers(sizes.b, sizes.t_q, d_model, size=scale),
        numbers(sizes.b, sizes.t_k, d_context, size=scale),
        (
            numbers(d_model, h * sizes.d_k, size=d_model**-0.5),
            numbers(d_context, h * sizes.d_k, size=d_context**-0.5),
            numbers(d_context, h * sizes.d_v, size=d_context**-0.5),
            numbers(h * sizes.d_v, sizes.d_out, size=(h * sizes.d_v) ** -0.5),
        ),
    )


def draw_mask(kind: str, sizes: Sizes) -> Any:
    """A mask of that form, some of whose rows allow nothing."""
    b, t_q, t_k, h, *_ = sizes
    if kind == "none":
        return None
    if kind == "causal":
        return mha.causal_mask(t_q, t_k)
    if kind == "nothing allowed":
        return np.zeros((t_q, t_k), dtype=bool)
    shape = {
        "(T_q, T_k)": (t_q, t_k),
        "(B, 1, T_q, T_k)": (b, 1, t_q, t_k),
        "(H, T_q, T_k)": (h, t_q, t_k),
        "(B, 1, 1, T_k)": (b, 1, 1, t_k),
    }[kind]
    mask = np.random.default_rng(1).random(shape) < 0.6
    mask[..., -1, :] = False
    return mask


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int64])
@pytest.mark.parametrize("kind", MASKS)
@pytest.mark.parametrize("sizes", SIZES, ids=lambda s: "x".join(map(str, s)))
def test_the_plain_layer_equals_the_fast_one(sizes: Sizes, kind: str, dtype: Any) -> None:
    x, context, weights = draw(sizes, dtype)
    mask = draw_mask(kind, sizes)
    got = plain.multi_head_attention(x, *weights, sizes.num_heads, context=context, mask=mask)
    want = mha.multi_head_attention(x, *weights, sizes.num_heads, context=context, mask=mask)
    assert got.shape == want.shape == (sizes.b, sizes.t_q, sizes.d_out)
    assert got.dtype == want.dtype == (np.float64 if dtype is np.int64 else dtype)
    assert_allclose(got, want, rtol=TOLERANCE[dtype], atol=TOLERANCE[dtype])


@pytest.mark.parametrize("kind", MASKS)
@pytest.mark.parametrize("scale", [1, 60])
def test_self_attention_is_equal_too_on_ordinary_and_on_large_scores(scale: float, kind: str) -> None:
    sizes = Sizes(2, 6, 6, 3, 4, 6, 10)
    x, _, (w_q, *_) = draw(sizes, np.float64, scale)
    rng = np.random.default_rng(2)
    weights = (w_q, rng.standard_normal((12, 12)), rng.standard_normal((12, 18)), rng.standard_normal((18, 10)))
    mask = draw_mask(kind, sizes)
    got = plain.multi_head_attention(x, *weights, 3, mask=mask)
    assert_allclose(got, mha.multi_head_attention(x, *weights, 3, mask=mask), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("kind", MASKS)
@pytest.mark.parametrize(("scores_at_a_time", "rows_at_least"), [(1, 1), (30, 2), (2**18, 512)])
def test_blocks_of_every_size_give_the_plain_output_and_weights(
    scores_at_a_time: int, rows_at_least: int, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blocked, "SCORES_AT_A_TIME", scores_at_a_time)
    monkeypatch.setattr(blocked, "ROWS_AT_LEAST", rows_at_least)
    sizes = Sizes(2, 5, 7, 3, 4, 6, 10)
    rng = np.random.default_rng(3)
    q, k, v = (rng.standard_normal((2, 3, t, d)) for t, d in ((5, 4), (7, 4), (7, 6)))
    mask = draw_mask(kind, sizes)
    weights = plain.softmax(plain.mask_scores(plain.scale(plain.score(q, k), d_k=4), mask))
    output, fast_weights = mha.scaled_dot_product_attention(q, k, v, mask, return_weights=True)
    assert_allclose(weights, fast_weights, rtol=1e-12, atol=1e-15)
    assert_allclose(plain.mix(weights, v), output, rtol=1e-11, atol=1e-13)


def test_the_plain_stages_equal_the_functions_of_the_same_name() -> None:
    rng = np.random.default_rng(4)
    x = rng.standard_normal((2, 5, 12))
    assert_allclose(plain.split_heads(x, 3), mha.split_heads(x, 3))
    assert_allclose(plain.concat_heads(plain.split_heads(x, 3)), x)
    assert_allclose(plain.softmax(60 * x), mha.softmax(60 * x), rtol=1e-13)


def test_every_stage_of_the_plain_layer_stands_in_a_line_that_ends_in_its_shape() -> None:
    source = inspect.getsource(plain.multi_head_attention)
    body = source[source.rindex('"""') + 3 :].strip().splitlines()
    assert len(body) <= 12
    for line in body:
        assert line.rstrip().endswith(")")
        assert "# (..., " in line
    order = ["project(", "split_heads(", "score(", "scale(", "mask_scores(", "softmax(", "mix(", "concat_heads("]
    assert [source.index(f"= {stage}") for stage in order] == sorted(source.index(f"= {stage}") for stage in order)
    assert "project_output(" in body[-1]
