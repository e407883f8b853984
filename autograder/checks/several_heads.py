"""Unit 3: several heads, each with its own projections."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

import reference_impl as ref

from ..marking import Case, Facet, FunctionQuestion, HandQuestion, Question, StatementQuestion
from ..mistakes import COLUMNS, DIFFERENCES, FUSED, HEAD, SEVERAL_HEADS, by_hand, chained, guesses, stages
from ..mistakes.choose import singles
from ..mistakes.conduct import CONDUCT
from ..mistakes.stages import Array
from . import by_hand as draws
from . import insides
from .inputs import Rng, head_weights, normal
from .shared_and_sliced import SHARED_PREDICTED, SLICING

Matrices = Sequence[Array]


def _several_heads(x: Array, w_q: Matrices, w_k: Matrices, w_v: Matrices) -> Array:
    return np.stack(
        [ref.attention_head(x, *of_head) for of_head in zip(w_q, w_k, w_v, strict=True)]
    )  # (H, ..., T, d_v)


def _fuse(matrices: Matrices) -> Array:
    return np.concatenate(matrices, axis=1)  # (d_model, H·d)


def _columns_of_head(array: Array, h: int, num_heads: int) -> Array:
    return np.split(array, num_heads, axis=-1)[h]  # (..., d)


def _largest_differences(heads: Sequence[Array]) -> Array:
    return np.array([[np.abs(a - b).max() for b in heads] for a in heads])  # (H, H)


def _which_heads(got: Any, want: Any) -> Sequence[str]:
    """Which heads are right, and whether they are all the same."""
    try:
        heads = np.asarray(got, dtype=float)
    except (TypeError, ValueError):
        return ()
    if heads.shape != want.shape or len(heads) < 2:
        return ()
    said = []
    if np.allclose(heads, heads[:1]):
        said.append("All heads gave the same output.")
    right = [str(h) for h in range(len(heads)) if np.allclose(heads[h], want[h], rtol=1e-3, atol=1e-4)]
    if right:
        said.append(f"Right: head {' and '.join(right)}.")
    return said


_WRONG_HEADS = chained(SEVERAL_HEADS, lambda: singles(stages.several_heads, HEAD))

TWO_HEADS = FunctionQuestion(
    id="several_heads.two_heads",
    title="Several heads in a loop, each with its own projections",
    points=3,
    read="several_heads#own-projections-per-head",
    name="several_heads",
    reference=_several_heads,
    argnames=("x", "w_q", "w_k", "w_v"),
    facets=(
        Facet(
            "two heads, each with its own projections",
            0.5,
            lambda rng: [
                Case((normal(rng, 5, 12), *_matrices(rng, 2, 12, 4, 6))),
                Case((normal(rng, 5, 6), *_matrices(rng, 2, 6, 6, 6))),
            ],
        ),
        Facet(
            "as many heads as there are matrices",
            0.25,
            lambda rng: [
                Case((normal(rng, 7, 12), *_matrices(rng, 3, 12, 3, 4))),
                Case((normal(rng, 4, 12), *_matrices(rng, 1, 12, 4, 6))),
            ],
        ),
        Facet(
            "leading axes pass through",
            0.25,
            lambda rng: [
                Case((normal(rng, 2, 5, 12), *_matrices(rng, 2, 12, 4, 6))),
                Case((normal(rng, 1, 3, 4, 12), *_matrices(rng, 3, 12, 3, 2)), twice=CONDUCT),
            ],
        ),
    ),
    wrongs=_WRONG_HEADS,
    inside=insides.inside(stages.several_heads, _WRONG_HEADS, insides.HEAD, insides.list_of_heads),
    symptoms=_which_heads,
)

FUSED_MATRIX = FunctionQuestion(
    id="several_heads.fused",
    title="One matrix that holds the columns of all heads",
    points=1.5,
    read="several_heads#the-fused-matrix",
    name="fuse",
    reference=_fuse,
    argnames=("matrices",),
    facets=(
        Facet(
            "two heads side by side",
            0.5,
            lambda rng: [
                Case((_list(rng, 2, 12, 4),)),
                Case((_list(rng, 2, 8, 4),), twice=CONDUCT),
                Case((_list(rng, 2, 6, 6),)),
            ],
        ),
        Facet(
            "any number of heads, any width",
            0.5,
            lambda rng: [Case((_list(rng, 3, 12, 5),)), Case((_list(rng, 4, 7, 2),)), Case((_list(rng, 1, 9, 3),))],
        ),
    ),
    wrongs=lambda: FUSED,
)

HEAD_COLUMNS = FunctionQuestion(
    id="several_heads.columns",
    title="One head's columns of a fused array",
    points=1.5,
    read="several_heads#the-fused-matrix",
    name="columns_of_head",
    reference=_columns_of_head,
    argnames=("array", "h", "num_heads"),
    facets=(
        Facet(
            "the columns of one head in a matrix",
            0.6,
            lambda rng: [
                *(Case((normal(rng, 12, 18), h, 3)) for h in range(3)),
                Case((normal(rng, 9, 14), 1, 2)),
                Case((normal(rng, 8, 8), 2, 4)),
            ],
        ),
        Facet(
            "leading axes pass through",
            0.4,
            lambda rng: [
                *(Case((normal(rng, 2, 5, 18), h, 3)) for h in range(3)),
                Case((normal(rng, 2, 3, 4, 12), 1, 2)),
            ],
        ),
    ),
    wrongs=lambda: COLUMNS,
)

DIFFERENCE = FunctionQuestion(
    id="several_heads.differences",
    title="How far the outputs of the heads are apart",
    points=1,
    read="several_heads#shared-projections",
    name="largest_differences",
    reference=_largest_differences,
    argnames=("heads",),
    facets=(
        Facet(
            "every head with every other",
            0.7,
            lambda rng: [Case((_list(rng, 3, 5, 6),)), Case((_two_alike(rng),)), Case((_list(rng, 2, 4, 3),))],
        ),
        Facet(
            "leading axes count too",
            0.3,
            lambda rng: [Case(([normal(rng, 2, 5, 4) for _ in range(3)],), twice=CONDUCT)],
        ),
    ),
    wrongs=lambda: DIFFERENCES,
)


CONSEQUENCE = StatementQuestion(
    id="several_heads.consequence",
    title="What projections of their own do for the heads",
    points=1,
    read="several_heads#shared-projections",
    name="consequence",
    true=guesses.OWN_PROJECTIONS_DO,
    false=guesses.OWN_PROJECTIONS_DO_NOT,
)


def _list(rng: Rng, num_heads: int, rows: int, columns: int) -> list[Array]:
    return [normal(rng, rows, columns) for _ in range(num_heads)]


def _matrices(
    rng: Rng, num_heads: int, d_model: int, d_k: int, d_v: int
) -> tuple[list[Array], list[Array], list[Array]]:
    """One list per projection, one matrix per head."""
    of_heads = [head_weights(rng, d_model, d_k, d_v) for _ in range(num_heads)]
    w_q, w_k, w_v = (list(matrices) for matrices in zip(*of_heads, strict=True))
    return w_q, w_k, w_v


def _two_alike(rng: Rng) -> list[Array]:
    heads = _list(rng, 4, 5, 3)
    heads[2] = heads[0].copy()
    return heads


BY_HAND = HandQuestion(
    id="several_heads.by_hand",
    title="One score of one head by hand",
    points=0.5,
    read="several_heads#a-second-head-in-numbers",
    name="my_score",
    draw=draws.two_heads,
    answer=by_hand.score_in_head,
    slips=by_hand.SCORE_IN_HEAD,
)

QUESTIONS: tuple[Question, ...] = (
    BY_HAND,
    TWO_HEADS,
    FUSED_MATRIX,
    HEAD_COLUMNS,
    DIFFERENCE,
    SHARED_PREDICTED,
    SLICING,
    CONSEQUENCE,
)
