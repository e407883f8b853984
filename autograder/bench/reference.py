"""The reference against its matrix products alone, against a loop over heads, and beside PyTorch where it is installed."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.console import Console

import reference_impl as mha

from .measure import Measured, memory_ratio, print_table, time_ratio

Array = NDArray[Any]

# (B, T, d_model, H)
ORDINARY = [(1, 512, 768, 12), (8, 128, 512, 8)]
LONG = (1, 2048, 512, 8)


def run(console: Console) -> None:
    """Print the tables."""
    console.print("Times are the shortest of many. Measure on a machine that has nothing else to do.")
    layers = [layer for shape in ORDINARY for layer in draw(*shape)]
    against_products = [
        time_ratio(f"{layer}", partial(reference, layer), partial(products_alone, layer), limit=1.2) for layer in layers
    ]
    print_table(console, "A layer of shape (B, T, d_model, H) over its matrix products alone", against_products)

    against_loop = []
    for layer in draw(*LONG):
        whole, loop = partial(reference, layer), partial(loop_over_heads, layer)
        against_loop.append(time_ratio(f"time {layer}", whole, loop, budget=4, limit=1))
        against_loop.append(memory_ratio(f"memory {layer}", whole, loop, limit=1))
    print_table(console, "A layer over a loop over its heads", against_loop)

    if find_spec("torch") is None:
        console.print("PyTorch is not installed, so nothing is shown beside it: pip install torch==2.13.0")
        return
    from .pytorch import torch_heads, torch_layer

    beside_torch: list[Measured] = []
    for layer in layers:
        q, k, v = (mha.split_heads(layer.x @ w, layer.num_heads) for w in layer.weights[:3])
        heads = partial(mha.scaled_dot_product_attention, q, k, v, layer.mask)
        their_heads = torch_heads(q, k, v, layer.mask)
        their_layer = torch_layer(layer.x, layer.weights, layer.num_heads, layer.mask)
        # A time beside that of another computation would mean nothing.
        np.testing.assert_allclose(their_heads(), heads(), rtol=1e-3, atol=1e-4)
        np.testing.assert_allclose(their_layer(), reference(layer), rtol=1e-3, atol=1e-4)
        beside_torch.append(time_ratio(f"F.scaled_dot_product_attention {layer}", heads, their_heads))
        beside_torch.append(time_ratio(f"nn.MultiheadAttention {layer}", partial(reference, layer), their_layer))
    print_table(console, "The reference over PyTorch", beside_torch)


@dataclass(frozen=True)
class LayerSize:
    """A self-attention layer and an input, of one dtype, with or without a causal mask."""

    x: Array  # (B, T, d_model)
    weights: tuple[Array, Array, Array, Array]  # four of (d_model, d_model)
    num_heads: int
    mask: Array | None  # (T, T)

    def __str__(self) -> str:
        return f"{(*self.x.shape, self.num_heads)} {self.x.dtype} {'unmasked' if self.mask is None else 'causal'}"


def draw(batch: int, t: int, d_model: int, num_heads: int) -> Iterator[LayerSize]:
    """The layer in float32 and float64, without and with a causal mask."""
    rng = np.random.default_rng(0)
    x, *weights = (rng.standard_normal(shape) for shape in [(batch, t, d_model), *[(d_model, d_model)] * 4])
    for dtype in (np.float32, np.float64):
        w_q, w_k, w_v, w_o = ((w / np.sqrt(d_model)).astype(dtype) for w in weights)
        for mask in (None, mha.causal_mask(t)):
            yield LayerSize(x.astype(dtype), (w_q, w_k, w_v, w_o), num_heads, mask)


def reference(layer: LayerSize) -> Array:
    """What is measured."""
    return mha.multi_head_attention(layer.x, *layer.weights, layer.num_heads, mask=layer.mask)


def products_alone(layer: LayerSize) -> Array:
    """x @ w four times, q @ k^T and weights @ v, with nothing between: the scores mix the values as they are."""
    q, k, v = (mha.split_heads(layer.x @ w, layer.num_heads) for w in layer.weights[:3])
    scores = q @ k.swapaxes(-1, -2)  # (B, H, T, T)
    _ = scores @ v  # (B, H, T, d_v)
    return layer.x @ layer.weights[3]  # (B, T, d_model)


def loop_over_heads(layer: LayerSize) -> Array:
    """One head after the other, by the formula, with no array more than that needs."""
    width = layer.x.shape[-1] // layer.num_heads
    concat = np.empty_like(layer.x)  # (B, T, H·d_v)
    for h in range(layer.num_heads):
        own = slice(h * width, (h + 1) * width)
        q, k, v = (layer.x @ w[:, own] for w in layer.weights[:3])  # (B, T, d_k), (B, T, d_k), (B, T, d_v)
        q /= width**0.5
        scores = q @ k.swapaxes(-1, -2)  # (B, T, T)
        if layer.mask is not None:
            np.copyto(scores, -np.inf, where=~layer.mask)
        scores -= scores.max(axis=-1, keepdims=True)
        weights = np.exp(scores, out=scores)  # (B, T, T)
        weights /= weights.sum(axis=-1, keepdims=True)
        np.matmul(weights, v, out=concat[..., own])
    return concat @ layer.weights[3]  # (B, T, d_model)
