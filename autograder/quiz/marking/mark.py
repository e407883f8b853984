"""What marking says: how much of a question is right, and which sentences of the bank apply."""

from __future__ import annotations

from dataclasses import dataclass

Note = tuple[str, int]
"""Which sentence applies, and to which part: ("why", 2) is the sentence of the third choice. See sentences.py."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A score between 0 and 1 with notes; `readable` is False where the answer must be given again and does not count."""

    score: float
    notes: tuple[Note, ...] = ()
    readable: bool = True

    @property
    def verdict(self) -> str:
        """One of "right", "partly", "wrong" and "unreadable"."""
        if not self.readable:
            return "unreadable"
        return "right" if self.score == 1 else "partly" if self.score > 0 else "wrong"


UNREADABLE = Mark(0.0, (("unreadable", 0),), readable=False)
