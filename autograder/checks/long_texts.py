"""Unit 10: what attention costs; keys and values that heads share; softmax over one block of keys after another."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import reference_impl as ref

from ..marking import Case, CountedQuestion, Entry, Facet, FunctionQuestion, Question
from ..mistakes import CAUSAL_STYLES, carrying, from_stages, running, stages
from ..mistakes.cache_bytes import CACHE_BYTES, cache_bytes
from ..mistakes.conduct import CONDUCT
from ..mistakes.grouped import SHARE, grouped_layers
from ..mistakes.kinds import FLOAT_FOR_INT
from ..mistakes.stages import Array, Stages
from . import insides
from .inputs import Rng, head_weights, integers, normal


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


def _is_int(got: Any, want: Any) -> str | None:
    if isinstance(got, int | np.integer) and not isinstance(got, bool):
        return None
    return f"the number is right, but it is of type {type(got).__name__}; bytes are counted, so it should be an int."


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
            "the result is an int", 0.1, lambda rng: [_sizes(rng, 1), _sizes(rng, 1)], also=_is_int, lacks=FLOAT_FOR_INT
        ),
    ),
    wrongs=lambda: CACHE_BYTES,
)


def _nothing_yet(*shape: int, d_v: int) -> tuple[Array, Array, Array]:
    """What is carried before the first block, for queries (*leading, T_q)."""
    return np.full((*shape, 1), -np.inf), np.zeros((*shape, 1)), np.zeros((*shape, d_v))


# By how much a second block's scores lie above or below the first one's: the largest and the smallest are 4 apart.
HIGHER, LOWER = 4.5, -4.5


def _block(rng: Rng, *shape: int, block: int, d_v: int, level: Array | float = 0.0) -> tuple[Array, Array]:
    """Scores between 1 and 5, raised by `level`, for queries (*leading, T_q), and the values of the block."""
    return rng.uniform(1, 5, (*shape, block)) + level, normal(rng, *shape[:-1], block, d_v)


def _after(
    rng: Rng, *shape: int, d_v: int, level: Array | float, times: float = 1.0, block: int = 3
) -> tuple[Array, ...]:
    """What is carried after a first block, and a second one whose scores are all larger, or all smaller.

    times  what all scores are multiplied by
    """
    scores, v = _block(rng, *shape, block=4, d_v=d_v)
    begun = ref.add_block(*_nothing_yet(*shape, d_v=d_v), times * scores, v)
    scores, v = _block(rng, *shape, block=block, d_v=d_v, level=level)
    return (*begun, times * scores, v)


def _in_turn(t_q: int) -> Array:
    """Larger scores for every other query, and smaller ones for the rest."""
    return np.where(np.arange(t_q) % 2, HIGHER, LOWER)[:, None]


def _hidden(carried: tuple[Array, ...], query: int | slice) -> tuple[Array, ...]:
    """The same, with a block that is masked throughout for one query or for all."""
    *begun, scores, v = carried
    scores = scores.copy()
    scores[..., query, :] = -np.inf
    return (*begun, scores, v)


def _first_block(rng: Rng, *shape: int, block: int, d_v: int) -> tuple[Array, ...]:
    return (*_nothing_yet(*shape, d_v=d_v), *_block(rng, *shape, block=block, d_v=d_v))


ADD_BLOCK = FunctionQuestion(
    id="long_texts.add_block",
    title="One more block of keys",
    points=2,
    read="long_texts#softmax-in-blocks",
    name="add_block",
    reference=ref.add_block,
    argnames=("maximum", "total", "output", "scores", "v"),
    facets=(
        Facet(
            "the first block",
            0.2,
            lambda rng: [Case(_first_block(rng, 4, block=5, d_v=3)), Case(_first_block(rng, 3, block=2, d_v=6))],
        ),
        Facet(
            "a block whose scores are all smaller",
            0.2,
            lambda rng: [Case(_after(rng, 4, d_v=3, level=LOWER)), Case(_after(rng, 5, d_v=2, level=LOWER))],
        ),
        Facet(
            "a block with larger scores",
            0.3,
            lambda rng: [
                Case(_after(rng, 4, d_v=3, level=HIGHER)),
                Case(_after(rng, 3, d_v=6, level=HIGHER, block=2)),
                Case(_after(rng, 3, d_v=2, level=HIGHER, times=100), label="scores in the hundreds"),
            ],
        ),
        Facet(
            "a block that is masked throughout",
            0.2,
            lambda rng: [
                Case(
                    _hidden(_first_block(rng, 4, block=3, d_v=2), 1), label="a first block that one query may not see"
                ),
                Case(
                    _hidden(_first_block(rng, 3, block=3, d_v=2), slice(None)),
                    label="a first block that no query may see",
                ),
                Case(_hidden(_after(rng, 4, d_v=3, level=LOWER), 2), label="a second block that one query may not see"),
            ],
        ),
        Facet(
            "leading axes pass through, and the arguments stay as they were",
            0.1,
            lambda rng: [
                Case(_after(rng, 2, 5, d_v=3, level=_in_turn(5))),
                Case(_after(rng, 4, d_v=3, level=_in_turn(4)), twice=CONDUCT),
            ],
        ),
    ),
    wrongs=running.blocks_added,
    inside=insides.inside(
        lambda s: s.add_block,
        running.blocks_added,
        ("maximum", "total", "output", "block_scores", "block_v"),
        lambda rng: Case(_after(rng, insides.B, insides.T_Q, d_v=insides.D_V, level=_in_turn(insides.T_Q))),
    ),
)


class _Memory:
    """Keys, values and a mask, to be read a piece at a time. It counts how often each key was read."""

    def __init__(self, k: Array, v: Array, allowed: Array) -> None:
        self.k, self.v, self.allowed = k, v, allowed
        self.times = [0] * len(k)
        self.most_at_once = 0

    def read(self, start: int, stop: int) -> tuple[Array, Array, Array]:
        """Keys, values and mask of the keys from start up to, but not including, stop."""
        piece = slice(int(start), int(stop))
        read = range(len(self.k))[piece]
        for key in read:
            self.times[key] += 1
        self.most_at_once = max(self.most_at_once, len(read))
        return self.k[piece].copy(), self.v[piece].copy(), self.allowed[:, piece].copy()


def _reading(function: Callable[..., Any]) -> Callable[..., Any]:
    """The output of `attend_in_blocks`, with keys and values to read from."""
    return lambda q, k, v, allowed, size: function(q, _Memory(k, v, allowed).read, len(k), size)


def _how_often(function: Callable[..., Any]) -> Callable[..., Any]:
    """How often each key was read, and whether more than `size` were read at once."""

    def counts(q: Array, k: Array, v: Array, allowed: Array, size: int) -> list[int]:
        memory = _Memory(k, v, allowed)
        function(q, memory.read, len(k), size)
        return [*memory.times, int(memory.most_at_once > size)]

    return counts


def _attending(
    rng: Rng, t_q: int, t_k: int, size: int, *, scale: float = 1.0, empty: bool = False
) -> tuple[Array, Array, Array, Array, int]:
    """q (T_q, d_k), k (T_k, d_k), v (T_k, d_v), who may attend to whom (T_q, T_k), and the size of a block.

    empty  query 0 sees the third block, but not the first two, and query 1 sees no key at all
    """
    allowed = rng.random((t_q, t_k)) < 0.7
    allowed[:, -1] = allowed[:, 0] = True
    if empty:
        allowed[0, : 2 * size], allowed[0, 2 * size], allowed[1] = False, True, False
    q, k, v = normal(rng, t_q, 6, size=scale), normal(rng, t_k, 6, size=scale), normal(rng, t_k, 4)
    k[-1] = 20 * scale**2 * q[-1] / (q[-1] @ q[-1])  # the largest score of the last query comes in the last block
    return q, k, v, allowed, size


IN_BLOCKS = FunctionQuestion(
    id="long_texts.in_blocks",
    title="Attention, one block after another",
    points=1.5,
    read="long_texts#softmax-in-blocks",
    name="attend_in_blocks",
    reference=stages.in_blocks(Stages()),
    argnames=("q", "k", "v", "allowed", "size"),
    facets=(
        Facet(
            "blocks of equal size",
            0.35,
            lambda rng: [
                Case(_attending(rng, 5, 12, 4), through=_reading),
                Case(_attending(rng, 3, 8, 2, scale=1.7), through=_reading),
                Case(_attending(rng, 2, 6, 3, scale=400.0), label="large scores, in blocks of 3", through=_reading),
            ],
        ),
        Facet(
            "a last block that is smaller",
            0.2,
            lambda rng: [
                Case(_attending(rng, 5, 11, 4), through=_reading),
                Case(_attending(rng, 4, 7, 3), through=_reading),
            ],
        ),
        Facet(
            "blocks that are masked throughout, and a query that sees no key",
            0.2,
            lambda rng: [
                Case(_attending(rng, 6, 12, 3, empty=True), through=_reading),
                Case(_attending(rng, 5, 10, 4, empty=True), through=_reading),
            ],
        ),
        Facet(
            "each key is read once, and at most `size` at a time",
            0.25,
            lambda rng: [
                Case(_attending(rng, 3, 12, 4), label="how often each of 12 keys was read", through=_how_often),
                Case(_attending(rng, 2, 11, 3), label="how often each of 11 keys was read", through=_how_often),
            ],
        ),
    ),
    wrongs=running.in_blocks_wrong,
    inside=insides.inside(
        stages.in_blocks,
        running.in_blocks_wrong,
        ("q", "k", "v", "allowed", "size"),
        lambda rng: Case(_attending(rng, insides.T_Q, insides.T_K, 3), through=_reading),
    ),
    builds_on=lambda: (ADD_BLOCK,),
    carrying=carrying(stages.in_blocks, running.STYLES),
)

QUESTIONS: tuple[Question, ...] = (DOUBLED, SHARE_QUESTION, GROUPED, CACHE, ADD_BLOCK, IN_BLOCKS)
