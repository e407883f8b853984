"""The picture of lesson 07: the weights of a right head and of three broken ones, seen from outside."""

import numpy as np

from autograder.checks.heads import CATALOGUE, broken, causal_head
from autograder.notebook.drawing import Picture
from autograder.notebook.pictures import draw

tokens = ["the", "cat", "sat", "down", "."]
random = np.random.default_rng(16)
x, w_q, w_k = random.standard_normal((5, 8)), *(random.standard_normal((2, 8, 4)) / 2)
heads = {
    "right": causal_head,
    "the other triangle": broken(CATALOGUE["upper_triangle"]),
    "softmax over the queries": broken(CATALOGUE["softmax_over_queries"]),
    "divided by d_k": broken(CATALOGUE["by_d_k"]),
}


def pictures() -> dict[str, Picture]:
    weights = np.stack([head(x, w_q, w_k, np.linalg.pinv(x)) for head in heads.values()])  # (heads, T, T)
    return {"debug_a_head_weights": draw(weights, tokens, tokens, "", list(heads))}
