"""The tables of lesson 08: the followed example from x to the output, on one page."""

from autograder import followed_example as example
from autograder.markdown_tables import beside, matrix, number, numbers, table

TOKENS = example.TOKENS
IT = TOKENS.index("it")


def tables() -> dict[str, str]:
    heads = [example.head(h) for h in range(example.NUM_HEADS)]
    columns = [f"column {c}" for c in range(example.W_O.shape[1])]
    found = {"tokens": matrix(example.X, TOKENS, example.FEATURES)}
    for h, head in enumerate(heads):
        found[f"projected_{h}"] = beside(TOKENS, [("q", head.q), ("k", head.k), ("v", head.v)], f"head {h}")
        found[f"scores_{h}"] = beside(
            TOKENS, [("scores", head.scores), ("scaled", head.scaled), ("weights", head.weights), ("output", head.output)],
            f"head {h}",
        )  # fmt: skip
    return {
        **found,
        "concatenated": matrix(example.side_by_side(), TOKENS, columns),
        "output": matrix(example.layer(), TOKENS, columns),
        "changed": table(
            ["“it”", *columns],
            [
                ["before the layer", *map(number, example.X[IT])],
                ["after the layer", *map(number, example.layer()[IT])],
            ],
        ),
        "answer": " ".join(
            f'Head {h} gives most of the attention of "it" to "{TOKENS[head.weights[IT].argmax()]}" '
            f"({number(head.weights[IT].max())})."
            for h, head in enumerate(heads)
        )
        + f' In the output, the row of "it" is {numbers(example.layer()[IT])}.',
    }
