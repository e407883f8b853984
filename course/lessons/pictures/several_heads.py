"""Draws the pictures of lesson 03 from computed weights: what two heads look at, and what a slice hides from a head."""

import io
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

import reference_impl as ref
from autograder.notebook.pictures import COLOURS

HERE = Path(__file__)
tokens = ["the", "cat", "saw", "the", "black", "dog"]
words = ["the", "cat", "saw", "black", "dog"]

# The tokens and the two heads of the notebook: which word, then which position.
x = np.zeros((6, 11))  # (T, d_model)
for t, token in enumerate(tokens):
    x[t, words.index(token)] = 1
    x[t, 5 + t] = 1
same_word, position, position_before = np.zeros((3, 11, 5))
same_word[0:5] = 3 * np.eye(5)
position[5:10] = 3 * np.eye(5)
position_before[6:11] = 3 * np.eye(5)


def weights(w_q, w_k):
    return ref.attention_head(x, w_q, w_k, np.eye(11), return_weights=True)[1]  # (T, T)


def save(figure, name):
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", facecolor="white", dpi=110)
    HERE.with_name(name).write_bytes(buffer.getvalue())


def own_and_shared():
    """Weights of two heads with own projections beside those of two heads that share theirs."""
    looks_for_word, looks_back = weights(same_word, same_word), weights(position_before, position)
    figure = Figure(figsize=(11, 3.4), layout="constrained")
    halves = figure.subfigures(1, 2, wspace=0.04)
    for half, title, heads in zip(
        halves,
        ("Projections of their own", "The same projections in both heads"),
        ((looks_for_word, looks_back), (looks_for_word, looks_for_word)),
        strict=True,
    ):
        half.suptitle(title, fontsize=11)
        for h, (axis, head) in enumerate(zip(half.subplots(1, 2), heads, strict=True)):
            axis.imshow(head, cmap=COLOURS, vmin=0, vmax=1)
            axis.set_title(f"head {h}", fontsize=10)
            axis.set_xticks(range(6), tokens, rotation=45, ha="right", rotation_mode="anchor", fontsize=9)
            axis.set_yticks(range(6), tokens if h == 0 else [""] * 6, fontsize=9)
            axis.set_xlabel("key")
            if h == 0:
                axis.set_ylabel("query")
            for (i, j), value in np.ndenumerate(head):
                colour = "white" if value > 0.55 else "black"
                axis.text(j, i, f"{value:.2f}", ha="center", va="center", fontsize=7, color=colour)
    save(figure, "several_heads_own_and_shared.png")


def slice_and_projection():
    """How much each column of the queries depends on each column of x: with slices, and with random projections."""
    x_alone = np.eye(12)  # each row has one column of x switched on
    sliced = np.concatenate(list(ref.split_heads(x_alone, 3)), axis=1)  # (d_model, H·d_k)
    projected = np.abs(x_alone @ np.random.default_rng(4).standard_normal((12, 12)))  # (d_model, H·d_k)
    figure = Figure(figsize=(9, 3.9), layout="constrained")
    for axis, title, matrix in zip(
        figure.subplots(1, 2),
        ("Slices of x, as a matrix", "Projections of x: sizes of the numbers"),
        (sliced, projected / projected.max()),
        strict=True,
    ):
        axis.imshow(matrix, cmap=COLOURS, vmin=0, vmax=1)
        axis.set_title(title, fontsize=10)
        axis.set_xticks([1.5, 5.5, 9.5], ["head 0", "head 1", "head 2"])
        axis.set_yticks(range(12))
        axis.set_ylabel("column of x")
        axis.axhline(1.5, color="#b3541e", lw=1)
        axis.axhline(2.5, color="#b3541e", lw=1)
        for edge in (3.5, 7.5):
            axis.axvline(edge, color="black", lw=1)
    save(figure, "several_heads_slices.png")


own_and_shared()
slice_and_projection()
