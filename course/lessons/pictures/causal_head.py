"""The pictures of lesson 06: what the mask does to the weights, and a cache that grows. All numbers are computed."""

import numpy as np

import reference_impl as ref
from autograder.checks.inputs import self_attention
from autograder.notebook.drawing import Grid, Picture, Row, numbers, picture

tokens = ["the", "cat", "sat", "down"]
rng = np.random.default_rng(3)
x, w_q, w_k, w_v = self_attention(rng, 4, d_model=6, d_k=3, d_v=2, size=1.4)
q, k = x @ w_q, x @ w_k  # (T, d_k), (T, d_k)


def mask() -> Picture:
    scores = q @ k.T / np.sqrt(3)  # (T, T)
    seen = ref.causal_mask(4)  # (T, T)
    weights = ref.softmax(np.where(seen, scores, -np.inf))
    grids = [
        Grid(numbers(scores, 4), tokens, tokens, "scaled scores", "query", "key"),
        Grid(numbers(np.where(seen, scores, np.nan), 4, empty="−∞"), (), tokens, "after the mask", "", "key"),
        Grid(numbers(np.where(seen, weights, np.nan), empty="0"), (), tokens, "weights", "", "key"),
    ]
    return picture(
        [Row(grids)],
        "Scores of four tokens, the same with every entry above the diagonal set to minus infinity, and the weights: "
        "nothing above the diagonal, each row sums to 1, the first token looks at itself only.",
    )


def cache() -> Picture:
    above, below = [], []
    kept = None
    for t, word in enumerate(tokens):
        _, kept = ref.decode_step(x[t : t + 1], w_q, w_k, w_v, cache=kept)
        filled = np.full((4, 3), np.nan)  # (T, d_k)
        filled[: t + 1] = kept.k
        above.append(
            Grid(
                numbers(filled, 4),
                tokens,
                title=f"step {t + 1}: {word}",
                down="keys in the cache" if t == 0 else "",
                outlined=[(t, 0, 1, 3)],
                width=50,
            )
        )
        weights = np.full((1, 4), np.nan)  # (1, T)
        weights[0, : t + 1] = ref.softmax(q[t] @ kept.k.T / np.sqrt(3))
        below.append(Grid(numbers(weights), [word], tokens, down="query" if t == 0 else "", width=50))
    return picture(
        [Row(above, "The keys in the cache, one more with each step"), Row(below, "The weights of the step's query")],
        "Four steps of decoding. In each step one row of keys is added to the cache, and the new token's query gives a "
        "row of weights over the keys that are there.",
    )


def pictures() -> dict[str, Picture]:
    return {"causal_head_weights": mask(), "causal_head_cache": cache()}
