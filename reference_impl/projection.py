"""Linear projections, which multiply on the right: x @ w."""

import numpy as np
from numpy.typing import ArrayLike

from .arguments import Array, as_floats, as_matrix
from .errors import ShapeError


def linear(x: Array, w: Array) -> Array:
    """x @ w, (..., T, d) and (d, columns) -> (..., T, columns), as one product over all tokens.

    matmul would make one product per batch entry, which takes longer.
    """
    return np.tensordot(x, w, axes=1)  # (..., T, columns)


def project(
    x: ArrayLike, w_q: ArrayLike, w_k: ArrayLike, w_v: ArrayLike, context: ArrayLike | None = None, num_heads: int = 1
) -> tuple[Array, Array, Array]:
    """Queries (..., T_q, H·d_k) from x; keys (..., T_k, H·d_k) and values (..., T_k, H·d_v) from the context.

    The context is x itself unless given. Raises ShapeError for shapes that do not fit.
    """
    x = as_floats("x", x, "T_q", "d_model")
    context = x if context is None else as_floats("context", context, "T_k", "d_context")
    w_q = as_matrix("w_q", w_q, x.shape[-1], "d_k", num_heads)
    w_k = as_matrix("w_k", w_k, context.shape[-1], "d_k", num_heads)
    w_v = as_matrix("w_v", w_v, context.shape[-1], "d_v", num_heads)
    if w_k.shape[1] != w_q.shape[1]:
        raise ShapeError("w_k", f"shape {w_k.shape}", f"shape ({w_k.shape[0]}, {w_q.shape[1]}), as wide as w_q")
    return linear(x, w_q), linear(context, w_k), linear(context, w_v)
