"""The picture of lesson 05: one token's concatenated heads, W_o in blocks of rows, and what each head adds."""

import numpy as np

import reference_impl as ref
from autograder.notebook.drawing import Grid, Picture, Row, largest_of, numbers, picture

H, D_V, D_OUT = 3, 4, 8
rng = np.random.default_rng(11)
heads = rng.standard_normal((H, 5, D_V))  # (H, T, d_v)
w_o = rng.standard_normal((H * D_V, D_OUT)) / np.sqrt(H * D_V)  # (H·d_v, d_out)
WORDS = (
    "Left: the concatenation of three heads for token 0, 12 numbers. Middle: W_o, 12 by 8, in three blocks of four "
    "rows, one for each head. Right: each head's four numbers times its block, and their sum, the output row."
)


def grid(values: np.ndarray, title: str, rows=(), across: str = "", outlined=()) -> Grid:
    cells = numbers(values, largest_of(values), decimals=1)
    return Grid(cells, rows, title=title, across=across, outlined=outlined, width=36, height=26)


def pictures() -> dict[str, Picture]:
    row = ref.concat_heads(heads)[0]  # token 0, (H·d_v,)
    parts = np.stack([heads[h, 0] @ w_o[h * D_V : (h + 1) * D_V] for h in range(H)])  # (H, d_out)
    output = (ref.concat_heads(heads) @ w_o)[0]  # (d_out,)
    assert np.allclose(parts.sum(axis=0), output)
    names = [f"head {row // D_V}" if row % D_V == 0 else "" for row in range(H * D_V)]
    left = grid(row[:, None], "token 0", names, outlined=[(D_V * h, 0, D_V, 1) for h in range(H)])
    blocks = [(D_V * h, 0, D_V, D_OUT) for h in range(H)]
    middle = grid(w_o, f"W_o, (H·d_v, d_out) = ({H * D_V}, {D_OUT})", (), "column of the output", blocks)
    right = grid(
        np.concatenate([parts, output[None]]),
        "what each head adds, and the output",
        [*(f"head {h}" for h in range(H)), "output"],
        "column of the output",
        [(H, 0, 1, D_OUT)],
    )
    return {"output_projection_sum": picture([Row([left, middle, right])], WORDS)}
