"""The insides of the questions on attention: their stages, and a call each in which all sizes differ."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache

import numpy as np

from ..marking import Case, Mistake, Wrong
from ..marking.trail import Follower
from ..mistakes import CAUSAL_STYLES, MASK_STYLES, stages
from ..mistakes.choose import PLAIN, Style
from ..mistakes.inside import anatomy
from ..mistakes.stages import Recipe
from .inputs import Rng, head_weights, layer_weights, normal

B, H, T_Q, T_K = 2, 3, 5, 7
D_MODEL, D_K, D_V, D_OUT = 27, 4, 13, 17
# Where heads share keys and values.
G, HEADS_OF_GROUPS, D_K_OF_GROUPS = 3, 12, 7


def inside(
    recipe: Recipe,
    wrongs: Callable[[], Iterable[Wrong]],
    argnames: Sequence[str],
    example: Callable[[Rng], Case],
    styles: Sequence[Style] = PLAIN,
) -> Callable[[], Follower]:
    """The inside of a question, made when an answer is wrong: its mistakes are those of the question, one at a time."""

    @cache
    def made() -> Follower:
        single = [wrong.mistakes[0] for wrong in wrongs() if len(wrong.mistakes) == 1]
        mistakes: list[Mistake] = []
        for mistake in single:
            if mistake.replaces and mistake not in mistakes:
                mistakes.append(mistake)
        found = anatomy(recipe, mistakes, argnames, example, styles)
        return Follower(found, example(np.random.default_rng(12)))

    return made


def head(rng: Rng) -> Case:
    """x (B, T, d_model) and one head's matrices."""
    return Case((normal(rng, B, T_Q, D_MODEL), *head_weights(rng, D_MODEL, D_K, D_V)))


def one_sequence(rng: Rng) -> Case:
    return Case((normal(rng, T_Q, D_MODEL), *head_weights(rng, D_MODEL, D_K, D_V)))


def queries_and_keys(rng: Rng) -> Case:
    """q (B, T_q, d_k) and k (B, T_k, d_k)."""
    return Case((normal(rng, B, T_Q, D_K), normal(rng, B, T_K, D_K)))


def scores(rng: Rng) -> Case:
    return Case((normal(rng, B, T_Q, T_K, size=2),))


def weights_and_values(rng: Rng) -> Case:
    rows = np.exp(normal(rng, B, T_Q, T_K))
    return Case((rows / rows.sum(axis=-1, keepdims=True), normal(rng, B, T_K, D_V)))


def list_of_heads(rng: Rng) -> Case:
    """x (B, T, d_model) and three lists of matrices, one for each of H heads."""
    of_heads = [head_weights(rng, D_MODEL, D_K, D_V) for _ in range(H)]
    return Case((normal(rng, B, T_Q, D_MODEL), *map(list, zip(*of_heads, strict=True))))


def layer(rng: Rng) -> Case:
    """Cross-attention under a mask (T_q, T_k) that leaves every query some keys."""
    weights = layer_weights(rng, H, d_model=D_MODEL, d_k=D_K, d_v=D_V, d_out=D_OUT)
    mask = rng.random((T_Q, T_K)) < 0.6
    mask[:, 0], mask[0, -1] = True, False
    return Case((normal(rng, B, T_Q, D_MODEL), *weights), {"context": normal(rng, B, T_K, D_MODEL), "mask": mask})


def heads_and_w_o(rng: Rng) -> Case:
    return Case((normal(rng, B, H, T_Q, D_V), normal(rng, H * D_V, D_OUT, size=(H * D_V) ** -0.5)))


def fused(rng: Rng) -> Case:
    """x (B, T, d_model) and a fused matrix (d_model, 3·d_model) for H heads."""
    return Case((normal(rng, B, T_Q, H * 7), normal(rng, H * 7, 3 * H * 7, size=(H * 7) ** -0.5), H))


def fused_with_w_o(rng: Rng) -> Case:
    x, c_attn, num_heads = fused(rng).args
    return Case((x, c_attn, normal(rng, len(c_attn), D_OUT, size=len(c_attn) ** -0.5), num_heads))


def projection(rng: Rng) -> Case:
    """x (B, T, H·d) and H."""
    return Case((normal(rng, B, T_Q, D_MODEL), H))


def heads_alone(rng: Rng) -> Case:
    """The outputs of H heads (B, H, T, d_v)."""
    return Case((normal(rng, B, H, T_Q, D_V),))


def step(rng: Rng) -> Case:
    """A token (B, 1, d_model), a cache of keys and values of T tokens, and one head's matrices."""
    x, w_q, w_k, w_v = head(rng).args
    cached = normal(rng, B, T_K, D_MODEL)
    return Case((x[:, -1:], {"k": cached @ w_k, "v": cached @ w_v}, w_q, w_k, w_v))


def groups(rng: Rng) -> Case:
    """Keys or values of groups (B, G, T, d) and the number of heads."""
    return Case((normal(rng, B, G, T_Q, D_K), HEADS_OF_GROUPS))


def grouped(rng: Rng) -> Case:
    """x (B, T, d_model) and the matrices of a layer whose heads share keys and values."""
    _, w_k, w_v = head_weights(rng, D_MODEL, G * D_K_OF_GROUPS, G * D_V)
    w_q = normal(rng, D_MODEL, HEADS_OF_GROUPS * D_K_OF_GROUPS, size=D_MODEL**-0.5)
    w_o = normal(rng, HEADS_OF_GROUPS * D_V, D_OUT, size=(HEADS_OF_GROUPS * D_V) ** -0.5)
    return Case((normal(rng, B, T_Q, D_MODEL), w_q, w_k, w_v, w_o, HEADS_OF_GROUPS, G))


HEAD = ("x", "w_q", "w_k", "w_v")
LAYER = ("x", "w_q", "w_k", "w_v", "w_o", "num_heads")


def causal(wrongs: Callable[[], Iterable[Wrong]]) -> Callable[[], Follower]:
    """The inside of a causal head."""
    return inside(stages.causal_head, wrongs, HEAD, head, CAUSAL_STYLES[:1])


def whole(wrongs: Callable[[], Iterable[Wrong]]) -> Callable[[], Follower]:
    """The inside of a layer."""
    return inside(stages.multi_head_attention, wrongs, LAYER, layer, MASK_STYLES[:1])
