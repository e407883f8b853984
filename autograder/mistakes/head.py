"""What can go wrong in one head, in a causal head and in one token of it (a whole layer: `layer.py`)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..marking import Wrong
from .axes import AXES
from .choose import from_stages, singles
from .decoding import ALL_ASK, ONE_TOKEN
from .mask import (
    ADDITIVE,
    BROADCAST_AS_IT_IS,
    CAUSAL_STYLES,
    EXTRA_AXIS,
    FIRST_FOR_ALL,
    FORBIDDEN_1E9,
    FORBIDDEN_LARGEST,
    INVERTED_ADDED,
    MASK,
    ON_QUERIES,
    OTHER_SMALL_NUMBERS,
    SMALL_BIASES,
    TILED,
    TRIANGLE,
)
from .mix import MIX
from .output import RESIDUAL
from .project import PROJECT
from .scale import CONSTANTS, HALVES_FOR_ROOTS, SCALE, SQRT_3
from .score import SCORE
from .softmax import OTHER_WAYS, SOFTMAX
from .stages import Stages, causal_head, one_token

# Projections come before scores: in self-attention "w_q for keys" and "queries compared with themselves" give the same
# numbers, and the former says both.
HEAD = (*SCALE, *SOFTMAX, *PROJECT, *SCORE, *MIX, *HALVES_FOR_ROOTS, *AXES)
CAUSAL = (*MASK, *HEAD)

# Where the mask is always causal, one that acts on the rows is the other triangle, and all sequences have the same.
_OF_GIVEN_MASKS = (ON_QUERIES, TILED, BROADCAST_AS_IT_IS, FIRST_FOR_ALL)


def causal_masks() -> Iterator[Wrong]:
    """For `causal_mask(t)`."""
    yield from from_stages(lambda s: lambda t: s.causal_mask(t, t), TRIANGLE)()
    for low in (-np.inf, -1e9, -1e4, float(np.finfo(np.float64).min), float(np.finfo(np.float32).min)):
        yield Wrong((ADDITIVE,), lambda t, low=low: np.where(np.tri(t, dtype=bool), 0, low))
    for more in (1, 2):
        yield Wrong((EXTRA_AXIS,), lambda t, more=more: np.tri(t, dtype=bool)[(None,) * more])


def causal_heads() -> Iterator[Wrong]:
    """For `causal_head(x, w_q, w_k, w_v)`."""
    mistakes = tuple(mistake for mistake in CAUSAL if mistake not in _OF_GIVEN_MASKS)
    yield from from_stages(causal_head, (*mistakes, SQRT_3), CAUSAL_STYLES)()
    yield from singles(
        causal_head, (*OTHER_SMALL_NUMBERS, FORBIDDEN_LARGEST, FORBIDDEN_1E9, *INVERTED_ADDED, *SMALL_BIASES)
    )
    yield from singles(causal_head, (*OTHER_WAYS, *CONSTANTS, RESIDUAL))


def last_tokens() -> Iterator[Wrong]:
    """For `one_token(x, w_q, w_k, w_v)`."""
    yield from from_stages(one_token, (*ONE_TOKEN, *HEAD, SQRT_3))()
    yield Wrong((ALL_ASK,), causal_head(Stages()))
