"""The tables of lesson 01: head 0 of the followed example, number by number."""

import math

import numpy as np

import reference_impl as ref
from autograder import followed_example as example
from autograder.markdown_tables import beside, matrix, number, numbers, table, total

TOKENS = example.TOKENS
CAT, IT = TOKENS.index("cat"), TOKENS.index("it")


def tables() -> dict[str, str]:
    head, x = example.head(0), example.X
    q, k = head.q[IT], head.k[CAT]
    exponentials = np.exp(head.scaled[IT])
    return {
        "tokens": matrix(x, TOKENS, example.FEATURES),
        "matrices": beside(example.FEATURES, [(n, w[0]) for n, w in _matrices()], "feature"),
        "projected": beside(TOKENS, [("x", x), ("q", head.q), ("k", head.k), ("v", head.v)]),
        "one_projection": (
            f'For example, the query of "it" is {numbers(q)}: its `x` has a single 1, in column 2, so the product picks '
            f'row 2 of `w_q`. The key of "cat" adds rows 0 and 3 of `w_k`: {numbers(example.W_K[0][0])} + '
            f"{numbers(example.W_K[0][3])} = {numbers(k)}."
        ),
        "one_score": f'The score of "it" for "cat" is {total(zip(q, k, strict=True))} = {number(head.scores[IT, CAT])}.',
        "scores": matrix(head.scores, TOKENS, TOKENS, "query ↓, key →"),
        "scaled": matrix(head.scaled, TOKENS, TOKENS, "query ↓, key →"),
        "one_scaled": (
            f"With d_k = {len(q)} every score is divided by √{len(q)} ≈ {number(math.sqrt(len(q)))}, and "
            f"{number(head.scores[IT, CAT])} becomes {number(head.scaled[IT, CAT])}:"
        ),
        "saturation": _saturation(),
        "one_softmax": table(
            ["the row of “it”", *TOKENS, "sum"],
            [
                ["scaled score", *map(number, head.scaled[IT]), ""],
                ["exponential", *map(number, exponentials), number(exponentials.sum())],
                ["weight", *map(number, head.weights[IT]), number(head.weights[IT].sum().round(9))],
            ],
        ),
        "weights": matrix(head.weights, TOKENS, TOKENS, "query ↓, key →"),
        "one_output": (
            f'For "it", column 0 of the output is {total(zip(head.weights[IT], head.v[:, 0], strict=True))} = '
            f"{number(head.output[IT, 0])}, and column 1 is {total(zip(head.weights[IT], head.v[:, 1], strict=True))} = "
            f"{number(head.output[IT, 1])}."
        ),
        "output": matrix(head.output, TOKENS, ["column 0", "column 1"]),
        "answer": (
            f'"It" gives "cat" a weight of {number(head.weights[IT, CAT])} and "sat" one of '
            f"{number(head.weights[IT, TOKENS.index('sat')])}."
        ),
    }


def _matrices() -> list[tuple[str, tuple[np.ndarray, ...]]]:
    return [("w_q", example.W_Q), ("w_k", example.W_K), ("w_v", example.W_V)]


def _saturation() -> str:
    """Softmax, and the derivative w (1 - w) of each weight with respect to its own score."""
    scores = np.array([8.0, 4.0, 0.0, -4.0])
    rows = []
    for name, row in (("as they are", scores), (f"divided by √64 = {number(64**0.5)}", scores / math.sqrt(64))):
        weights = ref.softmax(row)
        slopes = weights * (1 - weights)
        rows.append(
            [name, ", ".join(map(number, row)), *(", ".join(f"{v:.3f}" for v in made) for made in (weights, slopes))]
        )
    return table(["scores", "one row", "weights w", "slopes w · (1 − w)"], rows)
