"""Numbers that the bank gives as answers come out of the reference, run on arrays of the sizes in the question."""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import Any

import numpy as np
import pytest

from autograder.quiz.questions import Bank, NumberQuestion
from autograder.quiz.values import solve
from reference_impl import (
    add_block,
    causal_mask,
    concat_heads,
    decode_step,
    head_dim,
    multi_head_attention,
    multi_head_decode_step,
    scaled_dot_product_attention,
    share_heads,
    softmax,
    split_heads,
)


def score(d_k: int, entry: float = 1) -> float:
    """The scaled score of a query of ones and a key of one entry throughout: its lead over a key of zeros."""
    keys = np.stack([np.full(d_k, entry), np.zeros(d_k)])
    _, weights = scaled_dot_product_attention(np.ones((1, d_k)), keys, keys, return_weights=True)
    return float(np.log(weights[0, 0] / weights[0, 1]))


def scale(d_k: int) -> float:
    """What the reference divides a dot product of this width by."""
    return d_k / score(d_k)


def layer(d_model: int, heads: int, d_k: int, d_v: int) -> list[Any]:
    """Matrices that the reference takes for such a layer; it refuses any other shape."""
    shapes = [(d_model, heads * d_k), (d_model, heads * d_k), (d_model, heads * d_v), (heads * d_v, d_model)]
    weights = [np.zeros(shape) for shape in shapes]
    assert multi_head_attention(np.zeros((1, d_model)), *weights, heads).shape == (1, d_model)
    return weights


def shared(d_model: int, heads: int) -> list[Any]:
    """The matrices of a layer whose heads share the model width."""
    return layer(d_model, heads, head_dim(d_model, heads), head_dim(d_model, heads))


def column_of(heads: int, d_v: int, head: int, column: int) -> int:
    outputs = np.zeros((heads, 1, d_v))
    outputs[head, 0, column] = 1
    return int(concat_heads(outputs).argmax())


def equal_scores(tokens: int, values: Any) -> Any:
    """Output and weights of a causal head whose scores are all equal."""
    nothing = np.zeros((tokens, 1))
    return scaled_dot_product_attention(nothing, nothing, values, causal_mask(tokens), return_weights=True)


def decoded(tokens: int) -> int:
    """How many keys are there after so many steps of one token each, which are handed nothing else."""
    one, cache = np.ones((1, 1)), None
    for _ in range(tokens):
        _, cache = decode_step(one, one, one, one, cache=cache)
    return 0 if cache is None else len(cache)


def cached(tokens: int, heads: int, width: int) -> int:
    w_in, w_o = np.zeros((1, heads * width)), np.zeros((heads * width, 1))
    _, cache = multi_head_decode_step(np.zeros((tokens, 1)), w_in, w_in, w_in, w_o, heads)
    return cache.k.size + cache.v.size


def raw_lead(d_k: int, lead: float) -> float:
    """The lead before the scale of a key whose lead after it is given."""
    entry = lead / score(d_k)
    assert score(d_k, entry) == pytest.approx(lead)
    return entry * d_k


def two_heads(a: float, b: float, p: float, q: float) -> float:
    one = np.ones((1, 1))
    return multi_head_attention(one, one @ [[0, 0]], one @ [[0, 0]], [[a, b]], [[p], [q]], 2).item()


def weighted(exponentials: list[float], values: list[float]) -> float:
    """The mix of values for scores with these exponentials."""
    return float(softmax(np.log(exponentials)) @ values)


def layer_of_one_token(heads: list[list[float]], w_o: list[float]) -> float:
    """What W_o makes of the outputs of heads for one token."""
    return float(concat_heads(np.array(heads, float)[:, None, :])[0] @ w_o)


def added_to_the_cache(heads: int, width: int) -> int:
    return cached(2, heads, width) - cached(1, heads, width)


def matrices(batch: int, heads: int, tokens: int) -> int:
    x = np.zeros((batch, tokens, heads))
    _, weights = multi_head_attention(x, *shared(heads, heads), heads, return_weights=True)
    assert weights.shape[-2:] == (tokens, tokens)
    return prod(weights.shape[:-2])


def matrix_of_scores(tokens: int) -> int:
    one = np.zeros((tokens, 1))
    return int(scaled_dot_product_attention(one, one, one, return_weights=True)[1].size)


def carried_through(*blocks: list[float]) -> float:
    """The running total of one query after these blocks of scores."""
    carried = (np.array([[-np.inf]]), np.zeros((1, 1)), np.zeros((1, 1)))
    for scores in blocks:
        carried = add_block(*carried, np.array([scores]), np.zeros((len(scores), 1)))
    return float(carried[1].item())


