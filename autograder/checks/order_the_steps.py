"""Unit 2: the order of the steps in a head, and after the heads."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

import reference_impl as ref

from ..marking import CountedQuestion, Entry, OrderFacet, OrderQuestion, OrderRun, Question, Slip, result_agrees
from ..marking.compare import agrees
from ..mistakes.concat import ADDED
from ..mistakes.order import NORMALISED_ROWS, SOFTMAX_AGAIN, W_O_PER_HEAD
from ..mistakes.output import NO_W_O
from ..mistakes.stages import Array
from .steps import AFTER_HEADS, HEAD, after, facets, slips, symptoms

HEAD_ORDER = OrderQuestion(
    id="order_the_steps.head_order",
    title="The steps of one head in order",
    points=4,
    read="order_the_steps#what-each-step-needs",
    name="head_steps",
    given=("softmax", "project_v", "mix", "scale", "project_k", "scores", "project_q"),
    computation=HEAD,
    required=frozenset(HEAD.names),
    result="output",
    reference=ref.attention_head,
    facets=facets(HEAD),
    slips=slips(HEAD),
    symptoms=symptoms,
)


# Two steps that stand side by side in an order that works: does the output stay when they change places?
STAYS = {
    ("project_q", "project_k"): True,
    ("project_q", "scores"): False,
    ("scores", "project_v"): True,
    ("scores", "scale"): False,
    ("scale", "project_v"): True,
    ("scale", "softmax"): False,
    ("project_v", "softmax"): True,
    ("project_v", "mix"): False,
}


def _swap(step: str, other: str) -> Entry:
    return Entry("a swap", 1 / len(STAYS), ("keeps_output", step, other), lambda: STAYS[step, other])


SWAPS = CountedQuestion(
    id="order_the_steps.swaps",
    title="Which swaps leave the output unchanged",
    points=3,
    read="order_the_steps#which-steps-may-swap",
    entries=lambda own: [_swap(*swap) for swap in STAYS],
    steps=((6, 0.5), (8, 0.5)),
)


def _before_concatenating(step: str, order: Sequence[str]) -> bool:
    return step in order and not after(step, "concatenate")(order)


def _heads_side_by_side(run: OrderRun, want: object) -> bool:
    """Whether the heads' outputs themselves, and nothing made of them, were concatenated."""
    first = run.done[0] if run.done else None
    return (
        first is not None and first.step.name == "concatenate" and agrees(first.made, ref.concat_heads(first.taken[0]))
    )


def _output(result: Array, w_o: Array) -> Array:
    return np.asarray(ref.concat_heads(result) @ w_o)  # (T, d_out)


AFTER = OrderQuestion(
    id="order_the_steps.after_heads",
    title="What comes after the heads",
    points=3,
    read="order_the_steps#after-the-heads",
    name="after_heads",
    given=("normalise", "add_heads", "multiply_by_w_o", "softmax_again", "concatenate"),
    computation=AFTER_HEADS,
    required=frozenset(),
    result="result",
    reference=_output,
    facets=(
        OrderFacet("the heads' outputs stand side by side, as they are", 0.4, _heads_side_by_side),
        OrderFacet("the output is that of the layer", 0.6, result_agrees("result")),
    ),
    slips=(
        Slip(W_O_PER_HEAD, lambda order: _before_concatenating("multiply_by_w_o", order) and "add_heads" not in order),
        Slip(ADDED, lambda order: _before_concatenating("add_heads", order)),
        Slip(NORMALISED_ROWS, lambda order: "normalise" in order),
        Slip(SOFTMAX_AGAIN, lambda order: "softmax_again" in order),
        Slip(NO_W_O, lambda order: list(order) == ["concatenate"]),
    ),
)

QUESTIONS: tuple[Question, ...] = (HEAD_ORDER, SWAPS, AFTER)
