"""Mistakes of conduct: what a function does beside its result. They show without a wrong function to compare with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .compare import agrees, identical
from .mistake import Mistake
from .seen import Seen

INPUT_CHANGED = Mistake(
    "input_changed",
    "conduct",
    "The function changes an argument it was given, so whoever called it finds other numbers afterwards. "
    "Operators such as `/=`, and assignments into a slice or under a key, write into the argument itself.",
)
KEEPS_STATE = Mistake(
    "keeps_state",
    "conduct",
    "The same call gives another result the second time: something is kept between calls, such as a buffer, a cached "
    "mask or a random number.",
)


@dataclass(frozen=True)
class Behaviour:
    mistake: Mistake
    changed: tuple[str, ...] = ()

    def seen(self, argnames: Sequence[str]) -> str:
        if not self.changed:
            return "a second call with the same arguments gave another result."
        names = [argnames[int(c)] if c.isdigit() and int(c) < len(argnames) else c for c in self.changed]
        return f"after the call, {' and '.join(f'`{n}`' for n in names)} held other numbers than before."


def conduct(seen: Seen) -> Behaviour | None:
    """The mistake of conduct that a case called twice shows, if any."""
    if seen.second is None:
        return None
    changed = seen.got.changed or seen.second.changed
    if changed:
        return Behaviour(INPUT_CHANGED, changed)
    if seen.got.raised != seen.second.raised:
        return Behaviour(KEEPS_STATE)
    if seen.got.raised or agrees(seen.second.value, seen.got.value) or identical(seen.got.value, seen.second.value):
        return None
    return Behaviour(KEEPS_STATE)
