"""Grouped-query attention: the heads of a group have queries of their own and share one set of keys and values.

G is the number of groups. G = H is multi-head attention, G = 1 multi-query attention. A cache keeps what the groups
have, so it is H/G times smaller than with a set for every head.

Sources: Shazeer 2019, "Fast Transformer Decoding: One Write-Head is All You Need" (multi-query); Ainslie et al. 2023,
"GQA: Training Generalized Multi-Query Transformer Models from Multi-Head Checkpoints".
"""

from typing import SupportsIndex

import numpy as np
from numpy.typing import ArrayLike

from .arguments import Array, as_floats, as_matrix, as_size
from .attention import scaled_dot_product_attention
from .errors import ShapeError
from .heads import concat_heads, split_heads
from .projection import linear


def share_heads(groups: ArrayLike, num_heads: SupportsIndex) -> Array:
    """(..., G, T, d) -> (..., H, T, d): head h reads group h // (H / G), so neighbouring heads share.

    Raises ShapeError where the groups do not divide the heads.

    >>> share_heads([[[1, 2]], [[3, 4]]], num_heads=4)[:, 0].tolist()
    [[1.0, 2.0], [1.0, 2.0], [3.0, 4.0], [3.0, 4.0]]
    """
    groups, num_heads = as_floats("groups", groups, "G", "T", "d"), as_size("num_heads", num_heads)
    num_groups = groups.shape[-3]
    if not num_groups or num_heads % num_groups:
        raise ShapeError("num_heads", str(num_heads), f"a multiple of the number of groups, {num_groups}")
    return np.repeat(groups, num_heads // num_groups, axis=-3)  # (..., H, T, d)


def grouped_query_attention(
    x: ArrayLike,
    w_q: ArrayLike,
    w_k: ArrayLike,
    w_v: ArrayLike,
    w_o: ArrayLike,
    num_heads: SupportsIndex,
    num_groups: SupportsIndex,
    *,
    mask: ArrayLike | None = None,
) -> Array:
    """A whole layer whose H heads share G sets of keys and values.

    x (..., T, d_model), w_q (d_model, H·d_k), w_k (d_model, G·d_k), w_v (d_model, G·d_v) and w_o (H·d_v, d_out) give
    the output (..., T, d_out). The mask is as in multi_head_attention.

    Raises ShapeError for shapes that do not fit, and for groups that do not divide the heads.
    """
    x = as_floats("x", x, "T", "d_model")
    num_heads, num_groups = as_size("num_heads", num_heads), as_size("num_groups", num_groups)
    w_q = as_matrix("w_q", w_q, x.shape[-1], "d_k", num_heads)
    w_k = as_matrix("w_k", w_k, x.shape[-1], "d_k", num_groups)
    w_v = as_matrix("w_v", w_v, x.shape[-1], "d_v", num_groups)
    w_o = as_matrix("w_o", w_o, w_v.shape[1] // num_groups * num_heads, "d_out")
    q = split_heads(linear(x, w_q), num_heads)  # (..., H, T, d_k)
    k = split_heads(linear(x, w_k), num_groups)  # (..., G, T, d_k)
    v = split_heads(linear(x, w_v), num_groups)  # (..., G, T, d_v)
    k, v = share_heads(k, num_heads), share_heads(v, num_heads)  # (..., H, T, d_k), (..., H, T, d_v)
    heads = scaled_dot_product_attention(q, k, v, mask)  # (..., H, T, d_v)
    return linear(concat_heads(heads), w_o)  # (..., T, d_out)


def cache_bytes(
    num_layers: SupportsIndex,
    num_groups: SupportsIndex,
    d: SupportsIndex,
    num_tokens: SupportsIndex,
    bytes_per_number: SupportsIndex = 2,
) -> int:
    """Bytes that the keys and values of one sequence take in all layers, where both are d wide in each group.

    For multi-head attention the number of groups is the number of heads.

    >>> cache_bytes(32, 8, 128, num_tokens=1)
    131072
    """
    sizes = {
        "num_layers": num_layers,
        "num_groups": num_groups,
        "d": d,
        "num_tokens": num_tokens,
        "bytes_per_number": bytes_per_number,
    }
    total = 2  # a key and a value
    for name, size in sizes.items():
        total *= as_size(name, size)
    return total
