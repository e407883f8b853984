"""Mistakes in the scale 1/sqrt(d_k)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from ..marking import Mistake
from .stages import Array, Sizes


def _unscaled(scores: Array, sizes: Sizes) -> Array:
    return scores


def _over(width: Any) -> Any:
    """Divide by sqrt of another size; None (unknown here) raises, so the mistake is not considered."""

    def scale(scores: Array, sizes: Sizes) -> Array:
        return scores / np.sqrt(float(width(sizes)))

    return scale


def _sqrt_t_k(scores: Array, sizes: Sizes) -> Array:
    return scores / np.sqrt(scores.shape[-1])


def _by_d_k(scores: Array, sizes: Sizes) -> Array:
    return scores / sizes.d_k


def _by_half_of_d_k(scores: Array, sizes: Sizes) -> Array:
    return scores / (sizes.d_k / 2)


def _by_d_k_and_2(scores: Array, sizes: Sizes) -> Array:
    return scores / sizes.d_k / 2


def _times_sqrt(scores: Array, sizes: Sizes) -> Array:
    return scores * np.sqrt(sizes.d_k)


def _after(weights: Array, mask: Array | None, sizes: Sizes) -> Array:
    return weights / np.sqrt(sizes.d_k)


NO_SCALE = Mistake(
    "no_scale",
    "scale",
    "The scores are not divided by sqrt(d_k). Dot products grow with the width of the head, so the "
    "weights end up almost one-hot. The log-ratio of two weights is exactly sqrt(d_k) times what it "
    "should be.",
    {"scale": _unscaled},
)
SQRT_D_MODEL = Mistake(
    "sqrt_d_model",
    "scale",
    "The scores are divided by sqrt(d_model). A dot product adds up d_k terms, where d_k is the width "
    "of one head, so d_k is the width that counts.",
    {"scale": _over(lambda s: s.d_model)},
)
BY_D_K = Mistake(
    "by_d_k",
    "scale",
    "The scores are divided by d_k itself instead of its square root. That makes the weights too equal.",
    {"scale": _by_d_k},
)
SQRT_T = Mistake(
    "sqrt_t",
    "scale",
    "The scores are divided by the square root of the number of tokens. A dot product adds up d_k "
    "terms, whatever the number of tokens, and this head would behave differently on a longer text.",
    {"scale": _over(lambda s: s.t_q)},
)
SQRT_D_V = Mistake(
    "sqrt_d_v",
    "scale",
    "The scores are divided by sqrt(d_v), the width of the values. Scores are made of queries and keys, whose width "
    "is d_k.",
    {"scale": _over(lambda s: s.d_v)},
)
SQRT_H = Mistake(
    "sqrt_num_heads",
    "scale",
    "The scores are divided by the square root of the number of heads. The width of one head, d_k, is what counts.",
    {"scale": _over(lambda s: s.num_heads)},
)
SQRT_T_K = Mistake(
    "sqrt_t_k",
    "scale",
    "The scores are divided by the square root of the number of keys. A dot product adds up d_k terms, "
    "whatever the number of keys, and this layer would behave differently with a longer context.",
    {"scale": _sqrt_t_k},
)
SQRT_ALL_HEADS = Mistake(
    "sqrt_all_heads",
    "scale",
    "The scores are divided by sqrt(H·d_k), the width of all heads together. Each dot product adds up "
    "the d_k terms of one head.",
    {"scale": _over(lambda s: s.d_k * s.num_heads)},
)
SQRT_D_MODEL_PER_HEAD = Mistake(
    "sqrt_d_model_per_head",
    "scale",
    "The scores are divided by sqrt(d_model / H). That is the width of a head only if H·d_k is "
    "d_model. Here d_k is whatever the matrices make it.",
    {"scale": _over(lambda s: s.d_model / s.num_heads)},
)
TIMES_SQRT_D_K = Mistake(
    "times_sqrt_d_k",
    "scale",
    "The scores are multiplied by sqrt(d_k), but the scale should make them smaller.",
    {"scale": _times_sqrt},
)
SCALE_AFTER_SOFTMAX = Mistake(
    "scale_after_softmax",
    "scale",
    "The scale is applied to the weights, after softmax. So every row of weights sums to 1/sqrt(d_k) instead of 1.",
    {"scale": _unscaled, "after_softmax": _after},
)

HALF_FOR_ROOT = Mistake(
    "half_for_root",
    "scale",
    "The scores are divided by half of d_k. In Python `**` binds more strongly than `/`, so `d_k ** 1 "
    "/ 2` is half of d_k, not its square root.",
    {"scale": _by_half_of_d_k},
)
HALVES_FOR_ROOTS = (HALF_FOR_ROOT, replace(HALF_FOR_ROOT, replaces={"scale": _by_d_k_and_2}))

# For notebooks whose example has d_k = 3.
SQRT_3 = Mistake(
    "size_of_the_example",
    "scale",
    "The scale fits only the example's d_k = 3. Take d_k from the arrays that the function receives.",
    {"scale": lambda scores, sizes: scores / np.sqrt(3)},
)

BY_A_CONSTANT = Mistake(
    "scale_by_a_constant",
    "scale",
    "The scores are divided by the same number for every width of the queries. The scale grows with "
    "d_k, so that heads of any width get scores of about the same size.",
)


def _by(number: float) -> Mistake:
    return replace(BY_A_CONSTANT, replaces={"scale": lambda scores, sizes: scores / number})


# Roots of widths that models have, and round numbers.
CONSTANTS = tuple(
    _by(c) for c in (*(d**0.5 for d in (2, 5, 8, 10, 12, 16, 32, 64, 128, 512, 768)), 3.0, 5.0, 10.0, 64.0, 100.0)
)

# What can go wrong where only q and k are known; in one head; and where there are several heads.
SCALE_OF_SCORES = (NO_SCALE, BY_D_K, SQRT_T, SQRT_T_K, TIMES_SQRT_D_K, *HALVES_FOR_ROOTS)
SCALE = (NO_SCALE, SQRT_D_MODEL, BY_D_K, SQRT_T, SQRT_D_V, TIMES_SQRT_D_K, SCALE_AFTER_SOFTMAX)
SCALE_BY_HEADS = (SQRT_H, SQRT_ALL_HEADS, SQRT_D_MODEL_PER_HEAD, SQRT_T_K)
