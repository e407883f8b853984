"""Sizes and changes that a learner works out for numbers of their own, and the answers that known slips give for them."""

from __future__ import annotations

import reference_impl as ref

from ..marking import Mistake
from .by_hand import Slips
from .sizes import PARAMETERS
from .stages import Array


def _mistake(name: str, says: str) -> Mistake:
    return Mistake(f"own_{name}", "sizes", says)


def heads_from_scale(d_model: int, scale: int) -> float:
    """How many heads share d_model where the scores are divided by this number."""
    return d_model / scale**2


HEADS_FROM_SCALE: Slips = (
    (
        lambda d_model, scale: d_model / scale,
        _mistake(
            "scale_for_width",
            "This takes the scale for the width of a head. The scale is the square root of that width.",
        ),
    ),
    (
        lambda d_model, scale: scale**2,
        _mistake("width_for_heads", "This is the width of one head. The question asks how many such heads there are."),
    ),
    (
        lambda d_model, scale: d_model / scale**0.5,
        _mistake("root_of_scale", "The root was taken a second time. The scale already is the root of the width."),
    ),
)


def concatenated(d_model: int, num_heads: int, d_k: int, d_v: int) -> int:
    """The width of the concatenation."""
    return ref.concat_dim(num_heads, d_v)


CONCATENATED: Slips = (
    (
        lambda d_model, num_heads, d_k, d_v: d_model,
        _mistake(
            "concatenation_as_wide_as_model",
            "This is d_model. The concatenation is as wide as that only where the values are as wide as d_model / H.",
        ),
    ),
    (
        lambda d_model, num_heads, d_k, d_v: d_v,
        _mistake("one_head_only", "This is the width of one head. Side by side, each head brings columns of its own."),
    ),
    (
        lambda d_model, num_heads, d_k, d_v: num_heads * (d_k + d_v),
        _mistake("keys_in_the_output", "The keys are counted as well. A head returns a mixture of values only."),
    ),
    (
        lambda d_model, num_heads, d_k, d_v: num_heads + d_v,
        _mistake(
            "heads_added", "The number of heads and a width are added. Each head brings as many columns as it is wide."
        ),
    ),
)


def parameters(d_model: int, num_heads: int, d_k: int, d_v: int, d_out: int) -> int:
    """The parameters of a layer."""
    return ref.parameter_count(d_model, num_heads, d_k=d_k, d_v=d_v, d_out=d_out)


# One form of each mistake; the same numbers are asked for as of the function.
OWN_PARAMETERS: Slips = tuple(
    {wrong.mistakes[0].name: (wrong.function, wrong.mistakes[0]) for wrong in reversed(PARAMETERS)}.values()
)


def _part(row: Array, w_o: Array, h: int, c: int) -> float:
    """What head h adds to column c: row (4,), w_o (4, 4), two heads of width 2."""
    return float(row[2 * h : 2 * h + 2] @ w_o[2 * h : 2 * h + 2, c])


def change(row: Array, w_o: Array, h: int, c: int) -> float:
    """By how much column c of the output changes when head h's rows of w_o become 0."""
    return -_part(row, w_o, h, c)


CHANGE: Slips = (
    (
        lambda row, w_o, h, c: _part(row, w_o, h, c),
        _mistake("sign_of_change", "The sign is wrong. What the head added is taken away."),
    ),
    (
        lambda row, w_o, h, c: -_part(row, w_o, 1 - h, c),
        _mistake(
            "another_heads_rows", "These are the rows of the other head. Heads and rows are both numbered from 0."
        ),
    ),
    (
        lambda row, w_o, h, c: -_part(row, w_o, h, c) - _part(row, w_o, 1 - h, c),
        _mistake(
            "whole_output_gone",
            "This takes the whole output away. Each output is a sum over all rows of W_o, and only a part of the sum is gone.",
        ),
    ),
    (
        lambda row, w_o, h, c: 0.0,
        _mistake(
            "nothing_changes", "The number would stay the same only if the head had added nothing to this column."
        ),
    ),
)
