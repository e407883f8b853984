"""Mistakes in the order of the steps: which of them may swap, and what comes after the heads."""

from __future__ import annotations

from ..marking import Mistake

W_O_PER_HEAD = Mistake(
    "w_o_before_concat",
    "output",
    "W_o comes before the heads are side by side. Its rows stand for all H·d_v columns of the concatenation, so a single "
    "head is too narrow for it; and heads that are projected one by one and then concatenated would never be mixed.",
)
NORMALISED_ROWS = Mistake(
    "normalised",
    "output",
    "The rows are normalised. That belongs to the block around attention; here it takes away how large the heads' "
    "outputs are, before or after W_o has weighed them.",
)
SOFTMAX_AGAIN = Mistake(
    "softmax_after_heads",
    "output",
    "Softmax is applied to the outputs. It makes weights from scores, inside a head; these rows are mixtures of values, "
    "and nothing says that they should be positive or sum to 1.",
)
