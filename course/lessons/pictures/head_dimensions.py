"""The picture of lesson 04: where the numbers of a projection go when it is split, with and without moving axes."""

import numpy as np

import reference_impl as ref
from autograder.notebook.drawing import Cell, Grid, Picture, Row, picture

T, H, D = 4, 3, 2
# One colour per head, distinct with every kind of colour vision; dark text on light, light text on dark.
COLOURS = (("#0072b2", "#fff"), ("#f0e442", "#111"), ("#b4b4b4", "#111"))
WORDS = (
    "A (T, H·d) = (4, 6) array whose numbers are marked with their token and column, in the colour of their head. "
    "Split by moving axes, head 0 holds columns 0 and 1 of all four tokens, head 1 columns 2 and 3, head 2 columns 4 "
    "and 5. A reshape alone to (H, T, d) gives head 0 all columns of token 0 and two of token 1 instead."
)

labels = np.arange(T * H * D).reshape(T, H * D)  # number n stands at token n // (H·D), column n % (H·D)


def cell(label: int) -> Cell:
    """A number with its token and column, in the colour of the head whose column it was."""
    token, column = divmod(int(label), H * D)
    fill, ink = COLOURS[column // D]
    return Cell(fill, f"{token},{column}", ink)


def grid(block: np.ndarray, title: str, named: bool, across: str = "") -> Grid:
    rows, columns = block.shape
    return Grid(
        [[cell(label) for label in row] for row in block],
        rows=[f"token {i}" if across else str(i) for i in range(rows)] if named else (),
        columns=[str(j) for j in range(columns)],
        title=title,
        across=across,
    )


def pictures() -> dict[str, Picture]:
    moved = np.asarray(ref.split_heads(labels, H))  # (H, T, d)
    cut = labels.reshape(H, T, D)  # the same shape, the numbers elsewhere
    rows = [Row([grid(labels, "", True, "column")], f"All heads side by side, (T, H·d) = ({T}, {H * D})")]
    for title, heads in (("Split: axes moved", moved), ("A reshape alone", cut)):
        grids = [grid(head, f"head {h}", h == 0) for h, head in enumerate(heads)]
        rows.append(Row(grids, f"{title}, (H, T, d) = ({H}, {T}, {D})"))
    return {"head_dimensions_split": picture(rows, WORDS)}
