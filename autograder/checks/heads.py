"""Causal heads to debug and to tell apart: right ones in several styles, and broken ones from the catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

import reference_impl as ref

from ..marking import Mistake
from ..mistakes import CAUSAL, CAUSAL_STYLES, Stages, stages
from ..mistakes.debugging import SUSPECTS
from ..mistakes.stages import Array, transposed
from .causal_head import causal_head
from .symptoms import Head

CATALOGUE = {mistake.name: mistake for mistake in CAUSAL}

# The mistake in each head that the notebook hands out to be repaired.
MISTAKE_IN: Mapping[str, Mistake] = {
    "a": CATALOGUE["mask_after_softmax"],
    "b": CATALOGUE["w_q_for_keys"],
    "c": CATALOGUE["diagonal_excluded"],
    "d": CATALOGUE["values_not_projected"],
    "e": CATALOGUE["mask_times_zero"],
    "f": CATALOGUE["no_scale"],
}


def broken(mistake: Mistake) -> Head:
    """A causal head with this mistake, in which a row of nothing but -inf gives NaN."""
    return stages.causal_head(Stages(**{**CAUSAL_STYLES[0], **mistake.replaces}))


HEADS: Mapping[str, Head] = {letter: broken(mistake) for letter, mistake in MISTAKE_IN.items()}


COLOURS = ("red", "green", "blue", "grey", "gold", "pink")


def drawn_suspects(own: int) -> dict[str, int]:
    """Which of the ten suspects is behind each of the six heads to diagnose, by colour: a learner's integer decides."""
    chosen = np.random.default_rng([7, abs(own)]).permutation(sorted(SUSPECTS))[: len(COLOURS)]
    return {colour: int(number) for colour, number in zip(COLOURS, chosen, strict=True)}


def drawn_heads(own: int) -> dict[str, Head]:
    """The six heads to diagnose."""
    return {colour: broken(CATALOGUE[SUSPECTS[number]]) for colour, number in drawn_suspects(own).items()}


class ClosedHead:
    """A causal head that shows nothing but what it computes: its name and its identity tell nobody which one it is.

    It equals the head inside, so that our own tests know it, and no other closed one.
    """

    __name__ = "head"  # crosses to the learner's side with a function

    def __init__(self, head: Head) -> None:
        self._head = head

    def __call__(self, x: Array, w_q: Array, w_k: Array, w_v: Array) -> Array:
        return self._head(x, w_q, w_k, w_v)  # (..., T, d_v)

    def __eq__(self, other: object) -> bool:
        return other is self or (not isinstance(other, ClosedHead) and self._head == other)

    def __hash__(self) -> int:
        return hash(self._head)


@dataclass(frozen=True)
class LabelledHead:
    """A head for `shows_bug` to judge, and how a report names it."""

    head: Head
    label: str


def _float32(x: Array, w_q: Array, w_k: Array, w_v: Array) -> Array:
    x, w_q, w_k, w_v = (np.asarray(a, dtype=np.float32) for a in (x, w_q, w_k, w_v))
    scores = x @ w_q @ transposed(x @ w_k) * np.float32(w_q.shape[1] ** -0.5)  # (..., T, T)
    return ref.softmax(np.where(np.tri(x.shape[-2], dtype=bool), scores, -np.inf)) @ (x @ w_v)  # (..., T, d_v)


def _additive(x: Array, w_q: Array, w_k: Array, w_v: Array) -> Array:
    future = np.triu(np.ones((x.shape[-2], x.shape[-2])), 1)  # (T, T)
    scores = np.einsum("...ic,...jc->...ij", x @ w_q, x @ w_k) / np.sqrt(w_q.shape[1])  # (..., T, T)
    return np.einsum("...ij,...jv->...iv", ref.softmax(scores - 1e9 * future), x @ w_v)  # (..., T, d_v)


def _token_by_token(x: Array, w_q: Array, w_k: Array, w_v: Array) -> Array:
    k, v = x @ w_k, x @ w_v  # (..., T, d_k), (..., T, d_v)
    rows = []
    for t in range(x.shape[-2]):
        q = x[..., t : t + 1, :] @ w_q / np.sqrt(w_q.shape[1])  # (..., 1, d_k)
        rows.append(ref.softmax(q @ transposed(k[..., : t + 1, :])) @ v[..., : t + 1, :])  # (..., 1, d_v)
    return np.concatenate(rows, axis=-2)  # (..., T, d_v)


def _keys_first(x: Array, w_q: Array, w_k: Array, w_v: Array) -> Array:
    root = w_q.shape[1] ** 0.25
    scores = (x @ w_k / root) @ transposed(x @ w_q / root)  # (..., T_k, T_q)
    scores = np.where(np.triu(np.ones(scores.shape[-2:], dtype=bool)), scores, -np.inf)
    logs = scores - scores.max(axis=-2, keepdims=True)
    return transposed(np.exp(logs - np.log(np.exp(logs).sum(axis=-2, keepdims=True)))) @ (x @ w_v)  # (..., T, d_v)


PLAIN = LabelledHead(causal_head, "a right head")
FLOAT32 = LabelledHead(_float32, "a right head that computes in float32")
OTHER_STYLES = (
    LabelledHead(_additive, "a right head with an additive mask"),
    LabelledHead(_token_by_token, "a right head that goes token by token"),
    LabelledHead(_keys_first, "a right head in an unusual order"),
)
RIGHT = (PLAIN, FLOAT32, *OTHER_STYLES)

SIX = {letter: LabelledHead(head, f"head {letter} as it was given") for letter, head in HEADS.items()}
ALL_NAN = LabelledHead(broken(CATALOGUE["zero_times_infinity"]), "a head that gives NaN throughout")


def _told(label: str, *names: str) -> tuple[LabelledHead, ...]:
    return tuple(LabelledHead(broken(CATALOGUE[name]), label) for name in names)


# Broken heads that the notebook has not shown. Where only the scores are wrong, every row of weights still sums to 1 and
# leaves the future alone.
UNSEEN_SCORES = _told(
    "a broken head you have not seen, whose scores are wrong",
    "by_d_k",
    "sqrt_d_model",
    "w_q_and_w_k_swapped",
    "w_k_for_queries",
    "cosine",
)
UNSEEN_WEIGHTS = _told(
    "a broken head you have not seen, whose weights are wrong",
    "softmax_over_queries",
    "sum_without_keepdims",
    "not_normalised",
    "scale_after_softmax",
    "upper_triangle",
    "one_token_ahead",
    "mask_allows_all",
)
UNSEEN_VALUES = _told("a broken head you have not seen, whose values are wrong", "w_k_for_values", "values_averaged")
UNSEEN_ERROR = _told("a broken head that raises an error", "k_not_transposed")
UNSEEN = (*UNSEEN_SCORES, *UNSEEN_WEIGHTS, *UNSEEN_VALUES, *UNSEEN_ERROR)

BATCH = _told(
    "a head that is right for one sequence and wrong for a batch",
    "first_of_batch",
    "all_axes_reversed",
    "softmax_over_axis_1",
)
LARGE = _told("a head that gives NaN for large tokens", "softmax_overflows", "one_maximum_for_all")
WHOLE_NUMBERS = _told("a head that is wrong for whole numbers", "integer_result")

WRONG_SCORES = (SIX["b"], SIX["f"], *UNSEEN_SCORES)
BROKEN = (*SIX.values(), ALL_NAN, *UNSEEN, *BATCH, *LARGE, *WHOLE_NUMBERS)
