"""Multi-head attention: split, attend, concatenate, project (Vaswani et al. 2017, section 3.2.2)."""

from typing import SupportsIndex

from numpy.typing import ArrayLike

from .arguments import Array, as_floats, as_size, as_weights
from .attention import Result, project, scaled_dot_product_attention
from .errors import ShapeError


def split_heads(x: ArrayLike, num_heads: SupportsIndex) -> Array:
    """(..., T, H·d) -> (..., H, T, d): columns h·d to (h+1)·d become head h.

    Raises ShapeError where the heads do not divide the last axis.

    >>> split_heads([[1, 2, 3, 4], [5, 6, 7, 8]], num_heads=2)
    array([[[1., 2.],
            [5., 6.]],
    <BLANKLINE>
           [[3., 4.],
            [7., 8.]]])
    """
    return _split("x", as_floats("x", x, "(..., T, H·d)"), as_size("num_heads", num_heads))


def concat_heads(heads: ArrayLike) -> Array:
    """(..., H, T, d) -> (..., T, H·d), the inverse of split_heads.

    >>> concat_heads([[[1, 2], [5, 6]], [[3, 4], [7, 8]]])
    array([[1., 2., 3., 4.],
           [5., 6., 7., 8.]])
    """
    heads = as_floats("heads", heads, "(..., H, T, d)")
    *leading, num_heads, t, d = heads.shape
    return heads.swapaxes(-3, -2).reshape(*leading, t, num_heads * d)  # (..., T, H·d)


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
    """A whole layer: Concat(head_1, ..., head_H) w_o.

    x (..., T_q, d_model), context (..., T_k, d_context), x itself unless given, w_q (d_model, H·d_k),
    w_k (d_context, H·d_k), w_v (d_context, H·d_v) and w_o (H·d_v, d_out) give (..., T_q, d_out).
    The mask is boolean, True where a query may attend, and broadcasts to (..., H, T_q, T_k): a causal mask
    (T_q, T_k) serves every head, a padding mask over keys is (B, 1, 1, T_k), a mask per head (H, T_q, T_k).
    With `return_weights` the result is (output, weights), weights (..., H, T_q, T_k).

    Raises ShapeError for shapes that do not fit, heads that do not divide a width, and a mask that does not broadcast.
    """
    num_heads = as_size("num_heads", num_heads)
    q, k, v = project(x, w_q, w_k, w_v, context)
    w_o = as_weights("w_o", w_o, v.shape[-1], "d_out")
    attended = scaled_dot_product_attention(
        _split("w_q", q, num_heads),  # (..., H, T_q, d_k)
        _split("w_k", k, num_heads),  # (..., H, T_k, d_k)
        _split("w_v", v, num_heads),  # (..., H, T_k, d_v)
        mask,
        return_weights=return_weights,
    )
    if not return_weights:
        return concat_heads(attended) @ w_o  # (..., T_q, d_out)
    heads, weights = attended
    return concat_heads(heads) @ w_o, weights


def _split(argument: str, x: Array, num_heads: int) -> Array:
    *leading, t, width = x.shape
    if width % num_heads:
        raise ShapeError(argument, f"{width} columns", f"a number of columns that num_heads = {num_heads} divides")
    return x.reshape(*leading, t, num_heads, width // num_heads).swapaxes(-3, -2)  # (..., H, T, d)
