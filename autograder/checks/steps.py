"""The steps of a head, and those after the heads, as names that learners put in order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

import reference_impl as ref
from reference_impl import plain

from ..marking import Computation, DoesNotFit, OrderFacet, OrderRun, Slip, Step, result_agrees
from ..mistakes.mask import MINUS_INFINITY_IN_WEIGHTS, NO_MASK
from ..mistakes.scale import NO_SCALE, SCALE_AFTER_SOFTMAX
from ..mistakes.softmax import NO_SOFTMAX
from ..mistakes.stages import Array
from .inputs import Rng, normal, self_attention

PROJECT_Q = Step("project_q", ("x", "w_q"), "q", lambda x, w_q: x @ w_q)  # (T, d_k)
PROJECT_K = Step("project_k", ("x", "w_k"), "k", lambda x, w_k: x @ w_k)  # (T, d_k)
PROJECT_V = Step("project_v", ("x", "w_v"), "v", lambda x, w_v: x @ w_v)  # (T, d_v)
SCORES = Step("scores", ("q", "k"), "matrix", plain.score)  # (T, T)
# Scale, mask and softmax change the matrix, whatever it holds by then. The scale takes d_k from q.
SCALE = Step("scale", ("matrix", "q"), "matrix", lambda matrix, q: plain.scale(matrix, q.shape[-1]))  # (T, T)
MASK = Step("mask", ("matrix",), "matrix", lambda matrix: plain.mask_scores(matrix, ref.causal_mask(len(matrix))))
SOFTMAX = Step("softmax", ("matrix",), "matrix", ref.softmax)  # (T, T)
MIX = Step("mix", ("matrix", "v"), "output", plain.mix)  # (T, d_v)


def _concatenate(heads: Array) -> Array:
    if heads.ndim != 3:
        raise DoesNotFit(f"finds no axis of heads: what is left by then is {heads.shape}")
    return ref.concat_heads(heads)  # (T, H·d_v)


def _add_heads(heads: Array) -> Array:
    if heads.ndim != 3:
        raise DoesNotFit(f"finds no axis of heads: what is left by then is {heads.shape}")
    return np.asarray(heads.sum(axis=0))  # (T, d_v)


def _normalise(result: Array) -> Array:
    return (result - result.mean(axis=-1, keepdims=True)) / result.std(axis=-1, keepdims=True)


def _multiply_by_w_o(result: Array, w_o: Array) -> Array:
    if result.shape[-1] != len(w_o):
        raise DoesNotFit(f"meets rows of width {result.shape[-1]}, and w_o {w_o.shape} has {len(w_o)} rows")
    return plain.project_output(result, w_o)  # (T, d_out)


CONCATENATE = Step("concatenate", ("result",), "result", _concatenate)
ADD_HEADS = Step("add_heads", ("result",), "result", _add_heads)
NORMALISE = Step("normalise", ("result",), "result", _normalise)
SOFTMAX_AGAIN = Step("softmax_again", ("result",), "result", ref.softmax)
MULTIPLY_BY_W_O = Step("multiply_by_w_o", ("result", "w_o"), "result", _multiply_by_w_o)

CALLED = {"q": "the queries q", "k": "the keys k", "v": "the values v", "matrix": "the matrix of scores"}


def _tokens(rng: Rng) -> dict[str, Any]:
    x, w_q, w_k, w_v = self_attention(rng, 5)
    return {"x": x, "w_q": w_q, "w_k": w_k, "w_v": w_v}


def _heads(rng: Rng) -> dict[str, Any]:
    return {"result": normal(rng, 3, 5, 6), "w_o": normal(rng, 18, 10, size=18**-0.5)}


HEAD = Computation((PROJECT_Q, PROJECT_K, PROJECT_V, SCORES, SCALE, SOFTMAX, MIX), _tokens, CALLED)
CAUSAL_HEAD = Computation((PROJECT_Q, PROJECT_K, PROJECT_V, SCORES, SCALE, MASK, SOFTMAX, MIX), _tokens, CALLED)
AFTER_HEADS = Computation((CONCATENATE, ADD_HEADS, NORMALISE, SOFTMAX_AGAIN, MULTIPLY_BY_W_O), _heads, CALLED)


def after(late: str, early: str, before: str | None = None) -> Callable[[Sequence[str]], bool]:
    """Finds `late` behind `early` in an order, and where given, before `before`."""

    def found(order: Sequence[str]) -> bool:
        if late not in order or early not in order or order.index(late) < order.index(early):
            return False
        return before is None or before not in order or order.index(late) < order.index(before)

    return found


def _mixed_without(step: str) -> Callable[[Sequence[str]], bool]:
    """Finds `mix` behind the scores and not behind this step, which may stand later or nowhere.

    A `mix` that has no values yet does not run, so what it leaves out is not the mistake.
    """

    def found(order: Sequence[str]) -> bool:
        before = order[: order.index("mix")] if "mix" in order else []
        return "scores" in before and "project_v" in before and step not in before

    return found


def slips(computation: Computation) -> tuple[Slip, ...]:
    """The mistakes that an order of a head's steps can hold."""
    late = (("scale", SCALE_AFTER_SOFTMAX), ("mask", MINUS_INFINITY_IN_WEIGHTS))
    too_late = (("scale", NO_SCALE), ("mask", NO_MASK), ("softmax", NO_SOFTMAX))
    known = computation.names
    return (
        *(Slip(mistake, after(step, "softmax", before="mix")) for step, mistake in late if step in known),
        *(Slip(mistake, _mixed_without(step)) for step, mistake in too_late if step in known),
    )


