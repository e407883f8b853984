"""Masks of every shape that broadcasts, and rows in which everything is masked."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from numpy.typing import NDArray

import reference_impl as mha
from reference_impl import blocked
from reference_impl.arguments import Array

from .layer import draw_layer

B, H, T = 2, 3, 5
LAYER = draw_layer(t_q=T, num_heads=H)


def weights_under(mask: Array | None) -> Array:
    _, weights = mha.multi_head_attention(LAYER.x, *LAYER.weights, H, mask=mask, return_weights=True)
    return weights


@pytest.mark.parametrize(
    "shape",
    [(T, T), (T,), (1, T), (T, 1), (H, T, T), (B, 1, T, T), (B, 1, 1, T), (B, H, T, T), (1, H, 1, T), (B, H, T, 1), ()],
    ids=str,
)
def test_a_mask_acts_as_if_it_were_written_out(shape: tuple[int, ...]) -> None:
    rng = np.random.default_rng(2)
    mask = np.asarray(rng.random(shape) < 0.6)
    written_out = np.ones((B, H, T, T), dtype=bool) & mask
    masked = np.where(written_out, weights_under(None), 0)
    total = masked.sum(axis=-1, keepdims=True)
    expected = np.divide(masked, total, out=np.zeros_like(masked), where=total > 0)
    assert_allclose(weights_under(mask), expected, rtol=1e-10, atol=1e-14)
    output = np.asarray(LAYER.attend(mask=mask))
    assert_allclose(output, LAYER.attend(mask=written_out), rtol=1e-12, atol=1e-14)


def test_an_all_true_mask_is_no_mask() -> None:
    assert_allclose(LAYER.attend(mask=np.ones((T, T), dtype=bool)), LAYER.attend(), rtol=1e-13)


def test_a_mask_may_come_as_lists() -> None:
    mask = mha.causal_mask(T)
    assert_array_equal(LAYER.attend(mask=mask.tolist()), LAYER.attend(mask=mask))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_query_that_may_attend_to_nothing_gets_zeros(dtype: type) -> None:
    rng = np.random.default_rng(2)
    q, k, v = (rng.normal(size=(B, T, 4)).astype(dtype) * 60 for _ in range(3))
    mask = mha.causal_mask(T)
    mask[2] = False
    output, weights = mha.scaled_dot_product_attention(q, k, v, mask, return_weights=True)
    assert np.all(output[:, 2] == 0)
    assert np.all(weights[:, 2] == 0)
    assert_allclose(weights.sum(axis=-1), np.broadcast_to([1, 1, 0, 1, 1], (B, T)), rtol=1e-6)


def test_nothing_visible_at_all_gives_zeros() -> None:
    mask = np.zeros((T, T), dtype=bool)
    assert np.all(weights_under(mask) == 0)
    assert np.all(LAYER.attend(mask=mask) == 0)


def test_softmax_of_nothing_but_minus_infinity_is_zeros() -> None:
    scores = np.array([[0.0, -np.inf], [-np.inf, -np.inf]])
    assert_array_equal(mha.softmax(scores), [[1, 0], [0, 0]])
    assert_array_equal(mha.softmax(scores, axis=0), [[1, 0], [0, 0]])


def test_what_stands_under_the_mask_does_not_matter() -> None:
    mask = np.array([True, True, False, True, False])
    x = LAYER.x.copy()
    x[:, ~mask] = 1e6
    outputs = LAYER.attend(x, mask)[:, mask]
    assert_allclose(outputs, LAYER.attend(mask=mask)[:, mask], rtol=1e-12, atol=1e-14)


def in_blocks_of(scores: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let blocks be as small as these tests' arrays are."""
    monkeypatch.setattr(blocked, "SCORES_AT_A_TIME", scores)
    monkeypatch.setattr(blocked, "ROWS_AT_LEAST", 1)


@pytest.mark.parametrize(("mask", "rows"), [(None, [512, 88]), (np.ones((600, 900), bool), [256, 256, 88])])
def test_a_block_has_so_many_rows_at_least_however_many_keys_there_are(
    mask: NDArray[np.bool_] | None, rows: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []
    inner = blocked.exponentials

    def recorded(scores: Array) -> tuple[Array, Array]:
        seen.append(scores.shape[-2])
        return inner(scores)

    monkeypatch.setattr(blocked, "exponentials", recorded)
    monkeypatch.setattr(blocked, "SCORES_AT_A_TIME", 1)
    mha.scaled_dot_product_attention(np.ones((600, 2)), np.ones((900, 2)), np.ones((900, 2)), mask)
    assert seen == rows


@pytest.mark.parametrize("scores_at_a_time", [1, 4, 5, 11, 25, 26, 50, 75, 100])
@pytest.mark.parametrize("masked", [False, True])
def test_the_result_does_not_depend_on_the_size_of_a_block(
    scores_at_a_time: int, masked: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng(2)
    mask = rng.random((B, H, T, T)) < 0.5 if masked else None
    weights, output = weights_under(mask), LAYER.attend(mask=mask)
    in_blocks_of(scores_at_a_time, monkeypatch)
    assert_allclose(weights_under(mask), weights, rtol=1e-12, atol=1e-14)
    assert_allclose(LAYER.attend(mask=mask), output, rtol=1e-12, atol=1e-14)


def test_blocks_hold_no_more_scores_than_they_should(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = []
    inner = blocked.exponentials

    def recorded(scores: Array) -> tuple[Array, Array]:
        sizes.append(scores.size)
        return inner(scores)

    monkeypatch.setattr(blocked, "exponentials", recorded)
    in_blocks_of(2 * T * T, monkeypatch)
    LAYER.attend()
    assert sum(sizes) == B * H * T * T
    assert max(sizes) == 2 * T * T


@pytest.mark.parametrize(("rows_at_a_time", "seen"), [(1, [1, 2, 3, 4, 5]), (2, [2, 4, 5])])
def test_keys_that_no_query_of_a_block_sees_are_left_out(
    rows_at_a_time: int, seen: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    widths = []
    inner = blocked.exponentials

    def recorded(scores: Array) -> tuple[Array, Array]:
        widths.append(scores.shape[-1])
        return inner(scores)

    monkeypatch.setattr(blocked, "exponentials", recorded)
    in_blocks_of(2 * rows_at_a_time * T, monkeypatch)  # half of it with a mask
    mha.scaled_dot_product_attention(*(np.ones((T, 2)) for _ in range(3)), mha.causal_mask(T))
    assert widths == seen
