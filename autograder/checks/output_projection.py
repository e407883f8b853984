"""Unit 5: the output projection W_o, its shape, its parameters, and the sum over heads that it is."""

from __future__ import annotations

from typing import Any

import numpy as np

import reference_impl as ref

from ..marking import Case, Facet, FunctionQuestion, HandQuestion, Question
from ..mistakes import (
    CONCAT_BY_ITSELF,
    CONTRIBUTIONS,
    OUTPUT,
    OUTPUT_SHAPE,
    PARAMETERS,
    ROWS,
    after_the_heads,
    by_hand,
    carrying,
    chained,
    from_stages,
    own_numbers,
    stages,
)
from ..mistakes.conduct import CONDUCT
from ..mistakes.stages import Array, Stages
from . import by_hand as draws
from . import insides
from .inputs import Rng, integers, normal


def _output_projection_shape(d_model: int, num_heads: int, d_v: int, d_out: int) -> tuple[int, int]:
    return ref.output_projection_shape(num_heads, d_v, d_out)


def _layer_parameters(d_model: int, num_heads: int, d_k: int, d_v: int, d_out: int) -> int:
    return ref.parameter_count(d_model, num_heads, d_k=d_k, d_v=d_v, d_out=d_out)


def _apply_w_o(heads: Array, w_o: Array) -> Array:
    return ref.concat_heads(heads) @ w_o  # (..., T, d_out)


def _different(rng: Rng, count: int) -> list[int]:
    """That many sizes from 11 to 40, all different."""
    return [int(size) for size in rng.choice(np.arange(11, 41), count, replace=False)]


def _usual(rng: Rng) -> Case:
    """d_v is d_model / H, and the output is d_model wide."""
    num_heads, (d_v,) = int(rng.integers(3, 10)), _different(rng, 1)
    return Case((num_heads * d_v, num_heads, d_v, num_heads * d_v))


def _own_width(rng: Rng) -> Case:
    num_heads, (d_model, d_v) = int(rng.integers(3, 10)), _different(rng, 2)
    return Case((d_model * num_heads, num_heads, d_v, d_model * num_heads))


def _own_output(rng: Rng) -> Case:
    num_heads, (d_v,) = int(rng.integers(3, 10)), _different(rng, 1)
    return Case((num_heads * d_v, num_heads, d_v, num_heads * d_v + int(rng.integers(1, 10))))


SHAPE = FunctionQuestion(
    id="output_projection.shape",
    title="The shape of W_o",
    points=2,
    read="output_projection#the-shape-of-w_o",
    name="output_projection_shape",
    reference=_output_projection_shape,
    argnames=("d_model", "num_heads", "d_v", "d_out"),
    facets=(
        Facet("the usual sizes", 0.25, lambda rng: [_usual(rng), _usual(rng)]),
        Facet("heads whose width is not d_model / H", 0.4, lambda rng: [_own_width(rng), _own_width(rng)]),
        Facet("an output whose width is not d_model", 0.35, lambda rng: [_own_output(rng), _own_output(rng)]),
    ),
    wrongs=lambda: OUTPUT_SHAPE,
)


def _all_different(rng: Rng) -> dict[str, int]:
    d_model, d_k, d_v, d_out = _different(rng, 4)
    return {"d_model": d_model, "num_heads": int(rng.integers(3, 10)), "d_k": d_k, "d_v": d_v, "d_out": d_out}


PARAMETERS_768 = HandQuestion(
    id="output_projection.parameters_768",
    title="The parameters of a layer, all sizes different",
    points=0.5,
    read="output_projection#parameters-of-a-layer",
    name="my_parameters",
    draw=_all_different,
    answer=own_numbers.parameters,
    slips=own_numbers.OWN_PARAMETERS,
)


def _with_keys(case: Case, d_k: int | None = None) -> Case:
    """The same sizes with d_k between the heads and d_v; d_v unless given."""
    d_model, num_heads, d_v, d_out = case.args
    return Case((d_model, num_heads, d_v if d_k is None else d_k, d_v, d_out))


PARAMETER_FUNCTION = FunctionQuestion(
    id="output_projection.parameters",
    title="The parameters of a layer",
    points=1.5,
    read="output_projection#parameters-of-a-layer",
    name="layer_parameters",
    reference=_layer_parameters,
    argnames=("d_model", "num_heads", "d_k", "d_v", "d_out"),
    facets=(
        Facet("the usual sizes", 0.3, lambda rng: [_with_keys(_usual(rng)), _with_keys(_usual(rng))]),
        Facet(
            "heads of other widths, d_k and d_v",
            0.4,
            lambda rng: [_with_keys(_own_width(rng), 9), _with_keys(_own_width(rng), 50)],
        ),
        Facet(
            "an output whose width is not d_model",
            0.3,
            lambda rng: [_with_keys(_own_output(rng)), _with_keys(_own_output(rng))],
        ),
    ),
    wrongs=lambda: PARAMETERS,
)

