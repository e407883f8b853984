"""Mistakes in projecting the input to queries, keys and values."""

from __future__ import annotations

from typing import Any

from ..marking import Mistake
from .stages import Array

Three = tuple[Array, Array, Array]


def _q_plain(x: Array, c: Array, w_q: Array, w_k: Array, w_v: Array) -> Three:
    return x, c @ w_k, c @ w_v


def _k_plain(x: Array, c: Array, w_q: Array, w_k: Array, w_v: Array) -> Three:
    return x @ w_q, c, c @ w_v


def _v_plain(x: Array, c: Array, w_q: Array, w_k: Array, w_v: Array) -> Three:
    return x @ w_q, c @ w_k, c


def _q_for_k(x: Array, c: Array, w_q: Array, w_k: Array, w_v: Array) -> Three:
    return x @ w_q, c @ w_q, c @ w_v


def _k_for_q(x: Array, c: Array, w_q: Array, w_k: Array, w_v: Array) -> Three:
    return x @ w_k, c @ w_k, c @ w_v


def _k_for_v(x: Array, c: Array, w_q: Array, w_k: Array, w_v: Array) -> Three:
    return x @ w_q, c @ w_k, c @ w_k


def _q_for_v(x: Array, c: Array, w_q: Array, w_k: Array, w_v: Array) -> Three:
    return x @ w_q, c @ w_k, c @ w_q


def _q_and_k_swapped(x: Array, c: Array, w_q: Array, w_k: Array, w_v: Array) -> Three:
    return x @ w_k, c @ w_q, c @ w_v


def _transposed(x: Array, c: Array, w_q: Array, w_k: Array, w_v: Array) -> Three:
    return x @ w_q.T, c @ w_k.T, c @ w_v.T


def _none_projected(x: Array, c: Array, w_q: Array, w_k: Array, w_v: Array) -> Three:
    return x, c, c


def _context_for_queries(x: Array, c: Array, w_q: Array, w_k: Array, w_v: Array) -> Three:
    return c @ w_q, x @ w_k, x @ w_v


def _context_ignored(x: Array, c: Array, w_q: Array, w_k: Array, w_v: Array) -> Three:
    return x @ w_q, x @ w_k, x @ w_v


def _values_from_x(x: Array, c: Array, w_q: Array, w_k: Array, w_v: Array) -> Three:
    return x @ w_q, c @ w_k, x @ w_v


def _project(name: str, says: str, wrong: Any) -> Mistake:
    return Mistake(name, "project", says, {"project": wrong})


def _first_of_batch(x: Array) -> Array:
    return x[0] if x.ndim > 2 else x


def _without_leading_ones(x: Array) -> Array:
    return x.reshape(*(length for length in x.shape[:-2] if length != 1), *x.shape[-2:])


def _squeezed(result: Array, x: Array) -> Array:
    return result.squeeze()


PROJECT = (
    _project("queries_not_projected", "The input itself is used as the queries, so w_q has no effect.", _q_plain),
    _project("keys_not_projected", "The input itself is used as the keys, so w_k has no effect.", _k_plain),
    _project(
        "values_not_projected",
        "The values are the input itself, so w_v has no effect. The head then passes on raw tokens, of "
        "width d_model, and cannot choose what to pass on.",
        _v_plain,
    ),
    _project(
        "w_q_for_keys",
        "The keys are the queries again. Either w_q makes both, or the queries are compared with "
        "themselves, and w_k has no effect. The raw scores are then symmetric: token i looks at j exactly "
        "as j looks at i.",
        _q_for_k,
    ),
    _project(
        "w_k_for_queries",
        "The queries are the keys again. Either w_k makes both, or the keys are compared with themselves, "
        "and w_q has no effect. The raw scores are then symmetric: token i looks at j exactly as j looks "
        "at i.",
        _k_for_q,
    ),
    _project("w_k_for_values", "w_k makes the values as well as the keys, so w_v has no effect.", _k_for_v),
    _project("w_q_for_values", "w_q makes the values as well as the queries, so w_v has no effect.", _q_for_v),
    _project(
        "w_q_and_w_k_swapped",
        "Queries and keys are swapped: w_q and w_k are exchanged, or the product is taken the wrong way "
        "round. Row i of the scores belongs to query i, column j to key j.",
        _q_and_k_swapped,
    ),
    _project(
        "weights_transposed",
        "The weights are transposed before the product. Weights multiply on the right: (T, d_model) times "
        "(d_model, d_k). This runs only if the matrix is square.",
        _transposed,
    ),
    Mistake(
        "first_of_batch",
        "project",
        "Only the first sequence of the batch is computed. Let the leading axes pass through, so that all "
        "sequences are computed.",
        {"prepare": _first_of_batch},
    ),
    Mistake(
        "batch_squeezed",
        "project",
        "Axes of length 1 are removed. A batch of one is still a batch, and its axis belongs in the result.",
        {"prepare": _without_leading_ones, "finish": _squeezed},
    ),
)


def _batch_and_time(x: Array) -> Array:
    return x.swapaxes(0, 1)


BATCH_FOR_TIME = Mistake(
    "batch_for_time",
    "project",
    "The batch axis is taken for the axis of tokens, so the sequences attend to each other. Here x is (B, T, d_model).",
    {"prepare": _batch_and_time, "finish": lambda result, x: result.swapaxes(0, 1)},
)
NONE_PROJECTED = _project(
    "x_sliced",
    "Queries, keys and values are the input itself, so each head gets a slice of x, and w_q, w_k and "
    "w_v have no effect. A projection lets every head use all of d_model.",
    _none_projected,
)


def _in_order(first: int, second: int, third: int) -> Mistake:
    def project(x: Array, c: Array, w_q: Array, w_k: Array, w_v: Array) -> Three:
        made = x @ w_q, c @ w_k, c @ w_v
        return made[first], made[second], made[third]

    return _project(
        "projections_in_another_order",
        "The three results are in another order. Return queries first, then keys, then values.",
        project,
    )


# Where the three are what is asked for. Queries and keys changed over are `w_q_and_w_k_swapped`.
OTHER_ORDERS = (_in_order(0, 2, 1), _in_order(2, 1, 0), _in_order(1, 2, 0), _in_order(2, 0, 1))

CONTEXT = (
    _project(
        "context_for_queries",
        "Queries come from the context, and keys and values from x. It should be the other way round.",
        _context_for_queries,
    ),
    _project("context_ignored", "The context is not used: keys and values are made from x.", _context_ignored),
    _project(
        "values_from_x",
        "The keys come from the context but the values from x. The weights belong to tokens of the "
        "context, so the values must come from the context too.",
        _values_from_x,
    ),
)
