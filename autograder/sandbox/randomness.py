"""Whether the random numbers of NumPy and of Python have moved on, asked before every call of the learner's code."""

from __future__ import annotations

import ctypes
import random
from typing import Any

import numpy as np

# Of NumPy's MT19937: 624 words and a position.
_MT19937_BYTES = 625 * 4


class RandomStates:
    """Remembers the states of both global generators."""

    def __init__(self) -> None:
        self.renew()

    def renew(self) -> None:
        """Take the present states as known."""
        self.python = random.getstate()
        self.bits: Any = _bit_generator()
        self.words = self._words()
        self.numpy = np.random.get_state()

    def changed(self) -> dict[str, Any]:
        """The states that are no longer what was known, by "numpy" and "random"; now they are known."""
        found: dict[str, Any] = {}
        if not self._numpy_stands_still():
            found["numpy"] = np.random.get_state()
        if (python := random.getstate()) != self.python:
            found["random"] = python
        if found:
            self.renew()
        return found

    def _words(self) -> bytes:
        if not isinstance(self.bits, np.random.MT19937):
            return b""
        return ctypes.string_at(self.bits.ctypes.state_address, _MT19937_BYTES)

    def _numpy_stands_still(self) -> bool:
        # Fetching the whole state takes longer than a small call. Without a normal number kept in reserve, which is drawn
        # together with another, it can only have changed with the generator's words.
        reserve = self.numpy[3] if isinstance(self.numpy, tuple) else True
        if not reserve and self.words and _bit_generator() is self.bits:
            return self._words() == self.words
        return _equal(np.random.get_state(), self.numpy)


def _bit_generator() -> Any:
    return np.random.get_bit_generator()  # type: ignore[attr-defined]  # it is there, and documented


def _equal(one: Any, other: Any) -> bool:
    if not isinstance(one, tuple) or not isinstance(other, tuple):
        return False
    return all(np.array_equal(a, b) if isinstance(a, np.ndarray) else a == b for a, b in zip(one, other, strict=True))
