"""How many of the course's wrong causal heads a test lets through: counted from the catalogue, with the checks' own inputs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.checks.causal_head import causal_head
from autograder.checks.heads import broken
from autograder.checks.inputs import large, self_attention, square
from autograder.marking.calls import observe
from autograder.marking.compare import agrees
from autograder.mistakes import CAUSAL

Head = Callable[..., Any]


def tables() -> dict[str, str]:
    """The lesson's sentences with the counts in them."""
    heads = [broken(mistake) for mistake in {mistake.name: mistake for mistake in CAUSAL}.values()]
    rng = np.random.default_rng(7)
    one = self_attention(rng, 5)
    inputs = [one, self_attention(rng, 2, 5), self_attention(rng, 7, d_model=5, d_k=3, d_v=2), square(rng, 6)]
    x, *weights = self_attention(rng, 2, 6)
    inputs.append((large(x), *weights))
    same = square(rng, 5)
    kept = sum(getattr(observe(head, one, {}).value, "shape", None) == (5, 6) for head in heads)
    healthy = sum(_looks_healthy(head) for head in heads)
    square_only = sum(_agree(head, same) for head in heads)
    all_five = sum(all(_agree(head, args) for args in inputs) for head in heads)
    count = len(heads)
    return {
        "shapes": f"This course knows {count} ways to get a causal head wrong. On five tokens, {kept} of those wrong heads return an "
        "array of the right shape.",
        "properties": f"A test of shape, finite numbers, row sums and causality lets {healthy} of the {count} wrong heads pass.",
        "inputs": "If all sizes are equal, a wrong axis still has the right length. Comparing on one such square input lets "
        f"{square_only} of the {count} wrong heads pass. Comparing on five inputs, among them a batch, other sizes and large tokens, "
        f"lets {all_five} pass.",
    }


def _agree(head: Head, args: tuple[Any, ...]) -> bool:
    return agrees(observe(head, args, {}).value, causal_head(*args))


def _looks_healthy(head: Head) -> bool:
    """By the weights, seen through values that are the identity."""
    x, w_q, w_k, _ = self_attention(np.random.default_rng(1), 5)
    weights = observe(head, (x, w_q, w_k, np.linalg.pinv(x)), {}).value
    return (
        isinstance(weights, np.ndarray)
        and weights.shape == (5, 5)
        and bool(
            np.isfinite(weights).all() and np.allclose(weights.sum(axis=-1), 1) and np.allclose(np.triu(weights, 1), 0)
        )
    )
