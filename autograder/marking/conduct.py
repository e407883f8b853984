"""What a function does beside its result. It shows when a case is called twice, without a wrong function to compare with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .compare import agrees, identical
from .mistake import Mistake
from .seen import Seen


@dataclass(frozen=True)
class Behaviour:
    """A mistake of conduct that was seen, and the names or positions of the arguments that were changed."""

    mistake: Mistake
    changed: tuple[str, ...] = ()

    def seen(self, argnames: Sequence[str]) -> str:
        """The end of a sentence on what was seen."""
        if not self.changed:
            return "a second call with the same arguments gave another result."
        names = [argnames[int(c)] if c.isdigit() and int(c) < len(argnames) else c for c in self.changed]
        return f"after the call, {' and '.join(f'`{n}`' for n in names)} held other numbers than before."


def conduct(seen: Seen) -> Behaviour | None:
    """The mistake of conduct that a case called twice shows, if any."""
    known = seen.case.twice
    if seen.second is None or known is None:
        return None
    changed = seen.got.changed or seen.second.changed
    if changed:
        return Behaviour(known.input_changed, changed)
    if seen.got.raised != seen.second.raised:
        return Behaviour(known.keeps_state)
    if seen.got.raised or agrees(seen.second.value, seen.got.value) or identical(seen.got.value, seen.second.value):
        return None
    return Behaviour(known.keeps_state)
