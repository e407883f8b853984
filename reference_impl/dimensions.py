"""The sizes of a layer, from its model width and its number of heads (Vaswani et al. 2017, section 3.2.2)."""

from typing import SupportsIndex

from .arguments import as_size
from .errors import ShapeError


def head_dim(d_model: SupportsIndex, num_heads: SupportsIndex) -> int:
    """Width of one head, d_model / H, where the heads share the model width equally.

    Raises ShapeError where the heads do not divide d_model.

    >>> head_dim(768, 12)
    64
    """
    d_model, num_heads = as_size("d_model", d_model), as_size("num_heads", num_heads)
    if d_model % num_heads:
        raise ShapeError("d_model", str(d_model), f"a multiple of num_heads = {num_heads}")
    return d_model // num_heads


def concat_dim(num_heads: SupportsIndex, d_v: SupportsIndex) -> int:
    """Width of the concatenated heads, H·d_v.

    >>> concat_dim(8, 64)
    512
    """
    return as_size("num_heads", num_heads) * as_size("d_v", d_v)


def output_projection_shape(num_heads: SupportsIndex, d_v: SupportsIndex, d_out: SupportsIndex) -> tuple[int, int]:
    """Shape of w_o, which maps the concatenated heads to the output: (H·d_v, d_out).

    >>> output_projection_shape(3, 6, 10)
    (18, 10)
    """
    return concat_dim(num_heads, d_v), as_size("d_out", d_out)


def parameter_count(
    d_model: SupportsIndex,
    num_heads: SupportsIndex,
    *,
    d_k: SupportsIndex | None = None,
    d_v: SupportsIndex | None = None,
    d_out: SupportsIndex | None = None,
    bias: bool = False,
) -> int:
    """Number of learned numbers in a whole layer: w_q, w_k, w_v and w_o, and with `bias` one bias vector for each.

    d_k is head_dim(d_model, num_heads) unless given, d_v is d_k, and d_out is d_model. Without biases and with these
    defaults the count is 4·d_model², whatever the number of heads.

    >>> parameter_count(512, 8)
    1048576
    >>> parameter_count(512, 8, bias=True)
    1050624
    """
    d_model, num_heads = as_size("d_model", d_model), as_size("num_heads", num_heads)
    d_k = head_dim(d_model, num_heads) if d_k is None else as_size("d_k", d_k)
    d_v = d_k if d_v is None else as_size("d_v", d_v)
    d_out = d_model if d_out is None else as_size("d_out", d_out)
    shapes = [
        (d_model, num_heads * d_k),  # w_q
        (d_model, num_heads * d_k),  # w_k
        (d_model, num_heads * d_v),  # w_v
        output_projection_shape(num_heads, d_v, d_out),  # w_o
    ]
    return sum((rows + bias) * columns for rows, columns in shapes)
