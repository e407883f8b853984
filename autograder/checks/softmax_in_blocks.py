"""Unit 10: softmax over one block of keys after another."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import reference_impl as ref

from ..marking import Case, Facet, FunctionQuestion
from ..mistakes import carrying, running, stages
from ..mistakes.conduct import CONDUCT
from ..mistakes.stages import Array, Stages
from . import insides
from .inputs import Rng, normal


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
