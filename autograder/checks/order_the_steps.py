"""Unit 2: the order of the steps in a head, and after the heads."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

import reference_impl as ref

from ..marking import CountedQuestion, Entry, OrderFacet, OrderQuestion, OrderRun, Question, Slip, result_agrees
from ..marking.compare import agrees
from ..marking.own import OWN
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


# All pairs that are neighbours in some order that works: does the output stay the same when they are swapped?
STAYS = {
    ("project_q", "project_k"): True,
    ("project_q", "project_v"): True,
    ("project_k", "project_v"): True,
    ("scores", "project_v"): True,
    ("scale", "project_v"): True,
    ("project_v", "softmax"): True,
    ("project_q", "scores"): False,
    ("project_k", "scores"): False,
    ("scores", "scale"): False,
    ("scale", "softmax"): False,
    ("softmax", "mix"): False,
    ("project_v", "mix"): False,
}
LETTERS = "ABCDEFGH"


def drawn_swaps(own: int) -> dict[str, tuple[str, str]]:
    """The eight pairs to judge, by letter: three, four or five of them keep the output."""
    rng = np.random.default_rng([2, abs(own)])
    keep = int(rng.integers(3, 6))
    pairs = [
        pair
        for stays, how_many in ((True, keep), (False, len(LETTERS) - keep))
        for pair in rng.permutation([pair for pair, kept in STAYS.items() if kept is stays])[:how_many].tolist()
    ]
    return {letter: (pair[0], pair[1]) for letter, pair in zip(LETTERS, rng.permutation(pairs).tolist(), strict=True)}


def _swap(letter: str, pair: tuple[str, str]) -> Entry:
    return Entry("a swap", 1 / len(LETTERS), ("keeps_output", letter), lambda: STAYS[pair])


def _table_of_swaps(own: int) -> dict[str, list[str]]:
    steps, following = zip(*drawn_swaps(own).values(), strict=True)
    return {"pair": list(LETTERS), "step": list(steps), "next step": list(following)}


SWAPS = CountedQuestion(
    id="order_the_steps.swaps",
    title="Which swaps leave the output unchanged",
    points=3,
    read="order_the_steps#which-steps-may-swap",
    entries=lambda own: [_swap(*drawn) for drawn in drawn_swaps(own).items()],
    steps=((6, 0.5), (8, 0.5)),
    own=OWN,
    numbers=_table_of_swaps,
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
