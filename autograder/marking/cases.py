"""The calls of a learner's function, in facets that can be right on their own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from .calls import Observation, observe, quietly
from .mistake import Conduct, Mistake
from .seen import Call


@dataclass(frozen=True)
class Case:
    """One call of the learner's function.

    args, kwargs  its arguments
    label         how the report names the case; without one, the shapes of the arguments
    twice         call it a second time on the same arguments, which must be what they were; the second result must equal
                  the first. These are the mistakes that this can show; without them the case is called once
    through       what is called: the function itself, or one that uses it (calls it once per token, or looks at a part
                  of its result)
    """

    args: tuple[Any, ...]
    kwargs: Mapping[str, Any] = field(default_factory=dict)
    label: str = ""
    twice: Conduct | None = None
    through: Callable[[Callable[..., Any]], Callable[..., Any]] = field(default=lambda function: function)

    def run(self, function: Callable[..., Any]) -> Observation:
        """What a function does in this case, on copies of the arguments."""
        return observe(self.through(function), self.args, self.kwargs)

    def of(self, function: Callable[..., Any]) -> Observation:
        """What one of our own functions does in this case. Call it within `silence()`."""
        return quietly(self.through(function), self.args, self.kwargs)


@dataclass(frozen=True)
class Facet:
    """A part of a question that can be right on its own.

    title  what it is, printed in the report
    share  its share of the question's points
    cases  draws the calls; the facet is earned when every one agrees with the reference
    also   a further demand on a result that agrees: returns a sentence where it is not met
    lacks  the mistake that such a result makes, if it has a name
    """

    title: str
    share: float
    cases: Callable[[np.random.Generator], Sequence[Case]]
    also: Callable[[Any, Any], str | None] | None = None
    lacks: Mistake | None = None


def shapes(argnames: Sequence[str], case: Call) -> str:
    """``x (2, 5, 12), w_q (12, 4)``: the case told by its shapes and small values."""
    names = [*argnames[: len(case.args)], *("?" for _ in case.args[len(argnames) :])]
    pairs = [*zip(names, case.args, strict=True), *case.kwargs.items()]
    return ", ".join(_told(name, value) for name, value in pairs if value is not None and not callable(value))


def _told(name: str, value: Any) -> str:
    if isinstance(value, np.ndarray):
        return f"{name} {value.shape}"
    if isinstance(value, list | tuple) and value and all(isinstance(item, np.ndarray) for item in value):
        shapes = list(dict.fromkeys(str(item.shape) for item in value))
        return f"{name} {len(value)} times {' or '.join(shapes)}"
    if isinstance(value, dict) and value:
        return f"{name} with {', '.join(_told(str(key), item) for key, item in value.items())}"
    return f"{name}={value!r:.40}"
