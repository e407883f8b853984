"""Unit 3: what heads compute that share projections, and which columns of x reach a head with a slice or a projection."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np

import reference_impl as ref

from ..marking import CountedQuestion, Entry
from ..marking.own import OWN
from ..marking.values import same_value
from ..mistakes.stages import Array
from .inputs import head_weights, normal

SAME = 1e-9
PROJECTIONS = ("w_q", "w_k", "w_v")
# Six heads, whose matrices are drawn from these letters.
SHARING = 6
LETTERS = {"w_q": "AB", "w_k": "CD", "w_v": "EFGH"}


def drawn_sharing(own: int) -> dict[str, list[Any]]:
    """Which matrices six heads have, by letter. Weights and values differ in number, and there are more outputs than either."""
    rng = np.random.default_rng([3, abs(own)])
    while True:
        drawn = {name: [of[i] for i in rng.integers(len(of), size=SHARING)] for name, of in LETTERS.items()}
        weights, values, outputs = (
            len(set(zip(*(drawn[name] for name in names), strict=True)))
            for names in (("w_q", "w_k"), ("w_v",), PROJECTIONS)
        )
        if min(weights, values) > 1 and weights != values and max(weights, values) < outputs < SHARING:
            return {"head": list(range(SHARING)), **drawn}


def _matrices(own: int) -> list[tuple[Array, ...]]:
    """The matrices of the six heads, a tuple for each."""
    made = [head_weights(np.random.default_rng([3, i]), 12, 4, 6) for i in range(4)]
    drawn = drawn_sharing(own)
    return [
        tuple(made[LETTERS[name].index(drawn[name][h])][i] for i, name in enumerate(PROJECTIONS))
        for h in range(SHARING)
    ]


def _count_different(arrays: Sequence[Array]) -> int:
    different: list[Array] = []
    for array in arrays:
        if not any(np.abs(array - other).max() < SAME for other in different):
            different.append(array)
    return len(different)


@cache
def _measured(own: int) -> Mapping[str, int]:
    """What the six heads have, found by running them."""
    x, heads = normal(np.random.default_rng(4), 5, 12), _matrices(own)
    runs = [ref.attention_head(x, *of_head, return_weights=True) for of_head in heads]
    outputs = [output for output, _ in runs]
    return {
        "different_weights": _count_different([weights for _, weights in runs]),
        "different_values": _count_different([x @ of_head[-1] for of_head in heads]),
        "different_outputs": _count_different(outputs),
        "zero_differences": sum(bool(np.abs(a - b).max() < SAME) for a in outputs for b in outputs),
    }


def _predicted(name: str, own: int) -> Entry:
    return Entry(name, 0.25, (name,), lambda: _measured(own)[name])


SHARED_PREDICTED = CountedQuestion(
    id="several_heads.shared",
    title="What heads with shared projections compute",
    points=1,
    read="several_heads#shared-projections",
    entries=lambda own: [
        _predicted(name, own)
        for name in ("different_weights", "different_values", "different_outputs", "zero_differences")
    ],
    steps=((3, 0.5), (4, 0.5)),
    own=OWN,
    numbers=drawn_sharing,
)

# One column of one token changes; d_model = 12, four heads.
D_MODEL, HEADS = 12, 4


def _zero_row_of(name: str) -> str:
    return f"zero row of {name}"


def drawn_change(own: int) -> dict[str, Any]:
    """The column that changes, and by head which row of each projection is 0.

    One head has that row 0 in all three matrices, one in two of them, one has another row 0 in all three, one has none.
    """
    rng = np.random.default_rng([4, abs(own)])
    column, other = rng.choice(D_MODEL, 2, replace=False).tolist()
    in_two = rng.permutation(np.array([column, column, None], dtype=object)).tolist()
    kinds = [[column] * 3, in_two, [other] * 3, [None] * 3]
    by_head = [kinds[i] for i in rng.permutation(HEADS)]
    rows = {_zero_row_of(name): [head[i] for head in by_head] for i, name in enumerate(PROJECTIONS)}
    return {"head": list(range(HEADS)), **rows, "column": column}


def _heads_that_notice(sliced: bool, own: int) -> set[int]:
    """The heads whose output changes with that column, of heads that slice x or that project it."""
    drawn, rng = drawn_change(own), np.random.default_rng(6)
    x = normal(rng, 5, D_MODEL)
    changed = x.copy()
    changed[2, drawn["column"]] += 1
    weights = [head_weights(rng, D_MODEL, 3, 3) for _ in range(HEADS)]
    for h, matrices in enumerate(weights):
        for name, matrix in zip(PROJECTIONS, matrices, strict=True):
            if (row := drawn[_zero_row_of(name)][h]) is not None:
                matrix[row] = 0

    def head(x: Array, h: int) -> Array:
        if sliced:
            part = ref.split_heads(x, HEADS)[h]
            return ref.scaled_dot_product_attention(part, part, part)
        return ref.attention_head(x, *weights[h])

    return {h for h in range(HEADS) if np.abs(head(x, h) - head(changed, h)).max() > SAME}


def _same_heads(got: Any, want: Any) -> bool:
    """Heads as a list, tuple, set or array; one head also as its number."""
    if isinstance(got, np.ndarray):
        got = got.tolist()
    return same_value([got] if isinstance(got, int | float) else got, want)


def _noticed(title: str, name: str, answer: Callable[[], set[int]]) -> Entry:
    return Entry(title, 0.5, (name,), answer, same=_same_heads)


SLICING = CountedQuestion(
    id="several_heads.slicing",
    title="Which heads notice a change in one column of x",
    points=1,
    read="several_heads#slicing-is-not-projecting",
    entries=lambda own: (
        _noticed("heads that slice x", "notice_when_sliced", lambda: _heads_that_notice(True, own)),
        _noticed("heads that project x", "notice_when_projected", lambda: _heads_that_notice(False, own)),
    ),
    steps=((2, 1.0),),
    own=OWN,
    numbers=drawn_change,
)
