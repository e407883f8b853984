"""Mistakes in the order of the steps: which of them may swap, and what comes after the heads."""

from __future__ import annotations

from ..marking import Mistake

W_O_PER_HEAD = Mistake(
    "w_o_before_concat",
    "output",
    "W_o is applied before the heads are side by side. Its rows belong to all H·d_v columns of the "
    "concatenation, so a single head is too narrow for it. And if you project the heads one by one and "
    "then concatenate them, they are never mixed.",
)
NORMALISED_ROWS = Mistake(
    "normalised",
    "output",
    "The rows are normalised. In a Transformer that happens outside the attention layer. Here it "
    "removes the size of the heads' outputs, which carries information.",
)
SOFTMAX_AGAIN = Mistake(
    "softmax_after_heads",
    "output",
    "Softmax is applied to the outputs. It turns scores into weights, inside a head. These rows are "
    "mixtures of values, and they may be negative and have any sum.",
)
