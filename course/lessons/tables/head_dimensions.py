"""The tables of lesson 04: both heads of the followed example side by side."""

import numpy as np

from autograder import followed_example as example
from autograder.markdown_tables import beside, matrix

TOKENS = example.TOKENS


def tables() -> dict[str, str]:
    heads = [example.head(h) for h in range(example.NUM_HEADS)]
    queries = np.concatenate([head.q for head in heads], axis=-1)  # (T, H·d_k)
    return {
        "queries": matrix(queries, TOKENS, _columns("head")),
        "split": beside(TOKENS, [(f"head {h}", head.q) for h, head in enumerate(heads)]),
        "heads": beside(TOKENS, [(f"output of head {h}", head.output) for h, head in enumerate(heads)]),
        "concatenated": matrix(example.side_by_side(), TOKENS, _columns("head")),
    }


def _columns(name: str) -> list[str]:
    """Which head a column belongs to."""
    width = example.W_Q[0].shape[1]
    return [f"{c} ({name} {c // width})" for c in range(example.NUM_HEADS * width)]
