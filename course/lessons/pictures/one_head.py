"""The picture of lesson 01: the weights of head 0 of the followed example."""

from autograder import followed_example as example
from autograder.notebook.drawing import Picture
from autograder.notebook.pictures import draw


def pictures() -> dict[str, Picture]:
    weights = example.head(0).weights  # (T_q, T_k)
    return {"one_head_weights": draw(weights[None], example.TOKENS, example.TOKENS, "Weights of head 0")}
