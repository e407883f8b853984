"""Noticing that random numbers were drawn."""

from __future__ import annotations

import random
from collections.abc import Iterator

import numpy as np
import pytest

from autograder.sandbox.randomness import RandomStates


@pytest.fixture(autouse=True)
def seeded() -> Iterator[None]:
    states, bits = (np.random.get_state(), random.getstate()), np.random.get_bit_generator()  # type: ignore[attr-defined]
    np.random.seed(1)
    yield
    np.random.set_bit_generator(bits)  # type: ignore[attr-defined]
    np.random.set_state(states[0])
    random.setstate(states[1])


def test_what_was_told_once_is_known() -> None:
    states = RandomStates()
    assert not states.changed()
    np.random.random()
    random.random()
    assert states.changed().keys() == {"numpy", "random"}
    assert not states.changed()


def test_a_number_from_the_reserve_is_noticed() -> None:
    np.random.normal()  # draws two and keeps one
    states = RandomStates()
    np.random.normal()
    assert states.changed().keys() == {"numpy"}


def test_another_generator_is_noticed() -> None:
    states = RandomStates()
    np.random.set_bit_generator(np.random.MT19937(2))  # type: ignore[attr-defined]
    assert states.changed().keys() == {"numpy"}
