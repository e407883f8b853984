"""What every question has, whatever its kind."""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from .mistake import Mistake
from .report import FacetResult, Outcome, Report


class Question(ABC):
    """A graded question.

    id      ``unit.name``, e.g. ``one_head.scores``
    title   what is checked, in a few words
    points  the default number of points; a gradebook may say otherwise
    read    lesson and section, e.g. ``one_head#scores``
    """

    id: str
    title: str
    points: float
    read: str

    @abstractmethod
    def shares(self) -> tuple[tuple[str, float], ...]:
        """The facets: title and share of the points each; the shares add up to 1."""

    @abstractmethod
    def known_mistakes(self) -> tuple[Mistake, ...]:
        """The mistakes this question can name."""

    @abstractmethod
    def mark(self, names: Mapping[str, Any], seed: str = "", points: float | None = None) -> Report:
        """Mark what stands under the learner's names.

        names   the learner's functions and values by name (a notebook's globals, or stand-ins that call elsewhere)
        seed    decides the inputs drawn; the same seed gives the same report
        points  the points of the cell, where a gradebook says something other than the default
        """

    def mistakes_in(self, names: Mapping[str, Any], seed: str = "") -> tuple[Mistake, ...]:
        """The named mistakes in an answer: what is charged here and not again in a question that builds on it."""
        return self.mark(names, seed).mistakes

    def rng(self, seed: str, part: str = "") -> np.random.Generator:
        """A generator of its own for each question and part, so that no question's inputs depend on another's."""
        digest = hashlib.sha256(f"{seed}|{self.id}|{part}".encode()).digest()
        return np.random.default_rng(int.from_bytes(digest[:16], "big"))

    def report(self, outcome: Outcome, facets: tuple[FacetResult, ...], points: float | None, **more: Any) -> Report:
        return Report(
            self.id, self.title, outcome, self.points if points is None else points, facets, read=self.read, **more
        )

    def untouched(self, points: float | None, *seen: str) -> Report:
        """The report of a question that was not attempted."""
        facets = tuple(FacetResult(title, share, False) for title, share in self.shares())
        return self.report(Outcome.NOT_ATTEMPTED, facets, points, seen=seen)

    def missing(self, points: float | None, *names: str) -> Report:
        """The report of a question whose names do not exist: their cells have not run, or came to an error."""
        quoted = [f"`{name}`" for name in names]
        which = " and ".join(filter(None, [", ".join(quoted[:-1]), quoted[-1]]))
        one = len(names) == 1
        said = (
            f"{which} {'does' if one else 'do'} not exist yet. Run the {'cell' if one else 'cells'} that should define "
            f"{'it' if one else 'them'}. If you see an error there, correct that first."
        )
        return replace(self.untouched(points, said), missing=names)
