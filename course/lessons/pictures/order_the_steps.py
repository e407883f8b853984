"""The picture of lesson 02: the matrix of one head after each step, in a right order and in a wrong one."""

import numpy as np

from autograder.checks.inputs import self_attention
from autograder.checks.steps import HEAD
from autograder.notebook.drawing import Grid, Picture, Row, numbers, picture

projections = ["project_q", "project_k", "project_v"]
orders = {"Right": ["scores", "scale", "softmax"], "The scale too late": ["scores", "softmax", "scale"]}
tokens = ["the", "cat", "sat", "down"]
start = dict(zip(("x", "w_q", "w_k", "w_v"), self_attention(np.random.default_rng(8), 4), strict=True))
WORDS = (
    "The matrix of one head after steps 4 to 6, with the sum of each row. In the right order, scores, scale, softmax, "
    "each row of the last matrix sums to 1. With the scale after the softmax each row sums to less than 1."
)


def row(title: str, order: list[str]) -> Row:
    grids = []
    for number, done in enumerate(HEAD.run([*projections, *order], start).done[3:], 4):
        matrix = done.made  # (T, T)
        largest = 1 if "softmax" in order[: number - 3] else 5
        grids.append(
            Grid(
                numbers(matrix, largest),
                rows=tokens if number == 4 else (),
                columns=tokens,
                title=f"{number}. {done.step.name}",
                notes=[f"Σ {total:.2f}" for total in matrix.sum(axis=-1)],
            )
        )
    return Row(grids, title)


def pictures() -> dict[str, Picture]:
    return {"order_the_steps_matrix": picture([row(title, order) for title, order in orders.items()], WORDS)}
