"""Draws the pictures of lesson 06: what the mask does to the weights, and a cache that grows. All numbers are computed."""

from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

import reference_impl as ref
from autograder.checks.inputs import self_attention

tokens = ["the", "cat", "sat", "down"]
rng = np.random.default_rng(3)
x, w_q, w_k, w_v = self_attention(rng, 4, d_model=6, d_k=3, d_v=2, size=1.4)
q, k = x @ w_q, x @ w_k  # (T, d_k), (T, d_k)
scores = q @ k.T / np.sqrt(3)  # (T, T)
mask = ref.causal_mask(4)  # (T, T)


def heat(axis: Axes, matrix: np.ndarray, title: str, largest: float, empty: str = "") -> None:
    """A heat map with its numbers; NaN cells are hatched and hold `empty`."""
    axis.imshow(matrix, cmap="PuOr_r", vmin=-largest, vmax=largest)
    for (i, j), value in np.ndenumerate(matrix):
        if np.isnan(value):
            axis.add_patch(
                Rectangle((j - 0.5, i - 0.5), 1, 1, facecolor="0.93", edgecolor="0.75", hatch="///", linewidth=0)
            )
            axis.text(j, i, empty, ha="center", va="center", fontsize=9)
        else:
            colour = "white" if abs(value) > 0.6 * largest else "black"
            axis.text(j, i, f"{value:.2f}", ha="center", va="center", fontsize=8, color=colour)
    axis.set_title(title, fontsize=10)
    axis.tick_params(length=0, labelsize=8)
    axis.set_xticks([])
    axis.set_yticks([])


def save(figure: Figure, name: str) -> None:
    figure.savefig(Path(__file__).with_name(name), facecolor="white")


figure = Figure(figsize=(8.2, 3.4), dpi=110, layout="constrained")
axes = figure.subplots(1, 3)
heat(axes[0], scores, "scaled scores", 4)
heat(axes[1], np.where(mask, scores, np.nan), "after the mask", 4, "−∞")
heat(axes[2], np.where(mask, ref.softmax(np.where(mask, scores, -np.inf)), np.nan), "weights", 1, "0")
for axis in axes:
    axis.set_xticks(range(4), tokens)
    axis.set_xlabel("key", fontsize=8)
axes[0].set_yticks(range(4), tokens)
axes[0].set_ylabel("query", fontsize=8)
save(figure, "causal_head_weights.png")

figure = Figure(figsize=(8.2, 3.6), dpi=110, layout="constrained")
axes = figure.subplots(2, 4, height_ratios=(4, 1.2))
cache = None
for t, word in enumerate(tokens):
    _, cache = ref.decode_step(x[t : t + 1], w_q, w_k, w_v, cache=cache)
    filled = np.full((4, 3), np.nan)  # (T, d_k)
    filled[: t + 1] = cache.k
    heat(axes[0, t], filled, f"step {t + 1}: {word}", 4)
    axes[0, t].add_patch(Rectangle((-0.5, t - 0.5), 3, 1, fill=False, edgecolor="black", linewidth=2.5, clip_on=False))
    weights = np.full((1, 4), np.nan)  # (1, T)
    weights[0, : t + 1] = ref.softmax(q[t] @ cache.k.T / np.sqrt(3))
    heat(axes[1, t], weights, "", 1)
    axes[1, t].set_xticks(range(4), tokens, rotation=45, ha="right", rotation_mode="anchor")
axes[0, 0].set_yticks(range(4), tokens)
axes[0, 0].set_ylabel("keys in the cache", fontsize=8)
axes[1, 0].set_ylabel("weights", fontsize=8)
save(figure, "causal_head_cache.png")
