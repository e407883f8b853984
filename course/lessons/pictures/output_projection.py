"""Draws the picture of lesson 05: one token's concatenated heads, W_o in blocks of rows, and what each head adds."""

import io
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

import reference_impl as ref
from autograder.notebook.values import COLOURS

H, D_V, D_OUT = 3, 4, 8
rng = np.random.default_rng(11)
heads = rng.standard_normal((H, 5, D_V))  # (H, T, d_v)
w_o = rng.standard_normal((H * D_V, D_OUT)) / np.sqrt(H * D_V)  # (H·d_v, d_out)
row = ref.concat_heads(heads)[0]  # token 0, (H·d_v,)
parts = np.stack([heads[h, 0] @ w_o[h * D_V : (h + 1) * D_V] for h in range(H)])  # (H, d_out)
output = (ref.concat_heads(heads) @ w_o)[0]  # (d_out,)
assert np.allclose(parts.sum(axis=0), output)


def draw(axis, values, title, xlabel):
    largest = np.abs(values).max()
    axis.imshow(values, cmap=COLOURS, vmin=-largest, vmax=largest, aspect="auto")
    axis.set_title(title, fontsize=10)
    axis.set_xlabel(xlabel, fontsize=9)
    axis.tick_params(length=0, labelsize=8)
    for (i, j), value in np.ndenumerate(values):
        colour = "white" if abs(value) > 0.65 * largest else "black"
        axis.text(j, i, f"{round(value, 1) + 0.0:.1f}", ha="center", va="center", fontsize=7, color=colour)


figure = Figure(figsize=(10.5, 4.6), layout="constrained")
left, middle, right = figure.subplots(1, 3, width_ratios=(1.0, 8, 8))
draw(left, row[:, None], "token 0", "")
left.set_xticks([])
left.set_yticks([D_V * h + (D_V - 1) / 2 for h in range(H)], [f"head {h}" for h in range(H)], fontsize=9)
draw(middle, w_o, f"W_o, (H·d_v, d_out) = ({H * D_V}, {D_OUT})", "column of the output")
middle.set_yticks([])
for axis in (left, middle):
    for h in range(1, H):
        axis.axhline(D_V * h - 0.5, color="black", lw=2)
draw(right, np.concatenate([parts, output[None]]), "what each head adds, and the output", "column of the output")
right.set_yticks(range(H + 1), [*(f"head {h}" for h in range(H)), "output"], fontsize=9)
right.axhline(H - 0.5, color="black", lw=2)
buffer = io.BytesIO()
figure.savefig(buffer, format="png", facecolor="white", dpi=110)
Path(__file__).with_name("output_projection_sum.png").write_bytes(buffer.getvalue())