_WRONG_OUTPUTS = chained(
    lambda: after_the_heads(stages.apply_w_o), from_stages(stages.apply_w_o, (*OUTPUT, *CONCAT_BY_ITSELF))
)

APPLY = FunctionQuestion(
    id="output_projection.apply",
    title="From the heads to the output",
    points=2.5,
    read="output_projection#applying-w_o",
    name="apply_w_o",
    reference=_apply_w_o,
    argnames=("heads", "w_o"),
    facets=(
        # With the identity for W_o the output is the concatenation, so this facet is about the concatenation alone.
        Facet(
            "the heads side by side, where W_o is the identity",
            0.3,
            lambda rng: [Case((normal(rng, 2, 3, 5, 4), np.eye(12))), Case((normal(rng, 3, 4, 4, 4), np.eye(16)))],
        ),
        Facet(
            "W_o mixes them",
            0.4,
            lambda rng: [
                Case((normal(rng, 2, 3, 5, 6), _w_o(rng, 18, 10))),
                Case((normal(rng, 1, 2, 7, 4), _w_o(rng, 8, 11))),
                Case((normal(rng, 2, 3, 5, 4), _w_o(rng, 12, 12))),
            ],
        ),
        Facet(
            "one sequence, and more leading axes",
            0.3,
            lambda rng: [
                Case((normal(rng, 3, 5, 6), _w_o(rng, 18, 10))),
                Case((integers(rng, 2, 3, 2, 4, 5), _w_o(rng, 10, 7)), twice=CONDUCT),
                Case((normal(rng, 3, 3, 3), _w_o(rng, 9, 9))),
            ],
        ),
    ),
    wrongs=_WRONG_OUTPUTS,
    inside=insides.inside(stages.apply_w_o, _WRONG_OUTPUTS, ("heads", "w_o"), insides.heads_and_w_o),
)

HEAD_ROWS = FunctionQuestion(
    id="output_projection.rows",
    title="One head's rows of W_o",
    points=1,
    read="output_projection#a-sum-over-heads",
    name="rows_of_head",
    reference=stages.rows_of_head,
    argnames=("w_o", "h", "num_heads"),
    facets=(
        Facet(
            "any W_o",
            0.6,
            lambda rng: [*(Case((_w_o(rng, 18, 10), h, 3)) for h in range(3)), Case((_w_o(rng, 14, 9), 1, 2))],
        ),
        Facet("a square W_o", 0.4, lambda rng: [*(Case((_w_o(rng, 12, 12), h, 3), twice=CONDUCT) for h in range(3))]),
    ),
    wrongs=from_stages(lambda s: s.rows_of_head, ROWS),
)


def _row_and_head(rng: Rng) -> dict[str, Any]:
    return {**draws.one_row(rng), "h": int(rng.integers(2))}


BLOCK = HandQuestion(
    id="output_projection.block",
    title="What becomes of the output without one head's rows of W_o",
    points=0.5,
    read="output_projection#a-sum-over-heads",
    name="my_change",
    draw=_row_and_head,
    answer=own_numbers.change,
    slips=own_numbers.CHANGE,
)

SUM = FunctionQuestion(
    id="output_projection.sum",
    title="What each head adds to the output",
    points=2,
    read="output_projection#a-sum-over-heads",
    name="contributions",
    reference=stages.contributions(Stages()),
    argnames=("heads", "w_o"),
    facets=(
        Facet(
            "each head's part, for a batch",
            0.6,
            lambda rng: [
                Case((normal(rng, 2, 3, 5, 6), _w_o(rng, 18, 10))),
                Case((normal(rng, 1, 2, 7, 4), _w_o(rng, 8, 11))),
                Case((normal(rng, 2, 3, 5, 4), _w_o(rng, 12, 12))),
            ],
        ),
        Facet(
            "one sequence, and more leading axes",
            0.4,
            lambda rng: [
                Case((normal(rng, 3, 5, 6), _w_o(rng, 18, 10)), twice=CONDUCT),
                Case((integers(rng, 2, 3, 2, 4, 5), _w_o(rng, 10, 7))),
                Case((normal(rng, 4, 4, 4), _w_o(rng, 16, 4))),
            ],
        ),
    ),
    wrongs=chained(from_stages(stages.contributions, ROWS), CONTRIBUTIONS),
    builds_on=lambda: (HEAD_ROWS,),
    carrying=carrying(stages.contributions),
)


def _w_o(rng: Rng, rows: int, columns: int) -> Array:
    return normal(rng, rows, columns, size=rows**-0.5)


BY_HAND = HandQuestion(
    id="output_projection.by_hand",
    title="One entry of the output by hand",
    points=0.5,
    read="output_projection#applying-w_o",
    name="my_entry",
    draw=draws.one_row,
    answer=by_hand.output,
    slips=by_hand.OUTPUT,
)

QUESTIONS: tuple[Question, ...] = (
    BY_HAND,
    SHAPE,
    PARAMETERS_768,
    PARAMETER_FUNCTION,
    APPLY,
    HEAD_ROWS,
    BLOCK,
    SUM,
)
