"""The picture of lesson 08: four patterns of weights, computed from scores by the reference."""

import numpy as np

import reference_impl as ref
from autograder.notebook.drawing import Picture
from autograder.notebook.pictures import draw

tokens = ["we", "like", "what", "we", "see"]
t = len(tokens)
patterns = {
    "the token itself": np.eye(t),
    "the previous token": np.eye(t, k=-1),
    "the first token": np.eye(1, t).repeat(t, axis=0),
    "everything": np.zeros((t, t)),
}
patterns["the previous token"][0, 0] = 1  # the first token has none


def pictures() -> dict[str, Picture]:
    weights = ref.softmax(3.5 * np.stack(list(patterns.values())))  # (patterns, T, T)
    return {"multi_head_attention_patterns": draw(weights, tokens, tokens, "", list(patterns))}
