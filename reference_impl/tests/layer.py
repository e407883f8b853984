"""A layer with weights and inputs drawn from a seed, all of its sizes different unless a test asks otherwise."""

from dataclasses import dataclass

import numpy as np

import reference_impl as mha
from reference_impl.arguments import Array


@dataclass(frozen=True)
class DrawnLayer:
    x: Array  # (B, T_q, d_model)
    context: Array  # (B, T_k, d_context)
    w_q: Array  # (d_model, H·d_k)
    w_k: Array  # (d_model, H·d_k)
    w_k_context: Array  # (d_context, H·d_k)
    w_v: Array  # (d_model, H·d_v)
    w_v_context: Array  # (d_context, H·d_v)
    w_o: Array  # (H·d_v, d_out)
    num_heads: int

    @property
    def weights(self) -> tuple[Array, Array, Array, Array]:
        """w_q, w_k, w_v and w_o for self-attention."""
        return self.w_q, self.w_k, self.w_v, self.w_o

    @property
    def cross_weights(self) -> tuple[Array, Array, Array, Array]:
        """w_q, w_k, w_v and w_o for attention to the context."""
        return self.w_q, self.w_k_context, self.w_v_context, self.w_o

    def head(self, h: int) -> tuple[Array, Array, Array]:
        """w_q, w_k and w_v of one head of the self-attention: its columns of the fused matrices."""
        columns = [
            slice(h * w.shape[1] // self.num_heads, (h + 1) * w.shape[1] // self.num_heads) for w in self.weights[:3]
        ]
        return self.w_q[:, columns[0]], self.w_k[:, columns[1]], self.w_v[:, columns[2]]

    def attend(self, x: Array | None = None, mask: Array | None = None) -> Array:
        """Self-attention of x, the layer's own unless given."""
        return mha.multi_head_attention(self.x if x is None else x, *self.weights, self.num_heads, mask=mask)


def draw_layer(
    *, batch: int = 2, t_q: int = 5, t_k: int = 7, num_heads: int = 3, d_k: int = 4, d_v: int = 6, seed: int = 0
) -> DrawnLayer:
    rng = np.random.default_rng(seed)
    d_model, d_context, d_out = 12, 11, 10

    def matrix(rows: int, columns: int) -> Array:
        return rng.normal(size=(rows, columns)) / np.sqrt(rows)

    return DrawnLayer(
        x=rng.normal(size=(batch, t_q, d_model)),
        context=rng.normal(size=(batch, t_k, d_context)),
        w_q=matrix(d_model, num_heads * d_k),
        w_k=matrix(d_model, num_heads * d_k),
        w_k_context=matrix(d_context, num_heads * d_k),
        w_v=matrix(d_model, num_heads * d_v),
        w_v_context=matrix(d_context, num_heads * d_v),
        w_o=matrix(num_heads * d_v, d_out),
        num_heads=num_heads,
    )
