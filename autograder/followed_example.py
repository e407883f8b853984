"""The example that the course follows by hand: three words, two heads of width 2, from x to the next word.

Lessons, notebooks and tests all take it from here, and every number after the given ones is computed by the reference.
The words are those that carry the meaning of "the cat sat because it was tired".

Letters: T = 3 tokens, d_model = 4, H = 2 heads, d_k = d_v = 2, d_out = 4, and a vocabulary of V = 4 words.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

import reference_impl as ref
from reference_impl import plain

Array = NDArray[np.floating[Any]]

VOCABULARY = ("cat", "sat", "it", "slept")
FEATURES = ("thing", "action", "stand-in", "alive")
# One row per word of the vocabulary: how much of each feature it has, (V, d_model).
EMBEDDING: Array = np.array([[1, 0, 0, 1], [0, 1, 0, 0.5], [0, 0, 1, 0], [0, 1, 0, 1]])

TOKENS = VOCABULARY[:3]
X = EMBEDDING[:3]  # (T, d_model)

NUM_HEADS = 2
# Item h of each belongs to head h. In head 0 "it" looks for something alive, in head 1 for an action.
W_Q: tuple[Array, ...] = (
    np.array([[0, 0.5], [1, 0], [2, 1], [0, 0]]),
    np.array([[0, 1], [0, 0.5], [1, 2], [0, 0]]),
)  # H times (d_model, d_k)
W_K: tuple[Array, ...] = (
    np.array([[1, 0], [0, 1], [0, 0.5], [1, 0]]),
    np.array([[0.5, 0], [0, 2], [1, 0], [0, 0]]),
)  # H times (d_model, d_k)
W_V: tuple[Array, ...] = (
    np.array([[1, 0], [0, 1], [0.5, 0.5], [1, 0]]),
    np.array([[0, 1], [2, 0], [0, 0.5], [0, 1]]),
)  # H times (d_model, d_v)
W_O: Array = np.array([[1, 0, 0, 0.5], [0, 1, 0, 0], [0, 0.5, 1, 0], [0.5, 0, 0, 1]])  # (H·d_v, d_out)

# From an output of head 1 to a logit for every word, (d_v, V).
UNEMBEDDING: Array = np.array([[0.5, 0, 1.5, 2], [0.5, 2, 1.5, 0.5]])


@dataclass(frozen=True)
class Steps:
    """One head, step by step: q, k (T, d_k), v (T, d_v), scores, scaled, masked, weights (T, T), output (T, d_v)."""

    q: Array
    k: Array
    v: Array
    scores: Array
    scaled: Array
    masked: Array
    weights: Array
    output: Array


def head(h: int, causal: bool = False, x: Array = X) -> Steps:
    """Head h over the tokens x (T, d_model); `masked` equals `scaled` where the head is not causal."""
    q, k, v = plain.project(x, x, W_Q[h], W_K[h], W_V[h])
    scores = plain.score(q, k)  # (T, T)
    scaled = plain.scale(scores, d_k=q.shape[-1])  # (T, T)
    masked = plain.mask_scores(scaled, ref.causal_mask(len(x)) if causal else None)  # (T, T)
    weights = plain.softmax(masked)  # (T, T)
    return Steps(q, k, v, scores, scaled, masked, weights, plain.mix(weights, v))


def side_by_side(causal: bool = False) -> Array:
    """The outputs of both heads, concatenated: (T, H·d_v)."""
    return np.asarray(plain.concat_heads(np.stack([head(h, causal).output for h in range(NUM_HEADS)])))


def layer(causal: bool = False) -> Array:
    """The output of the whole layer, (T, d_out)."""
    return plain.project_output(side_by_side(causal), W_O)


def contribution(h: int) -> Array:
    """What head h adds to the layer's output: its output times its rows of W_o, (T, d_out)."""
    d_v = W_O.shape[0] // NUM_HEADS
    return head(h).output @ W_O[h * d_v : (h + 1) * d_v]


@dataclass(frozen=True)
class Written:
    """One step of writing: the token that was read, the keys so far, its output (d_v,), the logits (V,), the choice."""

    token: str
    keys: int
    weights: Array
    output: Array
    logits: Array
    chosen: str


def write(start: str, steps: int) -> list[Written]:
    """Read a word, choose the next by the largest logit of head 1, read that, and so on, with a cache."""
    cache, token, written = None, VOCABULARY.index(start), []
    read: list[int] = []
    for _ in range(steps):
        read.append(token)
        output, cache = ref.decode_step(EMBEDDING[token][None], W_Q[1], W_K[1], W_V[1], cache=cache)
        logits = output[0] @ UNEMBEDDING  # (V,)
        weights = head(1, causal=True, x=EMBEDDING[read]).weights[-1]
        token = int(logits.argmax())
        written.append(Written(VOCABULARY[read[-1]], len(cache), weights, output[0], logits, VOCABULARY[token]))
    return written
