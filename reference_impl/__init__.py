"""Multi-head attention in NumPy: the reference that answers are marked against.

`plain.py` is the page to read first: the whole layer in nine stages, a line each. The functions below return the same
numbers from checked arguments; `blocked.py` makes them fast. For long texts, `grouped.py` lets heads share keys and
values, and `running.py` computes softmax from one block of keys after another.

Letters: B batch, T tokens (T_q and T_k where they differ), d_model, H heads, d_k and d_v the widths of one head, d_out.
Weights multiply on the right, q = x @ w_q. A boolean mask is True where a query may attend to a key. Scores are before
the softmax, weights after it. Functions are batched over any leading axes and never change their inputs; as in NumPy,
split_heads and concat_heads give a view where they can.

float32 and float64 stay what they are; integers and booleans become float64, float16 becomes float32. What does not fit
raises ShapeError; what is no number, or a mask that is not boolean, TypeError.

Source: Vaswani et al. 2017, "Attention Is All You Need", section 3.2.
"""

from .attention import attention_head, causal_mask, scaled_dot_product_attention, softmax
from .decoding import KVCache, decode_step, multi_head_decode_step
from .dimensions import concat_dim, head_dim, output_projection_shape, parameter_count
from .errors import ShapeError
from .grouped import cache_bytes, grouped_query_attention, share_heads
from .heads import concat_heads, multi_head_attention, split_heads
from .patterns import first_token_score, induction_score, own_token_score, previous_token_score
from .running import add_block, attention_in_blocks
from .transformer import (
    Layer,
    Transformer,
    choose_token,
    fused_causal_attention,
    next_token_loss,
    rms_norm,
    split_fused,
)

__all__ = [
    "KVCache",
    "Layer",
    "ShapeError",
    "Transformer",
    "add_block",
    "attention_head",
    "attention_in_blocks",
    "cache_bytes",
    "causal_mask",
    "choose_token",
    "concat_dim",
    "concat_heads",
    "decode_step",
    "first_token_score",
    "fused_causal_attention",
    "grouped_query_attention",
    "head_dim",
    "induction_score",
    "multi_head_attention",
    "multi_head_decode_step",
    "next_token_loss",
    "output_projection_shape",
    "own_token_score",
    "parameter_count",
    "previous_token_score",
    "rms_norm",
    "scaled_dot_product_attention",
    "share_heads",
    "softmax",
    "split_fused",
    "split_heads",
]
