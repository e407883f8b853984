"""The pictures of lesson 03 from computed weights: what two heads look at, and what a slice hides from a head."""

import numpy as np

import reference_impl as ref
from autograder.notebook.drawing import Grid, Picture, Row, numbers, picture

tokens = ["the", "cat", "saw", "the", "black", "dog"]
words = ["the", "cat", "saw", "black", "dog"]

# The tokens and the two heads of the notebook: which word, then which position.
x = np.zeros((6, 11))  # (T, d_model)
for t, token in enumerate(tokens):
    x[t, words.index(token)] = 1
    x[t, 5 + t] = 1
same_word, position, position_before = np.zeros((3, 11, 5))
same_word[0:5] = 3 * np.eye(5)
position[5:10] = 3 * np.eye(5)
position_before[6:11] = 3 * np.eye(5)


def weights(w_q, w_k):
    return ref.attention_head(x, w_q, w_k, np.eye(11), return_weights=True)[1]  # (T, T)


def own_and_shared() -> Picture:
    """Weights of two heads with own projections above those of two heads that share theirs."""
    looks_for_word, looks_back = weights(same_word, same_word), weights(position_before, position)
    rows = [
        Row(
            [
                Grid(numbers(head), tokens, tokens, f"head {h}", "query" if h == 0 else "", "key")
                for h, head in enumerate(heads)
            ],
            title,
        )
        for title, heads in (
            ("Projections of their own", (looks_for_word, looks_back)),
            ("The same projections in both heads", (looks_for_word, looks_for_word)),
        )
    ]
    return picture(
        rows,
        "Weights of two heads over the tokens the, cat, saw, the, black, dog. With projections of their own, head 0 "
        "looks at the same word and head 1 at the token before; with shared projections both look at the same word.",
    )


def slice_and_projection() -> Picture:
    """How much each column of the queries depends on each column of x: with slices, and with random projections."""
    x_alone = np.eye(12)  # each row has one column of x switched on
    sliced = np.concatenate(list(ref.split_heads(x_alone, 3)), axis=1)  # (d_model, H·d_k)
    projected = np.abs(x_alone @ np.random.default_rng(4).standard_normal((12, 12)))  # (d_model, H·d_k)
    grids = [
        Grid(
            numbers(matrix, decimals=None),
            rows=[f"column {i} of x" for i in range(12)] if first else (),
            columns=["", "head 0", "", "", "", "head 1", "", "", "", "head 2", "", ""],
            title=title,
            outlined=[(0, 4 * h, 12, 4) for h in range(3)],
            width=26,
            height=18,
        )
        for first, title, matrix in (
            (True, "Slices of x, as a matrix", sliced),
            (False, "Projections of x: sizes of the numbers", projected / projected.max()),
        )
    ]
    return picture(
        [Row(grids)],
        "How the queries' columns depend on the columns of x. With slices each head depends on its own four columns "
        "of x only; with projections each head depends on all twelve.",
    )


def pictures() -> dict[str, Picture]:
    return {"several_heads_own_and_shared": own_and_shared(), "several_heads_slices": slice_and_projection()}
