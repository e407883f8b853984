"""Mistakes in softmax."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from ..marking import Mistake, Wrong
from .stages import Array, Recipe, Stages, softmax


def _along(axis: int | tuple[int, ...] | None) -> Callable[[Array], Array]:
    def over(scores: Array) -> Array:
        exps = np.exp(scores - scores.max(axis=axis, keepdims=True))
        return exps / exps.sum(axis=axis, keepdims=True)

    return over


def _no_keepdims(scores: Array) -> Array:
    exps = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return exps / exps.sum(axis=-1)


def _no_exponential(scores: Array) -> Array:
    return scores / scores.sum(axis=-1, keepdims=True)


def _no_maximum(scores: Array) -> Array:
    exps = np.exp(scores)
    return exps / exps.sum(axis=-1, keepdims=True)


def _one_maximum(scores: Array) -> Array:
    exps = np.exp(scores - scores.max())
    return exps / exps.sum(axis=-1, keepdims=True)


def _no_sum(scores: Array) -> Array:
    return np.exp(scores - scores.max(axis=-1, keepdims=True))


def _log(scores: Array) -> Array:
    return np.log(softmax(scores))


def _hard(scores: Array) -> Array:
    return np.asarray((scores == scores.max(axis=-1, keepdims=True)).astype(float))


def _twice(scores: Array) -> Array:
    return softmax(softmax(scores))


def _none(scores: Array) -> Array:
    return scores


def _one_more(scores: Array) -> Array:
    exps = np.exp(scores)
    return np.asarray(exps / (1 + exps.sum(axis=-1, keepdims=True)))


def _one_more_shifted(scores: Array) -> Array:
    exps = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return np.asarray(exps / (1 + exps.sum(axis=-1, keepdims=True)))


def _maximum_with_zero(scores: Array) -> Array:
    exps = np.exp(scores - np.maximum(scores.max(axis=-1, keepdims=True), 0))
    return np.asarray(exps / exps.sum(axis=-1, keepdims=True))


def _not_rescaled(scores: Array) -> Array:
    """Key after key, each exponential shifted by the maximum so far."""
    exps = np.exp(scores - np.maximum.accumulate(scores, axis=-1))
    return np.asarray(exps / exps.sum(axis=-1, keepdims=True))


OVER_QUERIES = Mistake(
    "softmax_over_queries",
    "softmax",
    "Softmax runs over the queries, so each column of the weights sums to 1. Each query shares out its "
    "attention among the keys, so each row should.",
    {"softmax": _along(-2)},
)
OVER_HEADS = Mistake(
    "softmax_over_heads",
    "softmax",
    "Softmax runs over the axis before the last two (heads, or the batch), so the weights of different "
    "heads sum to 1 together. Each row of each head should sum to 1 by itself.",
    {"softmax": _along(-3)},
)
OVER_FIRST_AXIS = Mistake(
    "softmax_over_first_axis",
    "softmax",
    "Softmax runs over the first axis, whatever it is. It should run over the keys, which are the last axis.",
    {"softmax": _along(0)},
)
OVER_AXIS_1 = Mistake(
    "softmax_over_axis_1",
    "softmax",
    "Softmax runs over axis 1, counted from the front. For one sequence that is the axis of the keys, "
    "but with leading axes it is another one. Counted from the end, the keys are always on the last "
    "axis.",
    {"softmax": _along(1)},
)
OVER_EVERYTHING = Mistake(
    "softmax_over_everything",
    "softmax",
    "The whole array sums to 1. Every row should sum to 1 by itself: each query has its own attention to share out.",
    {"softmax": _along(None)},
)
OVER_EACH_OF_FIRST = Mistake(
    "softmax_over_each_of_the_first_axis",
    "softmax",
    "For each entry of the first axis, all weights sum to 1 together. For one sequence that is one "
    "row, but with leading axes it is more. Every single row should sum to 1.",
    {"softmax": lambda scores: _along(tuple(range(1, scores.ndim)))(scores)},
)
OVER_EACH_MATRIX = Mistake(
    "softmax_over_each_matrix",
    "softmax",
    "Each matrix of weights sums to 1 as a whole. Every single row should.",
    {"softmax": _along((-2, -1))},
)
NO_KEEPDIMS = Mistake(
    "sum_without_keepdims",
    "softmax",
    "The sum has lost its axis, so NumPy aligns it with the columns: each weight is divided by the sum "
    "of another row. This runs only if T_q = T_k, and the rows no longer sum to 1.",
    {"softmax": _no_keepdims},
)
NO_EXPONENTIAL = Mistake(
    "no_exponential",
    "softmax",
    "The scores are divided by their sum without the exponential, so negative scores give negative weights.",
    {"softmax": _no_exponential},
)
NO_MAXIMUM = Mistake(
    "softmax_overflows",
    "softmax",
    "For large scores the exponential overflows, and infinity divided by infinity is NaN. Subtracting "
    "the same number from all scores of a row changes no weight, so you can shift a row before the "
    "exponential.",
    {"softmax": _no_maximum},
)
ONE_MAXIMUM = Mistake(
    "one_maximum_for_all",
    "softmax",
    "One maximum is used for the whole array. If all scores of a row are far below it, their "
    "exponentials become 0, and 0/0 is NaN. Each row needs a shift of its own.",
    {"softmax": _one_maximum},
)
NO_SUM = Mistake(
    "not_normalised",
    "softmax",
    "The exponentials are not divided by their sum, so the weights of a query do not sum to 1.",
    {"softmax": _no_sum},
)
LOG_SOFTMAX = Mistake(
    "log_softmax",
    "softmax",
    "These are the logarithms of the weights, which are never positive. Mixing needs the weights themselves.",
    {"softmax": _log},
)
HARDMAX = Mistake(
    "hardmax",
    "softmax",
    "All weight goes to the largest score. Softmax leaves a share to the other keys, and because of "
    "that a head can learn.",
    {"softmax": _hard},
)
TWICE = Mistake(
    "softmax_twice",
    "softmax",
    "Softmax is applied twice. The second time it sees numbers between 0 and 1, so the weights are nearly equal.",
    {"softmax": _twice},
)
NO_SOFTMAX = Mistake(
    "no_softmax",
    "softmax",
    "The scores are used as weights without softmax, so weights may be negative, and a row may have any sum.",
    {"softmax": _none},
)

ONE_MORE = Mistake(
    "one_in_the_sum",
    "softmax",
    "The denominator has an extra 1 besides the exponentials, so the weights of a query sum to less than 1.",
    {"softmax": _one_more},
)
MAXIMUM_WITH_ZERO = Mistake(
    "maximum_with_zero",
    "softmax",
    "The maximum that is subtracted is never below 0. If all scores of a row are far below 0, their "
    "exponentials become 0, and 0/0 is NaN.",
    {"softmax": _maximum_with_zero},
)
NOT_RESCALED = Mistake(
    "online_softmax_not_rescaled",
    "softmax",
    "The maximum grows along the row, but what was added up with a smaller maximum is not corrected. "
    "So the keys before the largest score count too much.",
    {"softmax": _not_rescaled},
)
EPSILON = Mistake(
    "epsilon_in_the_sum",
    "softmax",
    "A small number is added to the sum before the division, so the weights of a query sum to a little less than 1. The sum is "
    "never 0 once the largest score has been subtracted.",
)
CLIPPED = Mistake(
    "exponent_clipped",
    "softmax",
    "What goes into the exponential is kept above a limit, so a key with a far smaller score keeps a weight that it should not "
    "have.",
)


def _with_epsilon(epsilon: float) -> Callable[[Array], Array]:
    def over(scores: Array) -> Array:
        exps = np.exp(scores - scores.max(axis=-1, keepdims=True))
        return np.asarray(exps / (exps.sum(axis=-1, keepdims=True) + epsilon))

    return over


def _clipped(low: float) -> Callable[[Array], Array]:
    def over(scores: Array) -> Array:
        exps = np.exp(np.maximum(scores - scores.max(axis=-1, keepdims=True), low))
        return np.asarray(exps / exps.sum(axis=-1, keepdims=True))

    return over


# Mistakes of softmax computed in other ways than the lesson's: in a head; and by itself, on scores that all lie far below 0.
OTHER_WAYS = (
    ONE_MORE,
    replace(ONE_MORE, replaces={"softmax": _one_more_shifted}),
    NOT_RESCALED,
    *(replace(EPSILON, replaces={"softmax": _with_epsilon(epsilon)}) for epsilon in (1e-3, 1e-4, 1e-5)),
    *(replace(CLIPPED, replaces={"softmax": _clipped(low)}) for low in (-5.0, -10.0)),
)
OTHER_WAYS_BY_ITSELF = (*OTHER_WAYS, MAXIMUM_WITH_ZERO)

SOFTMAX = (
    NO_MAXIMUM,
    OVER_QUERIES,
    OVER_HEADS,
    OVER_FIRST_AXIS,
    OVER_AXIS_1,
    OVER_EVERYTHING,
    OVER_EACH_OF_FIRST,
    OVER_EACH_MATRIX,
    NO_KEEPDIMS,
    NO_EXPONENTIAL,
    ONE_MAXIMUM,
    NO_SUM,
    LOG_SOFTMAX,
    HARDMAX,
    TWICE,
    NO_SOFTMAX,
)


def _zero(scores: Array) -> Array:
    return np.zeros(())


def _highest(scores: Array) -> Array:
    return np.asarray(scores.max())


def _summed(shift: Callable[[Array], Array], axis: int | None, keepdims: bool) -> Callable[[Array], Array]:
    def over(scores: Array) -> Array:
        exps = np.exp(scores - shift(scores))
        return np.asarray(exps / exps.sum(axis=axis, keepdims=keepdims))

    return over


_SUMS: tuple[tuple[Mistake, int | None, bool], ...] = (
    (OVER_QUERIES, -2, True),
    (OVER_FIRST_AXIS, 0, True),
    (OVER_AXIS_1, 1, True),
    (OVER_EVERYTHING, None, True),
    (NO_KEEPDIMS, -1, False),
)


def badly_shifted(recipe: Recipe) -> Iterator[Wrong]:
    """A sum that is wrong, and no maximum subtracted or one for the whole array: two mistakes in the one step."""
    for mistake, axis, keepdims in _SUMS:
        for other, shift in ((NO_MAXIMUM, _zero), (ONE_MAXIMUM, _highest)):
            function = _summed(shift, axis, keepdims)
            both = tuple(replace(m, replaces={"softmax": function}) for m in (mistake, other))
            yield Wrong(both, recipe(Stages(softmax=function)))
