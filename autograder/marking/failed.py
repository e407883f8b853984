"""An exception in a learner's code, as data: what met in the line that failed, and what the line asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .letters import Axes


@dataclass(frozen=True)
class Part:
    """What met in a line that failed: its text, what it is in words, and for an array its shape, letters and dtype."""

    text: str
    what: str = ""
    shape: tuple[int, ...] | None = None
    axes: Axes = ()
    dtype: str = ""

    def axis(self, i: int) -> str:
        """An axis by its letter, or by its length."""
        assert self.shape is not None
        letter, length = self.axes[i], self.shape[i]
        return letter if letter == str(length) else f"{letter} ({length})"


@dataclass(frozen=True)
class Failure:
    """An exception: the classes it belongs to, its message, the line, and the part of the line that failed."""

    kinds: tuple[str, ...]
    message: str
    line: str
    operation: str
    form: str
    parts: tuple[Part, ...]

    @property
    def arrays(self) -> tuple[Part, ...]:
        return tuple(part for part in self.parts if part.shape is not None)

    def is_a(self, *kinds: str) -> bool:
        return any(kind in self.kinds for kind in kinds)


Rule = Callable[[Failure], str]