COMPUTED: dict[str, Callable[..., float]] = {
    "one_head.scaled_score": lambda d_model, d_k, c: score(d_k, c),
    "one_head.score_spread": lambda d_k: scale(d_k),
    "one_head.first_weight": lambda a, b, c: softmax(np.log([a, b, c]))[0],
    "one_head.mixed_value": lambda p, r, v1, v2: softmax(np.log([p, r])) @ [v1, v2],
    "order_the_steps.scale_after_softmax": lambda d_k: softmax(np.arange(5.0)).sum() / scale(d_k),
    "order_the_steps.mask_after_softmax": lambda T, t: (softmax(np.zeros((T, T))) * causal_mask(T))[t - 1].sum(),
    "several_heads.fused_start": lambda H, d_k, h: split_heads(np.arange(H * d_k)[None], H)[h, 0, 0],
    "several_heads.attention_matrices": lambda B, H, T: matrices(B, H, T),
    "head_dimensions.width": lambda d_model, H: split_heads(np.zeros((1, d_model)), H).shape[-1],
    "head_dimensions.concat_width": lambda H, d_v: concat_heads(np.zeros((H, 1, d_v))).shape[-1],
    "head_dimensions.concat_column": lambda H, d_v, h, j: column_of(H, d_v, h, j),
    "head_dimensions.doubled_heads": lambda d_model, H: shared(d_model, 2 * H)[3].shape[0],
    "output_projection.rows": lambda d_model, H, d_v: layer(d_model, H, 1, d_v)[3].shape[0],
    "output_projection.by_hand": two_heads,
    "output_projection.two_heads": lambda a, b, c, d: layer_of_one_token([[a, b], [c, d]], [1, 2, 3, 4]),
    "output_projection.parameters_of_one_head": lambda d_model, H: sum(w.size for w in shared(d_model, H)) / H,
    "causal_head.unequal_scores": lambda a, b, c, d: weighted([a, b, c], [10, 20, 40]),
    "causal_head.decoding_numbers": lambda v, a, b, c: weighted([a, b, c], [10, 20, v]),
    "causal_head.cache_bytes": lambda L, H: 4 * L * added_to_the_cache(H, 64),
    "one_head.rank_of_scores": lambda T, d_k: np.linalg.matrix_rank(
        np.random.default_rng(1).normal(size=(T, d_k)) @ np.random.default_rng(2).normal(size=(d_k, T))
    ),
    "one_head.doubled_scores": lambda r: np.divide(*softmax(2 * np.log([r, 1]))),
    "several_heads.owner_of_column": lambda H, d_k, c: np.argwhere(split_heads(np.arange(H * d_k)[None], H) == c)[0][0],
    "output_projection.parameters": lambda d_model, H: sum(w.size for w in shared(d_model, H)),
    "output_projection.parameters_own_widths": lambda d_model, H, d_k, d_v: sum(
        w.size for w in layer(d_model, H, d_k, d_v)
    ),
    "output_projection.biases": lambda d_model, H: sum(w.shape[1] for w in shared(d_model, H)),
    "causal_head.mask_entries": lambda T: causal_mask(T).sum(),
    "causal_head.mean_of_visible": lambda T, t: equal_scores(T, np.arange(1.0, T + 1)[:, None])[0][t - 1, 0],
    "causal_head.zero_times": lambda T, t: softmax(np.zeros(T) * ~causal_mask(T)[t - 1])[t:].sum(),
    "causal_head.projected_keys": lambda T: decoded(T),
    "causal_head.cache_size": lambda T, H, d: cached(T, H, d),
    "debug_a_head.log_ratio": lambda d_k, r: raw_lead(d_k, r),
    "debug_a_head.model_width_scale": lambda d_model, H: scale(head_dim(d_model, H)) / scale(d_model),
    "long_texts.longer_text": lambda a, k, s: matrix_of_scores(a * k),
    "long_texts.group_of_a_head": lambda H, G, h: share_heads(np.arange(G)[:, None, None], H)[h, 0, 0],
    "long_texts.total_after_two_blocks": lambda n, k, a, b: carried_through([float(a)] * n, [float(b)] * k),
    "multi_head_attention.multiplications": lambda d_model, H, T: split_heads(np.zeros((T, d_model)), H).size * T,
}
"""Questions whose arithmetic is proved by running the reference on arrays of the sizes in the question.

A question whose answer calls the reference itself needs no entry.
"""


@pytest.mark.parametrize("name", COMPUTED)
def test_every_number_is_what_the_reference_computes(bank: Bank, name: str) -> None:
    question = next(question for question in bank.questions if question.id == name)
    assert isinstance(question, NumberQuestion)
    answers = [solve(question, variant).answer for variant in range(len(question.variants))]
    sizes = [
        {key: int(size) if float(size).is_integer() else size for key, size in v.items()} for v in question.variants
    ]
    assert answers == pytest.approx([float(COMPUTED[name](**variant)) for variant in sizes], rel=1e-9)
    assert len(set(answers)) > 1, "every configuration has the same answer"
