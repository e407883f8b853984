"""The tables of lesson 03: head 1 of the followed example beside head 0."""

from autograder import followed_example as example
from autograder.markdown_tables import beside, matrix, number, numbers, table, total

TOKENS = example.TOKENS
CAT, SAT, IT = range(3)


def tables() -> dict[str, str]:
    zero, one = example.head(0), example.head(1)
    return {
        "matrices": beside(
            example.FEATURES,
            [("w_q", example.W_Q[1]), ("w_k", example.W_K[1]), ("w_v", example.W_V[1])],
            "feature",
        ),
        "projected": beside(TOKENS, [("x", example.X), ("q", one.q), ("k", one.k), ("v", one.v)]),
        "one_score": (
            f'The score of "it" for "sat" is {total(zip(one.q[IT], one.k[SAT], strict=True))} = '
            f"{number(one.scores[IT, SAT])}. In head 0 the same pair scored {number(zero.scores[IT, SAT])}."
        ),
        "scores": matrix(one.scores, TOKENS, TOKENS, "query ↓, key →"),
        "weights": matrix(one.weights, TOKENS, TOKENS, "query ↓, key →"),
        "both": table(
            ["“it” attends to", *TOKENS, "and its output is"],
            [
                [f"in head {h}", *map(number, head.weights[IT]), numbers(head.output[IT])]
                for h, head in enumerate((zero, one))
            ],
        ),
    }
