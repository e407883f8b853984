"""Multi-head attention: project, split, attend, concatenate, project (Vaswani et al. 2017, section 3.2.2)."""

from typing import SupportsIndex

from numpy.typing import ArrayLike

from . import plain
from .arguments import Array, as_floats, as_matrix, as_size
from .attention import Result, scaled_dot_product_attention
from .errors import ShapeError
from .projection import linear, project


def split_heads(x: ArrayLike, num_heads: SupportsIndex) -> Array:
    """(..., T, H·d) -> (..., H, T, d): columns h·d up to, but not including, (h+1)·d are head h.

    Raises ShapeError where the heads do not divide the last axis.

    >>> split_heads([[1, 2, 3, 4], [5, 6, 7, 8]], num_heads=2)
    array([[[1., 2.],
            [5., 6.]],
    <BLANKLINE>
           [[3., 4.],
            [7., 8.]]])
    """
    x, num_heads = as_floats("x", x, "T", "H·d"), as_size("num_heads", num_heads)
    if x.shape[-1] % num_heads:
        raise ShapeError("x", f"shape {x.shape}", f"shape (..., T, {num_heads}·d)")
    return plain.split_heads(x, num_heads)  # (..., H, T, d)


def concat_heads(heads: ArrayLike) -> Array:
    """(..., H, T, d) -> (..., T, H·d): the heads side by side, as before split_heads.

    Raises ShapeError for fewer than three axes.

    >>> concat_heads([[[1, 2], [5, 6]], [[3, 4], [7, 8]]])
    array([[1., 2., 3., 4.],
           [5., 6., 7., 8.]])
    """
    return plain.concat_heads(as_floats("heads", heads, "H", "T", "d"))  # (..., T, H·d)


def multi_head_attention(
    x: ArrayLike,
    w_q: ArrayLike,
    w_k: ArrayLike,
    w_v: ArrayLike,
    w_o: ArrayLike,
    num_heads: SupportsIndex,
    *,
    context: ArrayLike | None = None,
    mask: ArrayLike | None = None,
    return_weights: bool = False,
) -> Result:
    """A whole layer: Concat(head_1, ..., head_H) w_o, with the projections of all heads side by side in w_q, w_k, w_v.

    x (..., T_q, d_model), context (..., T_k, d_context), x itself unless given, w_q (d_model, H·d_k),
    w_k (d_context, H·d_k), w_v (d_context, H·d_v) and w_o (H·d_v, d_out) give the output (..., T_q, d_out).
    The mask is boolean, True where a query may attend, and broadcasts to (..., H, T_q, T_k): (T_q, T_k) holds for
    every head, (H, T_q, T_k) has one for each, (B, 1, T_q, T_k) one for each batch entry, and (B, 1, 1, T_k) hides
    padded keys. With `return_weights` the result is (output, weights), weights (..., H, T_q, T_k).

    Raises ShapeError for shapes that do not fit, heads that do not divide a width and a mask that does not broadcast.
    """
    num_heads = as_size("num_heads", num_heads)
    q, k, v = project(x, w_q, w_k, w_v, context, num_heads)
    w_o = as_matrix("w_o", w_o, v.shape[-1], "d_out")
    q = split_heads(q, num_heads)  # (..., H, T_q, d_k)
    k = split_heads(k, num_heads)  # (..., H, T_k, d_k)
    v = split_heads(v, num_heads)  # (..., H, T_k, d_v)
    attended = scaled_dot_product_attention(q, k, v, mask, return_weights=return_weights)
    del q, k, v  # their memory serves for what follows
    heads, weights = attended if return_weights else (attended, None)  # (..., H, T_q, d_v), (..., H, T_q, T_k)
    output = linear(concat_heads(heads), w_o)  # (..., T_q, d_out)
    return (output, weights) if return_weights else output
