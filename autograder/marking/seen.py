"""One case as it went: the call, what came back, and what should have."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol

from .calls import Observation
from .mistake import Conduct
from .rounding import right


class Call(Protocol):
    """The arguments of a call, and how a function is called with them."""

    @property
    def args(self) -> tuple[Any, ...]: ...
    @property
    def kwargs(self) -> Mapping[str, Any]: ...
    @property
    def label(self) -> str: ...
    @property
    def twice(self) -> Conduct | None: ...
    @property
    def through(self) -> Callable[[Callable[..., Any]], Callable[..., Any]]: ...
    def of(self, function: Callable[..., Any]) -> Observation: ...


@dataclass(frozen=True)
class Seen:
    """A call.

    second   the second call on the same arguments, where there was one
    rounded  what the reference makes of the arguments in another precision
    """

    case: Call
    got: Observation
    want: Observation
    second: Observation | None = None
    rounded: Callable[[], Any] = field(default=lambda: None)

    @cached_property
    def agrees(self) -> bool:
        """Whether the result is right, or the error that was raised is."""
        got, want = self.got, self.want
        if got.raised or want.raised:
            fits = isinstance(got.error, ValueError) or type(got.error) is type(want.error)
            return got.raised and want.raised and fits
        return right(got.value, want.value, self.rounded)
