"""Draws the picture of lesson 04: where the numbers of a projection go when it is split, with and without moving axes."""

import io
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

import reference_impl as ref

T, H, D = 4, 3, 2
# One colour per head, distinct with every kind of colour vision; dark text on light, light text on dark.
COLOURS = ("#0072b2", "#f0e442", "#8f8f8f")
TEXT = ("white", "black", "black")

labels = np.arange(T * H * D).reshape(T, H * D)  # number n stands at token n // (H·D), column n % (H·D)


def draw(axis, block, title, rows, columns):
    """One block of labels: each number with its token and column, in the colour of the head whose column it was."""
    axis.set_title(title, fontsize=10)
    for (i, j), label in np.ndenumerate(block):
        token, column = divmod(int(label), H * D)
        head = column // D
        axis.add_patch(_square(j, i, COLOURS[head]))
        axis.text(j, i, f"{token},{column}", ha="center", va="center", fontsize=9, color=TEXT[head])
    axis.set_xlim(-0.5, block.shape[1] - 0.5)
    axis.set_ylim(block.shape[0] - 0.5, -0.5)
    axis.set_aspect("equal")
    axis.set_xticks(range(block.shape[1]), columns)
    axis.set_yticks(range(block.shape[0]), rows)
    axis.tick_params(length=0, labelsize=8)


def _square(x, y, colour):
    from matplotlib.patches import Rectangle

    return Rectangle((x - 0.5, y - 0.5), 1, 1, facecolor=colour, edgecolor="white")


figure = Figure(figsize=(9.6, 5.4), layout="constrained")
whole, parts = figure.subfigures(1, 2, width_ratios=(1.0, 1.15))
axis = whole.subplots()
draw(axis, labels, f"all heads side by side (T, H·d) = ({T}, {H * D})", range(T), range(H * D))
axis.set_xlabel("column")
axis.set_ylabel("token")
moved = np.asarray(ref.split_heads(labels, H))  # (H, T, d)
cut = labels.reshape(H, T, D)  # the same shape, the numbers elsewhere
upper, lower = parts.subfigures(2, 1)
for half, title, heads in ((upper, "split: axes moved", moved), (lower, "a reshape alone", cut)):
    half.suptitle(f"{title}, (H, T, d) = ({H}, {T}, {D})", fontsize=10)
    for h, axis in enumerate(half.subplots(1, H)):
        draw(axis, heads[h], f"head {h}", range(T) if h == 0 else [""] * T, range(D))
buffer = io.BytesIO()
figure.savefig(buffer, format="png", facecolor="white", dpi=110)
Path(__file__).with_name("head_dimensions_split.png").write_bytes(buffer.getvalue())
