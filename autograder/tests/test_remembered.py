"""An answer that keeps an argument between calls is told so."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder.checks import question

from .answers.layers import layer
from .support import solved


def _named(asked: str, **names: Any) -> list[str]:
    report = question(asked).mark({**solved(asked.partition(".")[0]), **names})
    assert report.outcome != "passed"
    return [mistake.name for mistake in report.mistakes]


def test_a_mask_of_the_first_call_that_had_one_is_told() -> None:
    right, kept = layer()["multi_head_attention"], []

    def remembers(*args: Any, mask: Any = None, **more: Any) -> Any:
        if mask is not None:
            kept.append(mask)
        return right(*args, mask=mask if mask is None else kept[0], **more)

    assert _named("multi_head_attention.layer", multi_head_attention=remembers) == ["argument_remembered"]


def test_a_triangle_that_is_made_once_is_told() -> None:
    made: list[Any] = []

    def causal_mask(t: int) -> Any:
        made.append(np.tri(t, dtype=bool))
        return made[0]

    assert _named("causal_head.mask", causal_mask=causal_mask) == ["argument_remembered"]


def test_nobody_else_is_said_to_remember() -> None:
    assert _named("causal_head.mask", causal_mask=lambda t: np.tri(5, dtype=bool)[:t, :t] & (t < 5)) == []
