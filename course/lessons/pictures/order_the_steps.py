"""Draws the picture of lesson 02: the matrix of one head after each step, in a right order and in a wrong one."""

from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from autograder.checks.inputs import self_attention
from autograder.checks.steps import HEAD

projections = ["project_q", "project_k", "project_v"]
orders = [["scores", "scale", "softmax"], ["scores", "softmax", "scale"]]
tokens = ["the", "cat", "sat", "down"]
start = dict(zip(("x", "w_q", "w_k", "w_v"), self_attention(np.random.default_rng(8), 4), strict=True))

figure = Figure(figsize=(7.6, 5.2), dpi=110, layout="constrained")
axes = figure.subplots(2, 3)
for row, order in enumerate(orders):
    for column, done in enumerate(HEAD.run([*projections, *order], start).done[3:]):
        axis, matrix = axes[row, column], done.made  # (T, T)
        # Purple is negative, orange positive: told apart with every kind of colour vision, and the numbers stand there.
        largest = 1 if "softmax" in order[: column + 1] else 5
        axis.imshow(matrix, cmap="PuOr_r", vmin=-largest, vmax=largest)
        for i, values in enumerate(matrix):
            for j, value in enumerate(values):
                colour = "white" if abs(value) > 0.6 * largest else "black"
                axis.text(j, i, f"{value:.2f}", ha="center", va="center", fontsize=8, color=colour)
            axis.text(3.65, i, f"Σ {values.sum():.2f}", ha="left", va="center", fontsize=8)
        axis.set_title(f"{column + 4}. {done.step.name}", fontsize=10)
        axis.set_xticks(range(4), tokens if row else [""] * 4, fontsize=8)
        axis.set_yticks(range(4), [""] * 4 if column else tokens, fontsize=8)
        axis.tick_params(length=0)
axes[0, 0].set_ylabel("right")
axes[1, 0].set_ylabel("scale too late")
figure.savefig(Path(__file__).with_name("order_the_steps_matrix.png"), facecolor="white")
