"""A mistake that people make: its name, what a good teacher would say, and what shows it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Mistake:
    """A named mistake.

    name      stable identifier, e.g. ``no_scale``
    stage     the stage of the computation it belongs to, e.g. ``scale``
    says      one or two sentences to the learner: what happens and what it does to the numbers, not the corrected line
    replaces  wrong functions by the name of the stage that each takes the place of, so that a later assembly can carry
              the mistake (may be empty)
    """

    name: str
    stage: str
    says: str
    replaces: Mapping[str, Callable[..., Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class Wrong:
    """A mistake made concrete for one question: a function with the signature that the learner was asked for."""

    mistakes: tuple[Mistake, ...]
    function: Callable[..., Any]


@dataclass(frozen=True)
class Conduct:
    """The mistakes that a second call on the same arguments can show, whatever the right result is.

    input_changed  a call changes an argument that it was given
    keeps_state    the second call gives another result than the first
    """

    input_changed: Mistake
    keeps_state: Mistake
