"""The catalogue finds what it lists: every single mistake, and nearly every pair."""

from __future__ import annotations

from collections import Counter

import pytest

from autograder.checks import question
from autograder.marking import FunctionQuestion

from .listed import named
from .support import solved

ASKED = ["one_head.scores", "one_head.head", "several_heads.fused", "output_projection.apply", "long_texts.grouped"]


@pytest.fixture(scope="module")
def found() -> Counter[str]:
    total: Counter[str] = Counter()
    for name in ASKED:
        asked = question(name)
        assert isinstance(asked, FunctionQuestion)
        total += named(asked, solved(name.partition(".")[0]), pairs=12)
    return total


def test_every_single_mistake_gets_a_name(found: Counter[str]) -> None:
    assert found["single"] == found["single named"] > 150


def test_nearly_every_pair_gets_a_name(found: Counter[str]) -> None:
    assert found["pair"] > 30
    assert found["pair named"] >= 0.95 * found["pair"]
