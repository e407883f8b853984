"""Softmax over one block of keys after another equals the plain one, whatever the blocks, the mask and the scores."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import reference_impl as mha
from reference_impl.arguments import Array

T_Q, T_K, D_K, D_V = 5, 11, 4, 3


def draw(scale: float = 1.0, *leading: int, seed: int = 0) -> tuple[Array, Array, Array]:
    rng = np.random.default_rng(seed)
    return (
        scale * rng.normal(size=(*leading, T_Q, D_K)),
        scale * rng.normal(size=(*leading, T_K, D_K)),
        rng.normal(size=(*leading, T_K, D_V)),
    )


def draw_mask(kind: str) -> Array | None:
    mask = np.random.default_rng(1).random((T_Q, T_K)) < 0.5
    mask[0, :5], mask[1] = False, False  # one query whose first blocks are masked throughout, and one that sees nothing
    return {"none": None, "causal": mha.causal_mask(T_Q, T_K), "with empty blocks and an empty row": mask}[kind]


@pytest.mark.parametrize("scale", [1, 60])
@pytest.mark.parametrize("kind", ["none", "causal", "with empty blocks and an empty row"])
@pytest.mark.parametrize("size", [1, 2, 4, 11, 100])
def test_blocks_of_every_size_give_the_plain_output(size: int, kind: str, scale: float) -> None:
    q, k, v = draw(scale, 2)
    mask = draw_mask(kind)
    got = mha.attention_in_blocks(q, k, v, size, mask)
    assert np.isfinite(got).all()
    assert_allclose(got, mha.scaled_dot_product_attention(q, k, v, mask), atol=1e-12)


def test_float32_stays_float32() -> None:
    q, k, v = (a.astype(np.float32) for a in draw())
    got = mha.attention_in_blocks(q, k, v, 3)
    assert got.dtype == np.float32
    assert_allclose(got, mha.scaled_dot_product_attention(q, k, v), atol=1e-5)


def test_no_keys_give_zeros() -> None:
    q, k, v = draw()
    assert_array_equal(mha.attention_in_blocks(q, k[:0], v[:0], 3), np.zeros((T_Q, D_V)))


def test_the_order_of_the_blocks_does_not_matter() -> None:
    q, k, v = draw(5)
    order = np.random.default_rng(2).permutation(T_K)
    assert_allclose(mha.attention_in_blocks(q, k[order], v[order], 3), mha.attention_in_blocks(q, k, v, 4), atol=1e-12)


def test_after_each_block_the_three_hold_what_they_say() -> None:
    rng = np.random.default_rng(3)
    scores, v = 4 * rng.normal(size=(T_Q, 9)), rng.normal(size=(9, D_V))
    state = (np.full((T_Q, 1), -np.inf), np.zeros((T_Q, 1)), np.zeros((T_Q, D_V)))
    for end in (3, 6, 9):
        state = mha.add_block(*state, scores[:, end - 3 : end], v[end - 3 : end])
        highest = scores[:, :end].max(axis=1, keepdims=True)
        exps = np.exp(scores[:, :end] - highest)
        for got, want in zip(state, (highest, exps.sum(axis=1, keepdims=True), exps @ v[:end]), strict=True):
            assert_allclose(got, want, atol=1e-12)


def test_a_block_that_is_masked_throughout_changes_nothing() -> None:
    masked, v = np.full((2, 3), -np.inf), np.ones((3, D_V))
    empty = (np.full((2, 1), -np.inf), np.zeros((2, 1)), np.zeros((2, D_V)))
    begun = mha.add_block(*empty, np.array([[1.0, 2.0, 0.0], [0.0, 3.0, 1.0]]), v)
    for state in (empty, begun):
        for got, want in zip(mha.add_block(*state, masked, v), state, strict=True):
            assert_array_equal(got, want)


def test_what_does_not_fit_is_refused() -> None:
    q, k, v = draw()
    with pytest.raises(mha.ShapeError, match="size: got 0"):
        mha.attention_in_blocks(q, k, v, 0)
    with pytest.raises(mha.ShapeError, match=r"k: got shape \(11, 3\), expected shape \(T_k, 4\)"):
        mha.attention_in_blocks(q, k[:, :3], v, 2)
    with pytest.raises(mha.ShapeError, match=r"v: got shape \(10, 3\), expected shape \(11, d_v\)"):
        mha.attention_in_blocks(q, k, v[1:], 2)
    with pytest.raises(mha.ShapeError, match="as many keys as the scores"):
        mha.add_block(np.zeros((2, 1)), np.zeros((2, 1)), np.zeros((2, 3)), np.ones((2, 4)), np.ones((5, 3)))
    with pytest.raises(mha.ShapeError, match="mask: got shape"):
        mha.attention_in_blocks(q, k, v, 2, np.ones((4, 11), bool))
