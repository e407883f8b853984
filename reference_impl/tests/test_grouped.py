"""Grouped-query attention: against a loop over heads, and against its two ends, multi-head and multi-query."""

import inspect
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import reference_impl as mha
from reference_impl import grouped
from reference_impl.arguments import Array

D_MODEL, D_K, D_V, D_OUT, H, T = 12, 4, 3, 7, 6, 5


def draw(num_groups: int, *leading: int) -> tuple[Array, tuple[Array, Array, Array, Array]]:
    """x (*leading, T, d_model) and w_q, w_k, w_v, w_o."""
    rng = np.random.default_rng(num_groups)
    return rng.normal(size=(*leading, T, D_MODEL)), (
        rng.normal(size=(D_MODEL, H * D_K)) / 3,
        rng.normal(size=(D_MODEL, num_groups * D_K)) / 3,
        rng.normal(size=(D_MODEL, num_groups * D_V)) / 3,
        rng.normal(size=(H * D_V, D_OUT)) / 3,
    )


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("num_groups", [1, 2, 3, 6])
def test_each_head_attends_with_the_keys_and_values_of_its_group(num_groups: int, causal: bool) -> None:
    x, (w_q, w_k, w_v, w_o) = draw(num_groups, 2)
    mask = mha.causal_mask(T) if causal else None
    heads = []
    for h in range(H):
        g = h // (H // num_groups)
        heads.append(
            mha.attention_head(
                x,
                w_q[:, h * D_K : (h + 1) * D_K],
                w_k[:, g * D_K : (g + 1) * D_K],
                w_v[:, g * D_V : (g + 1) * D_V],
                mask=mask,
            )
        )
    got = mha.grouped_query_attention(x, w_q, w_k, w_v, w_o, H, num_groups, mask=mask)
    assert_allclose(got, np.concatenate(heads, axis=-1) @ w_o, atol=1e-12)


def test_as_many_groups_as_heads_is_multi_head_attention() -> None:
    x, weights = draw(H, 2, 3)
    assert_allclose(
        mha.grouped_query_attention(x, *weights, H, H), mha.multi_head_attention(x, *weights, H), atol=1e-12
    )


def test_one_group_equals_heads_whose_key_and_value_columns_are_copies() -> None:
    x, (w_q, w_k, w_v, w_o) = draw(1)
    copies = (w_q, np.tile(w_k, H), np.tile(w_v, H), w_o)
    assert_allclose(
        mha.grouped_query_attention(x, w_q, w_k, w_v, w_o, H, 1), mha.multi_head_attention(x, *copies, H), atol=1e-12
    )


def test_neighbouring_heads_share_a_group() -> None:
    groups = np.arange(3.0)[:, None, None]
    assert_array_equal(mha.share_heads(groups, 6).ravel(), [0, 0, 1, 1, 2, 2])


def test_cache_bytes_is_the_size_of_the_keys_and_values_that_are_kept() -> None:
    x, (_, w_k, w_v, _) = draw(2)
    kept = [mha.KVCache(mha.split_heads(x @ w_k, 2), mha.split_heads(x @ w_k, 2)) for _ in range(3)]
    assert w_v.shape[1] != w_k.shape[1]
    assert mha.cache_bytes(3, 2, D_K, T, 8) == sum(cache.k.nbytes + cache.v.nbytes for cache in kept)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"num_heads": 5}, r"w_q: got shape \(12, 24\), expected shape \(12, 5·d_k\)"),
        ({"num_groups": 4, "w_k": np.ones((D_MODEL, 16)), "w_v": np.ones((D_MODEL, 12))}, "num_heads: got 6"),
        ({"num_groups": 0}, "num_groups: got 0, expected at least 1"),
        ({"w_o": np.ones((10, 7))}, r"w_o: got shape \(10, 7\), expected shape \(18, d_out\)"),
        ({"w_k": np.ones((D_MODEL, 6))}, r"k: got shape"),
    ],
)
def test_what_does_not_fit_is_refused(change: dict[str, Any], message: str) -> None:
    x, weights = draw(2)
    layer: dict[str, Any] = dict(zip(("w_q", "w_k", "w_v", "w_o"), weights, strict=True))
    with pytest.raises(mha.ShapeError, match=message):
        mha.grouped_query_attention(**{"x": x, **layer, "num_heads": H, "num_groups": 2, **change})


def test_sizes_that_are_none_are_refused() -> None:
    with pytest.raises(mha.ShapeError, match="num_tokens: got 0"):
        mha.cache_bytes(2, 2, 4, 0)
    with pytest.raises(mha.ShapeError, match="multiple of the number of groups, 3"):
        mha.share_heads(np.ones((3, 2, 2)), 4)


def test_each_line_that_makes_an_array_of_the_layer_ends_in_its_shape() -> None:
    lines = [line for line in inspect.getsource(grouped.grouped_query_attention).splitlines() if "heads(" in line]
    assert len(lines) == 5
    assert all("# (..., " in line and line.endswith(")") for line in lines)
