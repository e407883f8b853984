"""One case as it went: the call, what came back, and what should have."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from .calls import Observation
from .mistake import Conduct


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


@dataclass(frozen=True)
class Seen:
    case: Call
    got: Observation
    want: Observation
    second: Observation | None = None
