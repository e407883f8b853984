"""The same computations in PyTorch, on the processor."""

from collections.abc import Callable, Sequence
from typing import Any

import torch
from numpy.typing import NDArray
from torch.nn import MultiheadAttention
from torch.nn.functional import scaled_dot_product_attention

Array = NDArray[Any]


def torch_heads(q: Array, k: Array, v: Array, mask: Array | None) -> Callable[[], Array]:
    """F.scaled_dot_product_attention, whose boolean mask is True where a query may attend."""
    tensors = [torch.from_numpy(array) for array in (q, k, v)]
    allowed = None if mask is None else torch.from_numpy(mask)

    def call() -> Array:
        with torch.inference_mode():
            output: Array = scaled_dot_product_attention(*tensors, attn_mask=allowed).numpy()
        return output

    return call


def torch_layer(x: Array, weights: Sequence[Array], num_heads: int, mask: Array | None) -> Callable[[], Array]:
    """nn.MultiheadAttention, which multiplies by transposed weights, and whose mask is True where a query may NOT attend."""
    tokens = torch.from_numpy(x)
    w_q, w_k, w_v, w_o = (torch.from_numpy(w).T for w in weights)
    forbidden = None if mask is None else ~torch.from_numpy(mask)
    layer = MultiheadAttention(x.shape[-1], num_heads, bias=False, batch_first=True, dtype=tokens.dtype).eval()
    with torch.no_grad():
        layer.in_proj_weight.copy_(torch.cat([w_q, w_k, w_v]))
        layer.out_proj.weight.copy_(w_o)

    def call() -> Array:
        with torch.inference_mode():
            output: Array = layer(tokens, tokens, tokens, attn_mask=forbidden, need_weights=False)[0].numpy()
        return output

    return call
