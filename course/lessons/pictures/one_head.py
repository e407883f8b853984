"""The picture of lesson 01: the weights of one head, computed by the reference, not painted."""

import numpy as np

import reference_impl as ref
from autograder.notebook.drawing import Picture
from autograder.notebook.pictures import draw

tokens = ["the", "cat", "sat", "down"]
# Scores as a trained head might give them: "cat" looks for its article, "sat" for who sits, "down" for the verb.
scores = np.array([[1.0, 0.5, 0.2, 0.1], [2.2, 1.0, 0.2, 0.0], [0.1, 2.4, 0.6, 0.3], [0.2, 0.6, 2.0, 0.9]])


def pictures() -> dict[str, Picture]:
    weights = ref.softmax(scores)  # (T_q, T_k)
    return {"one_head_weights": draw(weights[None], tokens, tokens, "Weights of one head")}
