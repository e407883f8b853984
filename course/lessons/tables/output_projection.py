"""The tables of lesson 05: the followed example through W_o, in one product and as a sum over heads."""

import reference_impl as ref
from autograder import followed_example as example
from autograder.markdown_tables import matrix, number, numbers, table, total

TOKENS = example.TOKENS
IT = TOKENS.index("it")
COLUMNS = [f"column {c}" for c in range(example.W_O.shape[1])]


def tables() -> dict[str, str]:
    joined, output = example.side_by_side(), example.layer()
    d_v = len(joined[IT]) // example.NUM_HEADS
    parts = [example.contribution(h)[IT] for h in range(example.NUM_HEADS)]
    rows = [f"{r} (head {r // d_v})" for r in range(len(example.W_O))]
    return {
        "parameters": f"With d_model = 1024 a layer has {ref.parameter_count(1024, 16):,} parameters, with 1 head or with 16.",
        "w_o": matrix(example.W_O, rows, COLUMNS, "row of W_o"),
        "one_entry": (
            f'The concatenated row of "it" is {numbers(joined[IT])}. For column 0 of its output, multiply that row by column 0 '
            f"of W_o: {total(zip(joined[IT], example.W_O[:, 0], strict=True))} = {number(output[IT, 0])}."
        ),
        "output": matrix(output, TOKENS, COLUMNS),
        "sum": table(
            ["for “it”", *COLUMNS],
            [
                *([f"head {h}: {numbers(joined[IT, h * d_v : (h + 1) * d_v])} times its rows", *map(number, part)]
                  for h, part in enumerate(parts)),
                ["**sum**", *map(number, sum(parts))],
            ],
        ),
    }  # fmt: skip
