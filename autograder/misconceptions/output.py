"""Mistakes in the output projection."""

from __future__ import annotations

from ..marking import Mistake
from .steps import Array


def _none(concatenated: Array, w_o: Array) -> Array:
    return concatenated


def _transposed(concatenated: Array, w_o: Array) -> Array:
    return concatenated @ w_o.T


def _twice(concatenated: Array, w_o: Array) -> Array:
    return concatenated @ w_o @ w_o


def _residual(result: Array, x: Array) -> Array:
    return result + x


NO_W_O = Mistake(
    "no_output_projection",
    "output",
    "The output is the concatenation itself; W_o is not applied. It would be right only if W_o were the identity, and "
    "the heads never get mixed.",
    {"output": _none},
)
W_O_TRANSPOSED = Mistake(
    "w_o_transposed",
    "output",
    "W_o is transposed. It runs only where W_o is square, and there it gives other numbers without a word.",
    {"output": _transposed},
)
W_O_TWICE = Mistake(
    "w_o_twice",
    "output",
    "W_o is applied twice: the output has gone through the same matrix a second time.",
    {"output": _twice},
)
RESIDUAL = Mistake(
    "residual_added",
    "output",
    "The input is added to the output. A whole Transformer block does that, outside of its attention layer.",
    {"finish": _residual},
)

OUTPUT = (NO_W_O, W_O_TRANSPOSED, W_O_TWICE)
