"""The tables of lesson 06: head 1 of the followed example masked, decoded with a cache, and writing words."""

import numpy as np

import reference_impl as ref
from autograder import followed_example as example
from autograder.markdown_tables import matrix, number, numbers, table, total

TOKENS = example.TOKENS
SAT, IT = TOKENS.index("sat"), TOKENS.index("it")
LONG = 100


def tables() -> dict[str, str]:
    head, plain = example.head(1, causal=True), example.head(1)
    exponentials = np.exp(head.masked[IT])
    return {
        "mask": table(
            ["query ↓, key →", *TOKENS],
            [[f"**{t}**", *map(str, row)] for t, row in zip(TOKENS, ref.causal_mask(len(TOKENS)), strict=True)],
        ),
        "masked": matrix(head.masked, TOKENS, TOKENS, "query ↓, key →"),
        "weights": matrix(head.weights, TOKENS, TOKENS, "query ↓, key →"),
        "without_mask": (
            f'Without the mask, "sat" gave {number(plain.weights[SAT, IT])} of its attention to "it", a word that comes after '
            f"it. With the mask its row is {numbers(head.weights[SAT])}."
        ),
        "causal_output": matrix(head.output, TOKENS, ["column 0", "column 1"]),
        "one_token": table(
            ["token 2, “it”", *TOKENS, "sum"],
            [
                ["key k", *(numbers(k) for k in head.k), ""],
                [f"q · k, with q = {numbers(head.q[IT])}", *map(number, head.scores[IT]), ""],
                ["divided by √2", *map(number, head.scaled[IT]), ""],
                ["exponential", *map(number, exponentials), number(exponentials.sum())],
                ["weight", *map(number, head.weights[IT]), number(head.weights[IT].sum().round(9))],
                ["value v", *(numbers(v) for v in head.v), ""],
            ],
        ),
        "one_token_output": (
            f"Column 0 of its output is {total(zip(head.weights[IT], head.v[:, 0], strict=True))} = "
            f"{number(head.output[IT, 0])}, and column 1 is {total(zip(head.weights[IT], head.v[:, 1], strict=True))} = "
            f"{number(head.output[IT, 1])}."
        ),
        "steps": _steps(),
        "generated": _generated(),
        "choice": _choice(),
        "unembedding": matrix(example.UNEMBEDDING, ["row 0", "row 1"], example.VOCABULARY),
        "new_word": f'"Slept" is a new word. Its row of `x` is {numbers(example.EMBEDDING[-1])}: an action, and alive.',
        "cost": _cost(),
    }


def _steps() -> str:
    """The three tokens decoded, a step each."""
    cache, rows = None, []
    for token, x in zip(TOKENS, example.X, strict=True):
        output, cache = ref.decode_step(x[None], example.W_Q[1], example.W_K[1], example.W_V[1], cache=cache)
        rows.append([token, *("; ".join(numbers(r) for r in a) for a in (cache.k, cache.v)), numbers(output[0])])
    return table(["new token", "keys in the cache", "values in the cache", "output"], rows)


def _generated() -> str:
    return table(
        ["reads", "keys in the cache", "output", *(f"logit of “{w}”" for w in example.VOCABULARY), "chooses"],
        [
            [step.token, str(step.keys), numbers(step.output), *map(number, step.logits), f"**{step.chosen}**"]
            for step in example.write("cat", 4)
        ],
    )


def _choice() -> str:
    step = example.write("cat", 3)[-1]
    slept = example.UNEMBEDDING[:, example.VOCABULARY.index("slept")]
    return (
        f'After "it" the output is {numbers(step.output)}. The logit of "slept" is '
        f"{total(zip(step.output, slept, strict=True))} = {number(step.logits.max())}, the largest of the four."
    )


def _cost() -> str:
    """Scores that are not masked, in one head, for a text of LONG tokens; counted, not reckoned."""
    row = sum(t for t in range(1, LONG + 1))  # the newest token's row at every step
    triangle = sum(int(ref.causal_mask(t).sum()) for t in range(1, LONG + 1))  # all rows anew at every step
    return table(
        [f"scores in one head, T = {LONG}", "without a cache", "with a cache"],
        [
            ["the top layer, only the newest row", f"{row:,}", f"{row:,}"],
            ["every layer below it", f"{triangle:,}", f"{row:,}"],
            ["two layers together", f"{row + triangle:,}", f"{2 * row:,}"],
        ],
    )
