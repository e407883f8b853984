"""Unit 4: the width of a head, of the concatenation, and the split between them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import numpy as np

import reference_impl as ref

from ..marking import Case, Entry, Facet, FunctionQuestion, HandQuestion, Question, StatementQuestion, ValueQuestion
from ..mistakes import (
    CONCAT_BY_ITSELF,
    CONCAT_WIDTH,
    HEAD_WIDTH,
    SPLIT_BY_ITSELF,
    from_stages,
    guesses,
    own_numbers,
    shapes,
)
from ..mistakes.conduct import CONDUCT
from ..mistakes.guesses import Guesses
from ..mistakes.kinds import FLOAT_FOR_INT
from . import insides
from .demands import is_int
from .inputs import Rng, integers, normal


def _sizes(rng: Rng) -> tuple[int, int]:
    """A number of heads and a width, so different that no sum, power or quotient of them is right by chance."""
    return int(rng.integers(3, 10)), int(rng.integers(11, 40))


def _divisible(rng: Rng) -> Case:
    num_heads, d = _sizes(rng)
    return Case((num_heads * d, num_heads))


def _indivisible(rng: Rng, left_over: Callable[[int], int]) -> Case:
    num_heads, d = int(rng.choice([5, 7, 9, 11])), int(rng.integers(11, 40))
    return Case((num_heads * d + left_over(num_heads), num_heads))


def _whole(got: Any, want: Any) -> str | None:
    """A sentence where a right width is no integer by type; an array without axes counts as what it holds."""
    return is_int(got[()] if isinstance(got, np.ndarray) and got.shape == () else got, want)


def _scale_of_heads(rng: Rng) -> dict[str, int]:
    scale, num_heads = int(rng.integers(4, 13)), int(rng.integers(3, 17))
    return {"d_model": num_heads * scale**2, "scale": scale}


WIDTH_768 = HandQuestion(
    id="head_dimensions.width_768",
    title="From the scale to the number of heads",
    points=0.5,
    read="head_dimensions#the-width-of-a-head",
    name="my_heads",
    draw=_scale_of_heads,
    answer=own_numbers.heads_from_scale,
    slips=own_numbers.HEADS_FROM_SCALE,
)

WIDTH = FunctionQuestion(
    id="head_dimensions.head_width",
    title="The width of a head",
    points=2,
    read="head_dimensions#the-width-of-a-head",
    name="head_width",
    reference=ref.head_dim,
    argnames=("d_model", "num_heads"),
    facets=(
        Facet(
            "the width for sizes not seen before",
            0.5,
            lambda rng: [_divisible(rng), _divisible(rng), _divisible(rng), Case((int(rng.integers(11, 40)), 1))],
        ),
        Facet("the width is an int", 0.2, lambda rng: [_divisible(rng), _divisible(rng)], _whole, FLOAT_FOR_INT),
        Facet(
            "heads that do not divide d_model raise a ValueError",
            0.3,
            lambda rng: [
                _indivisible(rng, lambda num_heads: 1),
                _indivisible(rng, lambda num_heads: num_heads - 1),
                Case((3, 8)),
                _divisible(rng),
            ],
        ),
    ),
    wrongs=lambda: HEAD_WIDTH,
)


def _wide_values(rng: Rng) -> dict[str, int]:
    (num_heads, d_k), d_v = _sizes(rng), int(rng.integers(11, 40))
    return {"d_model": num_heads * d_k, "num_heads": num_heads, "d_k": d_k, "d_v": d_v}


CONCAT_8_64 = HandQuestion(
    id="head_dimensions.concat_width",
    title="The width of the concatenation where d_v is not d_k",
    points=0.5,
    read="head_dimensions#concatenation",
    name="my_width",
    draw=_wide_values,
    answer=own_numbers.concatenated,
    slips=own_numbers.CONCATENATED,
)

CONCAT_FUNCTION = FunctionQuestion(
    id="head_dimensions.concat_function",
    title="The width of the concatenation",
    points=1,
    read="head_dimensions#concatenation",
    name="concat_width",
    reference=ref.concat_dim,
    argnames=("num_heads", "d_v"),
    facets=(
        Facet(
            "the width for sizes not seen before",
            1,
            lambda rng: [Case(_sizes(rng)), Case(_sizes(rng)), Case(_sizes(rng)), Case((1, _sizes(rng)[1]))],
        ),
    ),
    wrongs=lambda: CONCAT_WIDTH,
)

CONFIGURATIONS = StatementQuestion(
    id="head_dimensions.configurations",
    title="Which configurations are possible",
    points=0.5,
    read="head_dimensions#the-width-of-a-head",
    name="possible",
    true=guesses.POSSIBLE_CONFIGURATIONS,
    false=guesses.IMPOSSIBLE_CONFIGURATIONS,
)

# The layer of the notebook's table.
B, T, D_MODEL, H, D_K, D_V = 2, 5, 24, 3, 4, 6


@cache
def _true_shapes() -> Mapping[str, tuple[int, ...]]:
    """The shapes in the table, read off arrays that go through the layer."""
    x = np.zeros((B, T, D_MODEL))
    w_q = np.concatenate([np.zeros((D_MODEL, D_K))] * H, axis=1)
    w_v = np.concatenate([np.zeros((D_MODEL, D_V))] * H, axis=1)
    q, v = x @ w_q, x @ w_v
    q_heads, v_heads = ref.split_heads(q, H), ref.split_heads(v, H)
    k_swapped = np.swapaxes(q_heads, -1, -2)
    heads, weights = ref.scaled_dot_product_attention(q_heads, q_heads, v_heads, return_weights=True)
    arrays = {
        "w_q": w_q,
        "w_v": w_v,
        "q": q,
        "v": v,
        "q_heads": q_heads,
        "v_heads": v_heads,
        "k_swapped": k_swapped,
        "scores": weights,
        "heads": heads,
        "concatenated": ref.concat_heads(heads),
    }
    return {name: array.shape for name, array in arrays.items()}


def _shape(name: str, title: str, wrong: Guesses) -> Entry:
    return Entry(title, 0.1, ("shapes", name), lambda: _true_shapes()[name], wrong)


SHAPES = ValueQuestion(
    id="head_dimensions.shapes",
    title="The shapes on the way through a layer",
    points=2.5,
    read="head_dimensions#a-table-of-shapes",
    entries=(
        _shape("w_q", "w_q, all heads side by side", shapes.weight_shape(D_MODEL, H, D_K, D_V)),
        _shape("w_v", "w_v, all heads side by side", shapes.weight_shape(D_MODEL, H, D_V, D_K)),
        _shape("q", "q = x @ w_q", shapes.projected_shape(B, T, D_MODEL, H, D_K, D_V)),
        _shape("v", "v = x @ w_v", shapes.projected_shape(B, T, D_MODEL, H, D_V, D_K)),
        _shape("q_heads", "q split into heads", shapes.split_shape(B, T, D_MODEL, H, D_K, D_V)),
        _shape("v_heads", "v split into heads", shapes.split_shape(B, T, D_MODEL, H, D_V, D_K)),
        _shape("k_swapped", "the keys, ready for the product", shapes.swapped_shape(B, T, H, D_K)),
        _shape("scores", "the scores", shapes.scores_shape(B, T, H, D_K, D_V)),
        _shape("heads", "the outputs of the heads", shapes.heads_shape(B, T, H, D_K, D_V)),
        _shape("concatenated", "the heads concatenated", shapes.concatenated_shape(B, T, D_MODEL, H, D_K, D_V)),
    ),
)

_WRONG_SPLITS = from_stages(lambda s: s.split, SPLIT_BY_ITSELF)
_WRONG_CONCATENATIONS = from_stages(lambda s: s.concat, CONCAT_BY_ITSELF)

SPLIT_QUESTION = FunctionQuestion(
    id="head_dimensions.split_heads",
    title="Split the columns among the heads",
    points=2,
    read="head_dimensions#splitting-and-concatenating",
    name="split_heads",
    reference=ref.split_heads,
    argnames=("x", "num_heads"),
    facets=(
        Facet(
            "a batch of sequences",
            0.6,
            lambda rng: [
                Case((normal(rng, 2, 5, 12), 3)),
                Case((normal(rng, 1, 6, 8), 2)),
                Case((normal(rng, 3, 4, 16), 4), twice=CONDUCT),
            ],
        ),
        Facet(
            "one sequence, and more leading axes",
            0.4,
            lambda rng: [
                Case((normal(rng, 5, 12), 3)),
                Case((integers(rng, 2, 3, 4, 6), 2)),
                Case((normal(rng, 4, 15), 5)),
            ],
        ),
    ),
    wrongs=_WRONG_SPLITS,
    inside=insides.inside(lambda s: s.split, _WRONG_SPLITS, ("x", "num_heads"), insides.projection),
)

CONCAT_QUESTION = FunctionQuestion(
    id="head_dimensions.concat_heads",
    title="Bring the heads back side by side",
    points=1.5,
    read="head_dimensions#splitting-and-concatenating",
    name="concat_heads",
    reference=ref.concat_heads,
    argnames=("heads",),
    facets=(
        Facet(
            "a batch of sequences",
            0.6,
            lambda rng: [
                Case((normal(rng, 2, 3, 5, 4),)),
                Case((normal(rng, 1, 2, 6, 3),)),
                Case((normal(rng, 3, 4, 4, 4),), twice=CONDUCT),
            ],
        ),
        Facet(
            "one sequence, and more leading axes",
            0.4,
            lambda rng: [
                Case((normal(rng, 3, 5, 4),)),
                Case((integers(rng, 2, 3, 2, 4, 5),)),
                Case((normal(rng, 5, 4, 3),)),
            ],
        ),
    ),
    wrongs=_WRONG_CONCATENATIONS,
    inside=insides.inside(lambda s: s.concat, _WRONG_CONCATENATIONS, ("heads",), insides.heads_alone),
)

QUESTIONS: tuple[Question, ...] = (
    WIDTH_768,
    WIDTH,
    CONCAT_8_64,
    CONCAT_FUNCTION,
    CONFIGURATIONS,
    SHAPES,
    SPLIT_QUESTION,
    CONCAT_QUESTION,
)
