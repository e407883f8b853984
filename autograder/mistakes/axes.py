"""Mistakes of functions that were written for one sequence: right there, and wrong with leading axes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..marking import Mistake
from .stages import Array, Sizes, transposed


def _root_of_axis_1_of_q(scores: Array, sizes: Sizes) -> Array:
    return scores / np.sqrt(sizes.d_k if scores.ndim == 2 else scores.shape[1])


def _root_of_axis_1_of_k(scores: Array, sizes: Sizes) -> Array:
    return scores / np.sqrt(
        sizes.d_k if scores.ndim == 2 else scores.shape[-1] if scores.ndim == 3 else scores.shape[1]
    )


def _scores_by_dot(q: Array, k: Array) -> Array:
    return np.asarray(np.dot(q, transposed(k)))


def _mix_by_dot(weights: Array, v: Array) -> Array:
    return np.asarray(np.dot(weights, v))


D_K_FROM_AXIS_1 = Mistake(
    "d_k_from_axis_1",
    "scale",
    "d_k is read from axis 1, counted from the front. For one sequence that is the width, but with "
    "leading axes it is another axis. Counted from the end, the width is always the last axis.",
    {"scale": _root_of_axis_1_of_q},
)
SCORES_ACROSS_BATCH = Mistake(
    "scores_across_batch",
    "score",
    "With leading axes the result has too many axes, because `dot` combines every sequence with every "
    "other. The queries of a sequence should be compared with that sequence's keys only.",
    {"score": _scores_by_dot},
)
VALUES_ACROSS_BATCH = Mistake(
    "values_across_batch",
    "mix",
    "With leading axes the result has too many axes, because `dot` combines every sequence with every "
    "other. The weights of a sequence should mix that sequence's values only.",
    {"mix": _mix_by_dot},
)

# Where queries and keys are given by themselves, axis 1 may be that of either.
AXES_OF_SCORES = (
    D_K_FROM_AXIS_1,
    replace(D_K_FROM_AXIS_1, replaces={"scale": _root_of_axis_1_of_k}),
    SCORES_ACROSS_BATCH,
)
AXES = (D_K_FROM_AXIS_1, SCORES_ACROSS_BATCH, VALUES_ACROSS_BATCH)
