"""Unit 1: one attention head, in five pieces."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

import reference_impl as ref
from reference_impl import plain

from ..marking import Case, Facet, FunctionQuestion, HandQuestion, Question
from ..marking.compare import as_array
from ..mistakes import (
    AXES_OF_SCORES,
    HEAD,
    OTHER_ORDERS,
    PROJECT,
    SCALE_OF_SCORES,
    SCORE,
    SOFTMAX,
    badly_shifted,
    by_hand,
    carrying,
    chained,
    from_stages,
    stages,
)
from ..mistakes.axes import VALUES_ACROSS_BATCH
from ..mistakes.choose import singles
from ..mistakes.conduct import CONDUCT
from ..mistakes.mask import ALWAYS_CAUSAL
from ..mistakes.mix import MIXED
from ..mistakes.output import RESIDUAL
from ..mistakes.scale import CONSTANTS, NO_SCALE, SQRT_3
from ..mistakes.softmax import NO_MAXIMUM, OTHER_WAYS, OTHER_WAYS_BY_ITSELF, OVER_QUERIES
from ..mistakes.stages import Array, Stages
from . import by_hand as draws
from . import insides
from .inputs import Rng, equal_scores, head_weights, integers, large, normal, self_attention, square
from .sections import HEAD_STAGES


def _project(x: Array, w_q: Array, w_k: Array, w_v: Array) -> tuple[Array, Array, Array]:
    return plain.project(x, x, w_q, w_k, w_v)  # (..., T, d_k), (..., T, d_k), (..., T, d_v)


def _scaled_scores(q: Array, k: Array) -> Array:
    return plain.scale(plain.score(q, k), d_k=q.shape[-1])  # (..., T_q, T_k)


WITHOUT_SCALE = "scores brought to one length, which takes out any scale"


def _to_one_length(function: Callable[..., Any]) -> Callable[..., Any]:
    """The scores, all divided by one number: the root of the sum of their squares."""

    def scores(q: Array, k: Array) -> Any:
        result = function(q, k)
        array = as_array(result)
        length = 0.0 if array is None else float(np.linalg.norm(array.astype(float)))
        return result if array is None or length == 0 else array / length

    return scores


def _alike(rng: Rng, t: int, d_k: int) -> tuple[Array, Array]:
    """Queries and keys (t, d_k) that are one number each throughout: every dot product is the same."""
    one, other = rng.uniform(1, 2, size=2)
    return np.full((t, d_k), one), np.full((t, d_k), other)


def _row_sums(got: object, want: object) -> Sequence[str]:
    """What the sums of the weights tell."""
    if not isinstance(got, np.ndarray) or not isinstance(want, np.ndarray) or got.shape != want.shape or got.ndim < 2:
        return ()
    rows, columns = got.sum(axis=-1), got.sum(axis=-2)
    if not np.all(np.isfinite(rows)) or np.allclose(rows, 1):
        return ()
    if np.allclose(columns, 1):
        return ("Every column sums to 1, and the rows do not.",)
    return (f"The rows sum to {rows.min():.3g} up to {rows.max():.3g}.",)


def _projections(s: Stages) -> Callable[..., tuple[Array, Array, Array]]:
    return lambda x, w_q, w_k, w_v: s.project(s.prepare(x), s.prepare(x), w_q, w_k, w_v)


_WRONG_PROJECTIONS = from_stages(_projections, (*PROJECT, *OTHER_ORDERS))

PROJECTIONS = FunctionQuestion(
    id="one_head.project",
    title="Project the tokens to queries, keys and values",
    points=1.5,
    read="one_head#projections",
    name="project",
    reference=_project,
    argnames=("x", "w_q", "w_k", "w_v"),
    facets=(
        Facet("one sequence", 0.6, lambda rng: [Case(self_attention(rng, 5)), Case(square(rng, 5))]),
        Facet(
            "leading axes pass through",
            0.4,
            lambda rng: [Case(self_attention(rng, 2, 5)), Case(self_attention(rng, 1, 3, 5)), _twice(rng)],
        ),
    ),
    wrongs=_WRONG_PROJECTIONS,
    inside=insides.inside(_projections, _WRONG_PROJECTIONS, insides.HEAD, insides.head),
)

_WRONG_SCORES = from_stages(stages.scaled_scores, (*SCALE_OF_SCORES, *SCORE, SQRT_3, *AXES_OF_SCORES, *CONSTANTS))

SCORES = FunctionQuestion(
    id="one_head.scores",
    title="Scaled scores",
    points=2.5,
    read="one_head#scores",
    name="scaled_scores",
    reference=_scaled_scores,
    argnames=("q", "k"),
    facets=(
        # Brought to one length, scores are right whatever they were divided by: this facet is about the products alone.
        Facet(
            "the dot product of every query with every key",
            0.4,
            lambda rng: [
                Case((normal(rng, 5, 4), normal(rng, 7, 4)), label=WITHOUT_SCALE, through=_to_one_length),
                Case((normal(rng, 6, 6), normal(rng, 6, 6)), label=WITHOUT_SCALE, through=_to_one_length),
            ],
        ),
        # All products are the same number here, so this facet is about the scale alone.
        Facet(
            "the scale",
            0.4,
            lambda rng: [
                Case(_alike(rng, 7, 3), label="7 equal queries and 7 equal keys, d_k = 3"),
                Case(_alike(rng, 5, 9), label="5 equal queries and 5 equal keys, d_k = 9", twice=CONDUCT),
            ],
        ),
        Facet(
            "leading axes pass through",
            0.2,
            lambda rng: [
                Case((normal(rng, 2, 5, 4), normal(rng, 2, 7, 4))),
                Case((normal(rng, 2, 3, 5, 4), normal(rng, 2, 3, 6, 4))),
                Case((normal(rng, 3, 3, 3), normal(rng, 3, 3, 3))),
                Case((normal(rng, 1, 5, 2), normal(rng, 1, 4, 2))),
            ],
        ),
    ),
    wrongs=_WRONG_SCORES,
    inside=insides.inside(stages.scaled_scores, _WRONG_SCORES, ("q", "k"), insides.queries_and_keys),
    sections=HEAD_STAGES,
)


def _softmax(s: Stages) -> Callable[..., Array]:
    return s.softmax


_WRONG_SOFTMAX = chained(from_stages(_softmax, (*SOFTMAX, *OTHER_WAYS_BY_ITSELF)), lambda: badly_shifted(_softmax))

SOFTMAX_QUESTION = FunctionQuestion(
    id="one_head.softmax",
    title="A softmax that survives large scores",
    points=2.5,
    read="one_head#softmax",
    name="softmax",
    reference=ref.softmax,
    argnames=("scores",),
    facets=(
        Facet(
            "every row of scores becomes weights that sum to 1",
            0.5,
            lambda rng: [
                Case((normal(rng, 5, 7, size=2),)),
                Case((normal(rng, 6, 6, size=2),), twice=CONDUCT),
                Case((normal(rng, 1, 4),)),
            ],
        ),
        Facet(
            "large scores do not overflow",
            0.3,
            # A sum without its axis runs where there are as many queries as keys: what it does there tells how it was shifted.
            lambda rng: [
                Case((_large_scores(rng, t_q, t_k),), label=f"large scores ({t_q}, {t_k})")
                for t_q, t_k in ((5, 7), (6, 6))
            ],
        ),
        Facet(
            "leading axes pass through",
            0.2,
            lambda rng: [
                Case((normal(rng, 2, 5, 7, size=2),)),
                Case((normal(rng, 2, 3, 5, 5, size=2),)),
            ],
        ),
    ),
    wrongs=_WRONG_SOFTMAX,
    inside=insides.inside(_softmax, _WRONG_SOFTMAX, ("scores",), insides.scores),
    symptoms=_row_sums,
)

_WRONG_MIXING = from_stages(lambda s: s.mix, (*MIXED, VALUES_ACROSS_BATCH))

MIXING = FunctionQuestion(
    id="one_head.mix",
    title="Mix the values",
    points=1,
    read="one_head#mixing-the-values",
    name="mix",
    reference=plain.mix,
    argnames=("weights", "v"),
    facets=(
        Facet(
            "one sequence",
            0.5,
            lambda rng: [Case(_weights_and_values(rng, 5, 7)), Case(_weights_and_values(rng, 6, 6))],
        ),
        Facet(
            "leading axes pass through",
            0.5,
            lambda rng: [
                Case(_weights_and_values(rng, 5, 7, 2)),
                Case(_weights_and_values(rng, 4, 4, 1, 3), twice=CONDUCT),
            ],
        ),
    ),
    wrongs=_WRONG_MIXING,
    inside=insides.inside(lambda s: s.mix, _WRONG_MIXING, ("weights", "v"), insides.weights_and_values),
)

# Looked for three at once.
_FREQUENT = (NO_SCALE, NO_MAXIMUM, OVER_QUERIES, *PROJECT[:6], *MIXED[:1])
_WRONG_HEADS = chained(
    from_stages(stages.attention_head, (*HEAD, ALWAYS_CAUSAL), frequent=_FREQUENT),
    lambda: badly_shifted(stages.attention_head),
    lambda: singles(stages.attention_head, (*OTHER_WAYS, *CONSTANTS, RESIDUAL)),
)

HEAD_QUESTION = FunctionQuestion(
    id="one_head.head",
    title="The whole head",
    points=2.5,
    read="one_head#the-whole-head",
    name="attention_head",
    reference=ref.attention_head,
    argnames=("x", "w_q", "w_k", "w_v"),
    facets=(
        # With w_q = 0 all scores are equal, so scores, scale and softmax cannot be wrong: only the values count.
        Facet(
            "values, when all scores are equal",
            0.2,
            lambda rng: [Case(equal_scores(*self_attention(rng, t))) for t in (5, 3)],
        ),
        Facet(
            "one sequence",
            0.4,
            lambda rng: [
                Case(self_attention(rng, 5)),
                Case(self_attention(rng, 7, d_model=5, d_k=3, d_v=2)),
                Case(square(rng, 6)),  # T = d_k too, where keys that are not transposed run
            ],
        ),
        Facet(
            "leading axes pass through",
            0.2,
            lambda rng: [
                Case(self_attention(rng, 2, 5)),
                Case(self_attention(rng, 1, 6)),
                Case(self_attention(rng, 2, 3, 4)),
            ],
        ),
        # Large scores hide a wrong scale now and then; the ordinary case beside them makes the mark the same every time.
        Facet(
            "large scores do not overflow",
            0.1,
            lambda rng: [Case(_large_head(rng), label="tokens 60 times as large"), Case(self_attention(rng, 6))],
        ),
        Facet(
            "whole numbers work, and the inputs stay as they were",
            0.1,
            lambda rng: [Case((integers(rng, 2, 5, 12), *head_weights(rng, 12, 4, 6))), _twice(rng)],
        ),
    ),
    wrongs=_WRONG_HEADS,
    inside=insides.inside(stages.attention_head, _WRONG_HEADS, insides.HEAD, insides.head),
    builds_on=lambda: (PROJECTIONS, SCORES, SOFTMAX_QUESTION, MIXING),
    carrying=carrying(stages.attention_head),
    sections=HEAD_STAGES,
)


def _twice(rng: Rng) -> Case:
    return Case(self_attention(rng, 2, 4, d_model=7), twice=CONDUCT)


def _large_scores(rng: Rng, t_q: int, t_k: int) -> Array:
    scores = normal(rng, t_q, t_k, size=600)
    scores[0, 0] = 1500  # overflows a naive exponential
    scores[1] = normal(rng, t_k) - 3000  # underflows beside any other row's maximum
    return scores


def _weights_and_values(rng: Rng, t_q: int, t_k: int, *leading: int) -> tuple[Array, Array]:
    return ref.softmax(normal(rng, *leading, t_q, t_k)), normal(rng, *leading, t_k, 3)


def _large_head(rng: Rng) -> tuple[Array, Array, Array, Array]:
    x, w_q, w_k, w_v = self_attention(rng, 2, 6)
    return large(x), w_q, w_k, w_v


BY_HAND = HandQuestion(
    id="one_head.by_hand",
    title="One weight by hand",
    points=0.5,
    read="one_head#softmax",
    name="my_weight",
    draw=draws.queries_and_keys,
    answer=by_hand.weight,
    slips=by_hand.WEIGHT,
)

QUESTIONS: tuple[Question, ...] = (BY_HAND, PROJECTIONS, SCORES, SOFTMAX_QUESTION, MIXING, HEAD_QUESTION)
