"""The training itself, in JAX: the model of reference_impl.transformer, its loss, and AdamW, one step after another."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

from reference_impl import Layer, Transformer
from reference_impl.transformer import EPSILON

Weights = dict[str, jax.Array]
STEPS_AT_A_TIME = 100  # compiled into one call; the log has a line for each


@dataclass(frozen=True)
class Plan:
    """What is trained, on how much, how fast.

    num_pieces  V, the number of different tokens
    repeats     the share of each batch that is random tokens repeated; the rest is text
    rate        the largest learning rate, reached after `warm_up` steps and then lowered to almost nothing, as a cosine
    decay       of the weights, per step and unit of the learning rate
    clip        the largest length of a gradient
    """

    num_pieces: int = 1024
    d_model: int = 96
    num_heads: int = 6
    num_layers: int = 2
    max_tokens: int = 96
    steps: int = 4000
    batch: int = 24
    repeats: float = 0.5
    rate: float = 5e-3
    warm_up: int = 200
    decay: float = 0.01
    clip: float = 1.0
    seed: int = 0


def train(plan: Plan, text: NDArray[np.int64], say: Callable[[str], None] = print) -> Transformer:
    """A model trained on tokens (N,), without start tokens, and on random tokens that repeat.

    The same plan and text on the same machine give the same weights.
    """
    tokens = jnp.asarray(text)
    weights = first_weights(plan)
    zeros = jax.tree.map(jnp.zeros_like, weights)
    state = (weights, zeros, zeros)
    key = jax.random.key(plan.seed)
    several = jax.jit(lambda state, steps: jax.lax.scan(lambda s, i: _step(plan, tokens, key, s, i), state, steps))
    began = time.monotonic()
    for start in range(0, plan.steps, STEPS_AT_A_TIME):
        state, losses = several(state, jnp.arange(start, min(start + STEPS_AT_A_TIME, plan.steps)))
        on_text, on_repeats = np.asarray(losses).mean(axis=0)
        seconds = time.monotonic() - began
        say(f"{start + len(losses):6d} steps {seconds:5.0f} s   text {on_text:.3f}   repeats {on_repeats:.3f}")
    return as_transformer(state[0], plan.num_heads)


def first_weights(plan: Plan) -> Weights:
    """Random weights; the positions begin as sines and cosines (Vaswani et al. 2017, section 3.5) and are then learned."""
    rng = np.random.default_rng(plan.seed)
    d, layers = plan.d_model, plan.num_layers
    frequencies = 10_000 ** (-np.arange(0, d, 2) / d)
    angles = np.arange(plan.max_tokens)[:, None] * frequencies  # (T_max, d_model / 2)
    positions = np.stack([np.sin(angles), np.cos(angles)], axis=-1).reshape(plan.max_tokens, d)
    weights = {
        "embedding": rng.normal(0, 0.5, (plan.num_pieces, d)),
        "positions": 0.5 * positions,
        "unembedding": rng.normal(0, 0.02, (d, plan.num_pieces)),
        "c_attn": rng.normal(0, d**-0.5, (layers, d, 3 * d)),
        "w_o": rng.normal(0, 0.5 * d**-0.5, (layers, d, d)),
    }
    return {name: jnp.asarray(matrix, jnp.float32) for name, matrix in weights.items()}


def as_transformer(weights: Weights, num_heads: int) -> Transformer:
    """The weights as the NumPy model that the course runs."""
    arrays = {name: np.asarray(matrix, np.float64) for name, matrix in weights.items()}
    layers = tuple(Layer(*layer) for layer in zip(arrays.pop("c_attn"), arrays.pop("w_o"), strict=True))
    return Transformer(**arrays, layers=layers, num_heads=num_heads)


def logits(weights: Weights, tokens: jax.Array, num_heads: int) -> jax.Array:
    """What Transformer.logits computes, (B, T, V) for tokens (B, T), in a form that JAX can differentiate."""
    t = tokens.shape[-1]
    x = weights["embedding"][tokens] + weights["positions"][:t]  # (B, T, d_model)
    for c_attn, w_o in zip(weights["c_attn"], weights["w_o"], strict=True):
        q, k, v = (_split(part, num_heads) for part in jnp.split(_rms_norm(x) @ c_attn, 3, axis=-1))  # (B, H, T, d_k)
        scores = q @ k.swapaxes(-1, -2) / np.sqrt(q.shape[-1])  # (B, H, T, T)
        mixed = jax.nn.softmax(jnp.where(np.tri(t, dtype=bool), scores, -jnp.inf)) @ v  # (B, H, T, d_v)
        x = x + mixed.swapaxes(-3, -2).reshape(x.shape) @ w_o
    return _rms_norm(x) @ weights["unembedding"]


def _split(x: jax.Array, num_heads: int) -> jax.Array:
    return x.reshape(*x.shape[:-1], num_heads, -1).swapaxes(-3, -2)


def _rms_norm(x: jax.Array) -> jax.Array:
    return x * jax.lax.rsqrt(jnp.mean(x * x, axis=-1, keepdims=True) + EPSILON)


def _batch(plan: Plan, text: jax.Array, key: jax.Array) -> tuple[jax.Array, jax.Array]:
    """Tokens (B, T_max + 1), each row after a start token, and which of those that follow count, (B, T_max).

    The first rows are text and count throughout. In the others random tokens repeat with a period that differs from row
    to row, so that no head can learn the distance; they count from where the first repeat can be foreseen. Short periods
    are as likely as long ones: where a token has been seen many times, a head finds out sooner that looking for it helps.
    """
    where, how_long, which = jax.random.split(key, 3)
    t = plan.max_tokens
    repeats = round(plan.batch * plan.repeats)
    places = jax.random.randint(where, (plan.batch - repeats, 1), 0, len(text) - t)
    shortest, longest = np.log(4), np.log(t // 2 + 1)
    periods = jnp.exp(jax.random.uniform(how_long, (repeats, 1), minval=shortest, maxval=longest)).astype(int)
    drawn = jax.random.randint(which, (repeats, t), 1, plan.num_pieces)
    rows = jnp.concatenate([text[places + np.arange(t)], jnp.take_along_axis(drawn, np.arange(t) % periods, axis=1)])
    counted = jnp.concatenate([jnp.ones((plan.batch - repeats, t), bool), np.arange(t) > periods])
    return jnp.pad(rows, ((0, 0), (1, 0))), counted


def _losses(plan: Plan, weights: Weights, rows: jax.Array, counted: jax.Array) -> tuple[jax.Array, jax.Array]:
    """What is made small, and the losses (2,) on text and on repeats, in nats a token."""
    log_p = jax.nn.log_softmax(logits(weights, rows[:, :-1], plan.num_heads))
    each = -jnp.take_along_axis(log_p, rows[:, 1:, None], axis=-1)[..., 0] * counted  # (B, T_max)
    cut = plan.batch - round(plan.batch * plan.repeats)
    both = jnp.stack([each[:cut].sum() / counted[:cut].sum(), each[cut:].sum() / jnp.maximum(counted[cut:].sum(), 1)])
    return (1 - plan.repeats) * both[0] + plan.repeats * both[1], both


def _step(plan: Plan, text: jax.Array, key: jax.Array, state: Any, i: jax.Array) -> tuple[Any, jax.Array]:
    """One step of AdamW (Loshchilov and Hutter 2019)."""
    weights, mean, square = state
    rows, counted = _batch(plan, text, jax.random.fold_in(key, i))
    grads, losses = jax.grad(lambda w: _losses(plan, w, rows, counted), has_aux=True)(weights)
    length = jnp.sqrt(sum(jnp.sum(g * g) for g in grads.values()))
    grads = jax.tree.map(lambda g: g * jnp.minimum(1, plan.clip / length), grads)
    mean = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, mean, grads)
    square = jax.tree.map(lambda s, g: 0.98 * s + 0.02 * g * g, square, grads)
    rate = plan.rate * jnp.minimum(1, (i + 1) / plan.warm_up) * (0.51 + 0.49 * jnp.cos(jnp.pi * i / plan.steps))
    unbias_mean, unbias_square = 1 - 0.9 ** (i + 1.0), 1 - 0.98 ** (i + 1.0)
    weights = jax.tree.map(
        lambda w, m, s: (
            w - rate * (m / unbias_mean / (jnp.sqrt(s / unbias_square) + 1e-8) + plan.decay * w)
        ),
        weights, mean, square,
    )  # fmt: skip
    return (weights, mean, square), losses
