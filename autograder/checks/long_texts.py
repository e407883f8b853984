"""Unit 10: what attention costs, and keys and values that heads share. Its last questions are in softmax_in_blocks.py."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import reference_impl as ref

from ..marking import Case, CountedQuestion, Entry, Facet, FunctionQuestion, Question
from ..mistakes import CAUSAL_STYLES, carrying, from_stages, stages
from ..mistakes.cache_bytes import CACHE_BYTES, cache_bytes
from ..mistakes.conduct import CONDUCT
from ..mistakes.grouped import SHARE, grouped_layers
from ..mistakes.kinds import FLOAT_FOR_INT
from ..mistakes.stages import Array, Stages
from . import insides
from .demands import is_int
from .inputs import Rng, head_weights, integers, normal
from .softmax_in_blocks import ADD_BLOCK, IN_BLOCKS


def _times_as_much(of: Callable[[int], int]) -> Callable[[], int]:
    """How much more there is of something in a text of 2,000 tokens than in one of 1,000."""
    return lambda: of(2000) // of(1000)


def _scores(t: int) -> int:
    return t * t


def _numbers_in_cache(t: int) -> int:
    return ref.cache_bytes(1, 1, 1, t, bytes_per_number=1)


def _scores_of_one_token(t: int) -> int:
    return ref.causal_mask(1, t).size


def _parameters(t: int) -> int:
    return ref.parameter_count(64, 4)


def _doubled(own: int) -> list[Entry]:
    return [
        Entry(title, 0.25, ("doubled", title), _times_as_much(of))
        for title, of in (
            ("scores of the whole text", _scores),
            ("numbers in the cache", _numbers_in_cache),
            ("scores of one more token", _scores_of_one_token),
            ("parameters of the layer", _parameters),
        )
    ]


DOUBLED = CountedQuestion(
    id="long_texts.doubled",
    title="A text twice as long",
    points=1,
    read="long_texts#what-attention-costs",
    entries=_doubled,
    steps=((3, 0.5), (4, 0.5)),
)


def _groups(rng: Rng, num_groups: int, each: int, *shape: int) -> tuple[Array, int]:
    """Keys or values of some groups (*leading, G, T, d), and the number of heads, so many for each group."""
    *leading, t, d = shape
    return normal(rng, *leading, num_groups, t, d), num_groups * each


def _share(s: Stages) -> Callable[..., Array]:
    return s.share


_WRONG_SHARES = from_stages(_share, SHARE)

SHARE_QUESTION = FunctionQuestion(
    id="long_texts.share",
    title="Keys or values, shared among heads",
    points=1.5,
    read="long_texts#sharing-keys-and-values",
    name="share_heads",
    reference=ref.share_heads,
    argnames=("groups", "num_heads"),
    facets=(
        Facet(
            "one group, and as many groups as heads",
            0.3,
            lambda rng: [Case(_groups(rng, 1, 4, 5, 3)), Case(_groups(rng, 3, 1, 4, 5))],
        ),
        Facet(
            "several heads in each of several groups",
            0.4,
            lambda rng: [
                Case(_groups(rng, 2, 3, 5, 4)),
                Case(_groups(rng, 4, 2, 3, 5)),
                Case(_groups(rng, 3, 4, 2, 6)),
            ],
        ),
        Facet(
            "leading axes pass through",
            0.2,
            lambda rng: [Case(_groups(rng, 2, 4, 3, 5, 6)), Case(_groups(rng, 3, 2, 2, 1, 4, 5))],
        ),
        Facet(
            "integers work, and the groups stay as they were",
            0.1,
            lambda rng: [
                Case((integers(rng, 2, 4, 3), 6)),
                Case(_groups(rng, 2, 3, 4, 3), twice=CONDUCT),
            ],
        ),
    ),
    wrongs=_WRONG_SHARES,
    inside=insides.inside(_share, _WRONG_SHARES, ("groups", "num_heads"), insides.groups),
)


def _layer(
    rng: Rng,
    num_heads: int,
    num_groups: int,
    *leading: int,
    d_model: int = 10,
    d_k: int = 4,
    d_v: int = 3,
    d_out: int = 8,
) -> tuple[Any, ...]:
    """x (*leading, d_model), w_q, w_k, w_v, w_o, H and G."""
    _, w_k, w_v = head_weights(rng, d_model, num_groups * d_k, num_groups * d_v)
    w_q = normal(rng, d_model, num_heads * d_k, size=d_model**-0.5)
    w_o = normal(rng, num_heads * d_v, d_out, size=(num_heads * d_v) ** -0.5)
    return normal(rng, *leading, d_model), w_q, w_k, w_v, w_o, num_heads, num_groups


def _grouped(x: Array, *weights: Any) -> Array:
    return ref.grouped_query_attention(x, *weights, mask=ref.causal_mask(x.shape[-2]))


GROUPED = FunctionQuestion(
    id="long_texts.grouped",
    title="The layer whose heads share",
    points=2.5,
    read="long_texts#sharing-keys-and-values",
    name="grouped_layer",
    reference=_grouped,
    argnames=("x", "w_q", "w_k", "w_v", "w_o", "num_heads", "num_groups"),
    facets=(
        Facet(
            "as many groups as heads: multi-head attention",
            0.3,
            lambda rng: [Case(_layer(rng, 3, 3, 7)), Case(_layer(rng, 2, 2, 5, d_out=6))],
        ),
        Facet(
            "one group: multi-query attention",
            0.25,
            lambda rng: [Case(_layer(rng, 3, 1, 6)), Case(_layer(rng, 4, 1, 5))],
        ),
        Facet(
            "groups in between",
            0.3,
            lambda rng: [Case(_layer(rng, 6, 2, 5)), Case(_layer(rng, 4, 2, 6)), Case(_layer(rng, 6, 3, 4, d_out=18))],
        ),
        Facet(
            "leading axes pass through, and the inputs stay as they were",
            0.15,
            lambda rng: [Case(_layer(rng, 4, 2, 3, 5)), Case(_layer(rng, 4, 2, 5), twice=CONDUCT)],
        ),
    ),
    wrongs=grouped_layers,
    inside=insides.inside(
        stages.grouped_layer, grouped_layers, (*insides.LAYER, "num_groups"), insides.grouped, CAUSAL_STYLES[:1]
    ),
    builds_on=lambda: (SHARE_QUESTION,),
    carrying=carrying(stages.grouped_layer, CAUSAL_STYLES),
)


def _sizes(rng: Rng, heads_of_a_group: int) -> Case:
    """Sizes of a model, all different, so that no product of others is right by chance."""
    layers, groups, d, tokens = (int(rng.choice(some)) for some in ([5, 7], [3, 6], [11, 13, 17], [19, 23, 29]))
    return Case((layers, groups * heads_of_a_group, groups, d, tokens, int(rng.choice([2, 4]))))


CACHE = FunctionQuestion(
    id="long_texts.cache_bytes",
    title="The bytes of a cache",
    points=1.5,
    read="long_texts#what-the-cache-holds",
    name="cache_bytes",
    reference=cache_bytes,
    argnames=("num_layers", "num_heads", "num_groups", "d", "num_tokens", "bytes_per_number"),
    facets=(
        Facet("as many groups as heads", 0.4, lambda rng: [_sizes(rng, 1) for _ in range(3)]),
        Facet("fewer groups than heads", 0.5, lambda rng: [_sizes(rng, each) for each in (4, 5, 8)]),
        Facet(
            "the result is an int", 0.1, lambda rng: [_sizes(rng, 1), _sizes(rng, 1)], also=is_int, lacks=FLOAT_FOR_INT
        ),
    ),
    wrongs=lambda: CACHE_BYTES,
)


QUESTIONS: tuple[Question, ...] = (DOUBLED, SHARE_QUESTION, GROUPED, CACHE, ADD_BLOCK, IN_BLOCKS)