def _mixed(run: OrderRun) -> Array | None:
    """The matrix that met the values."""
    return next((done.taken[0] for done in run.done if done.step is MIX), None)


def _rows_sum_to_1(run: OrderRun, want: Any) -> bool:
    matrix = _mixed(run)
    return not run.stopped and matrix is not None and bool(np.all(matrix >= 0) and np.allclose(matrix.sum(axis=-1), 1))


def facets(computation: Computation) -> tuple[OrderFacet, ...]:
    """What can be right of an order of a head's steps."""

    def complete(run: OrderRun, want: Any) -> bool:
        return not run.stopped and sorted(done.step.name for done in run.done) == sorted(computation.names)

    return (
        OrderFacet("all the steps, once each, and each finds what it needs", 0.4, complete),
        OrderFacet("the values are mixed by weights: rows that sum to 1", 0.3, _rows_sum_to_1),
        OrderFacet("the output is that of the head", 0.3, result_agrees("output")),
    )


def symptoms(run: OrderRun) -> Sequence[str]:
    """What the numbers of a head show whose steps all ran."""
    matrix = _mixed(run)
    if matrix is None:
        return ()
    said = []
    sums, root = matrix.sum(axis=-1), np.sqrt(run.state["q"].shape[-1])
    if not np.all(np.isfinite(matrix)):
        said.append("The matrix that `mix` takes holds minus infinity, and the output becomes infinite or NaN.")
    elif np.any(matrix < 0):
        said.append(f"The matrix that `mix` takes has negative entries; its rows sum to {_range(sums)}.")
    elif np.allclose(sums, 1 / root):
        said.append(f"Every row of the matrix that `mix` takes sums to {1 / root:.3g}, which is 1/sqrt(d_k).")
    elif not np.allclose(sums, 1):
        said.append(f"The rows of the matrix that `mix` takes sum to {_range(sums)}.")
    names = [done.step.name for done in run.done]
    late = [f"`{done.step.name}`" for done in run.done[names.index("mix") + 1 :] if done.step.makes == "matrix"]
    if late:
        which = " and ".join(filter(None, [", ".join(late[:-1]), late[-1]]))
        verb = "changes" if len(late) == 1 else "change"
        said.append(f"{which} {verb} the matrix after `mix` has taken it, which leaves the output as it is.")
    return said


def _range(sums: Array) -> str:
    return f"{sums.min():.3g} up to {sums.max():.3g}"
