"""Unit 8: a whole layer of multi-head attention, put together from the pieces, and a look at what heads do."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

import reference_impl as ref

from ..marking import (
    Case,
    CountedQuestion,
    Entry,
    Facet,
    FunctionQuestion,
    HandQuestion,
    Question,
    SeveralFunctions,
)
from ..marking.own import OWN
from ..mistakes import MASK_STYLES, by_hand, carrying, stages, whole_layer
from ..mistakes.conduct import CONDUCT
from ..mistakes.padding import PADDING, padding_mask
from ..mistakes.stages import Array
from . import by_hand as draws
from . import insides
from .head_dimensions import CONCAT_QUESTION, SPLIT_QUESTION
from .inputs import Rng, equal_scores, integers, large, layer_weights, normal, tempted
from .one_head import SCORES, SOFTMAX_QUESTION
from .sections import LAYER_STAGES

Layer = tuple[Array, Array, Array, Array, Array, int]


def _layer(
    x: Array,
    w_q: Array,
    w_k: Array,
    w_v: Array,
    w_o: Array,
    num_heads: int,
    context: Array | None = None,
    mask: Array | None = None,
) -> Array:
    return ref.multi_head_attention(x, w_q, w_k, w_v, w_o, num_heads, context=context, mask=mask)  # (B, T_q, d_out)


PIECES = SeveralFunctions(
    id="multi_head_attention.pieces",
    title="The pieces from before",
    points=1.5,
    read="multi_head_attention#the-whole-layer",
    parts=((SOFTMAX_QUESTION, 0.3), (SCORES, 0.3), (SPLIT_QUESTION, 0.2), (CONCAT_QUESTION, 0.2)),
)

LAYER_QUESTION = FunctionQuestion(
    id="multi_head_attention.layer",
    title="The whole layer",
    points=5,
    read="multi_head_attention#the-whole-layer",
    name="multi_head_attention",
    reference=_layer,
    argnames=("x", "w_q", "w_k", "w_v", "w_o", "num_heads"),
    facets=(
        Facet(
            "one head",
            0.15,
            lambda rng: [
                Case(_self(rng, 2, 4, 1, d_model=6, d_k=3, d_v=2, d_out=5)),
                Case(_self(rng, 3, 5, 1, d_model=6, d_k=6, d_v=6, d_out=6)),
            ],
        ),
        # With w_q = 0 all scores are equal, so scores, scale and softmax cannot be wrong.
        Facet(
            "values, concatenation and W_o, when all scores are equal",
            0.15,
            lambda rng: [
                Case(equal_scores(*_self(rng, 2, 5, 3, d_model=8, d_k=2, d_v=5, d_out=7))),
                Case(equal_scores(*_self(rng, 2, 4, 2, d_model=6, d_k=3, d_v=3, d_out=6))),
            ],
        ),
        Facet(
            "several heads",
            0.2,
            lambda rng: [
                Case(_self(rng, 2, 5, 2, d_model=10, d_k=3, d_v=4, d_out=7)),
                Case(_self(rng, 3, 6, 2, d_model=8, d_k=4, d_v=4, d_out=8)),
            ],
        ),
        Facet("cross-attention, all sizes different", 0.15, lambda rng: _cross_cases(rng)),
        Facet("masks of every form", 0.2, lambda rng: _mask_cases(rng)),
        Facet("a query that may attend to nothing gets zeros", 0.05, lambda rng: [_nothing_allowed(rng)]),
        # Large scores hide a wrong scale now and then; the ordinary case beside them makes the mark the same every time.
        Facet(
            "large scores neither overflow nor get past a mask",
            0.05,
            lambda rng: [
                Case(_large(rng), label="tokens 30 times as large"),
                _tempted(rng),
                Case(_self(rng, 2, 4, 2)),
            ],
        ),
        Facet(
            "a batch of one and whole numbers work, and the inputs stay as they were",
            0.05,
            lambda rng: [
                Case(_self(rng, 1, 4, 2)),
                Case((integers(rng, 2, 4, 12), *_self(rng, 2, 4, 3)[1:])),
                _twice(rng),
            ],
        ),
    ),
    wrongs=whole_layer,
    inside=insides.whole(whole_layer),
    builds_on=lambda: (PIECES,),
    carrying=carrying(stages.multi_head_attention, MASK_STYLES),
    sections=LAYER_STAGES,
)


def _self(
    rng: Rng, b: int, t: int, num_heads: int, d_model: int = 12, d_k: int = 5, d_v: int = 3, d_out: int = 10
) -> Layer:
    """Self-attention. By default d_model / H, d_k, d_v and d_out all differ, and so do d_model and H·d_k."""
    return normal(rng, b, t, d_model), *layer_weights(rng, num_heads, d_model=d_model, d_k=d_k, d_v=d_v, d_out=d_out)


def _cross(rng: Rng) -> tuple[Layer, Array]:
    """All sizes different: B 2, T_q 5, T_k 7, d_model 12, H 3, d_k 4, d_v 6, d_out 10."""
    return _self(rng, 2, 5, 3, d_model=12, d_k=4, d_v=6, d_out=10), normal(rng, 2, 7, 12)


def _cross_cases(rng: Rng) -> Sequence[Case]:
    layer, context = _cross(rng)
    square = _self(rng, 2, 6, 2, d_model=8, d_k=4, d_v=4, d_out=8)
    return [Case(layer, {"context": context}), Case(square, {"context": normal(rng, 2, 6, 8)})]


def _some_allowed(rng: Rng, *shape: int) -> Array:
    """A random mask (..., T, T) under which every query may attend to itself, and the first not to the last."""
    mask = (rng.random(shape) < 0.6) | np.eye(shape[-1], dtype=bool)
    mask[..., 0, -1] = False
    return mask


def _mask_cases(rng: Rng) -> Sequence[Case]:
    layer, context = _cross(rng)
    several = {"d_k": 3, "d_v": 4, "d_out": 7}
    return [
        Case(_self(rng, 2, 5, 3, **several), {"mask": np.tri(5, dtype=bool)}),
        Case(_self(rng, 2, 4, 3, **several), {"mask": _some_allowed(rng, 2, 1, 4, 4)}),
        Case(_self(rng, 2, 5, 3, **several), {"mask": _some_allowed(rng, 3, 5, 5)}),
        Case(layer, {"context": context, "mask": padding_mask(np.array([7, 4]), 7)}),
    ]


def _nothing_allowed(rng: Rng) -> Case:
    mask = _some_allowed(rng, 4, 4)
    mask[2] = False
    return Case(_self(rng, 2, 4, 2), {"mask": mask}, label="a mask (4, 4) whose row 2 is all False")


def _large(rng: Rng) -> Layer:
    x, w_q, w_k, w_v, *others = _self(rng, 2, 4, 2)
    # The values are of ordinary size: where two large ones nearly cancel, float32 would be further off than is still right.
    return large(x) / 2, w_q, w_k, w_v / 30, *others  # type: ignore[return-value]


def _tempted(rng: Rng) -> Case:
    x, w_q, _, *others = _self(rng, 2, 4, 1)
    return Case(
        (*tempted(x, w_q), *others), {"mask": np.tri(4, dtype=bool)}, label="a forbidden key with the highest score"
    )


def _twice(rng: Rng) -> Case:
    layer, context = _cross(rng)
    return Case(layer, {"context": context, "mask": padding_mask(np.array([5, 7]), 7)}, twice=CONDUCT)


PADDING_QUESTION = FunctionQuestion(
    id="multi_head_attention.padding_mask",
    title="A mask for padded keys",
    points=1.5,
    read="multi_head_attention#masks",
    name="padding_mask",
    reference=padding_mask,
    argnames=("lengths", "t_k"),
    facets=(
        Facet(
            "sequences of different lengths",
            0.6,
            lambda rng: [Case((_lengths(rng, 3, 6), 6)), Case((_lengths(rng, 2, 9), 9))],
        ),
        Facet(
            "as many sequences as tokens, a batch of one, an empty sequence",
            0.4,
            lambda rng: [
                Case((_lengths(rng, 4, 4), 4)),
                Case((np.array([3]), 5)),
                Case((np.array([0, 2, 6]), 6), twice=CONDUCT),
            ],
        ),
    ),
    wrongs=lambda: PADDING,
)


def _lengths(rng: Rng, b: int, t_k: int) -> Array:
    """Lengths of which the first two differ, neither empty nor full."""
    lengths = rng.integers(1, t_k, size=b)
    lengths[0], lengths[1] = 1, t_k - 2
    return lengths


# The notebook makes a head for each of these, in this order, and then deals them out: a learner's integer decides to whom.
PATTERNS = ("first token", "everything", "previous token", "same word")


def drawn_heads(own: int) -> dict[str, int]:
    """Which head shows which pattern in the notebook of the learner with this integer."""
    dealt = [int(pattern) for pattern in np.random.default_rng(abs(own)).permutation(len(PATTERNS))]
    return {pattern: dealt.index(number) for number, pattern in enumerate(PATTERNS)}


WHICH_HEAD = CountedQuestion(
    id="multi_head_attention.which_head",
    title="Which head does what",
    points=2,
    read="multi_head_attention#seeing-heads",
    entries=lambda own: [
        Entry(pattern, 1 / len(PATTERNS), ("which_head", pattern), lambda pattern=pattern: drawn_heads(own)[pattern])  # type: ignore[misc]
        for pattern in PATTERNS
    ],
    steps=((2, 0.5), (4, 0.5)),
    own=OWN,
)

BY_HAND = HandQuestion(
    id="multi_head_attention.by_hand",
    title="One entry of a whole layer by hand",
    points=0.5,
    read="multi_head_attention#the-example-on-one-page",
    name="my_entry",
    draw=draws.one_token,
    answer=by_hand.layer_output,
    slips=by_hand.LAYER_OUTPUT,
)

QUESTIONS: tuple[Question, ...] = (BY_HAND, PIECES, LAYER_QUESTION, PADDING_QUESTION, WHICH_HEAD)
