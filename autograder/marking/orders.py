"""Questions answered by an order: a list of step names, which is run and judged by what comes out."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .compare import agrees, difference, kind_of
from .mistake import Mistake
from .question import Question
from .report import FacetResult, Outcome, Report
from .sequence import Computation, OrderRun


@dataclass(frozen=True)
class OrderFacet:
    """A part of an order that can be right on its own.

    title   what it is, printed in the report
    share   its share of the question's points
    earned  decides it, from the run and the right result
    """

    title: str
    share: float
    earned: Callable[[OrderRun, Any], bool]


@dataclass(frozen=True)
class Slip:
    """A mistake that an order can hold: `when` finds it in the names of the steps up to where the run ended."""

    mistake: Mistake
    when: Callable[[Sequence[str]], bool]


@dataclass(frozen=True)
class OrderQuestion(Question):
    """A question whose answer is a list of step names.

    Any order counts that gives the reference's numbers; there is no key. Slips only name what is wrong in an order
    that does not.

    name         the list's name in the notebook
    given        the list as it is handed out: not an answer yet
    computation  the steps that may stand in the list
    required     those that must, once each; the others may be left out
    result       what the steps make in the end, a name in the state
    reference    the right result, from what the steps start from
    symptoms     sentences on what the numbers of a run show
    """

    id: str
    title: str
    points: float
    read: str
    name: str
    given: tuple[str, ...]
    computation: Computation
    required: frozenset[str]
    result: str
    reference: Callable[..., Any]
    facets: tuple[OrderFacet, ...]
    slips: tuple[Slip, ...] = ()
    symptoms: Callable[[OrderRun], Sequence[str]] | None = None

    def shares(self) -> tuple[tuple[str, float], ...]:
        return tuple((f.title, f.share) for f in self.facets)

    def known_mistakes(self) -> tuple[Mistake, ...]:
        return tuple(slip.mistake for slip in self.slips)

    def mark(self, names: Mapping[str, Any], seed: str = "", points: float | None = None) -> Report:
        value = names.get(self.name)
        if value is None:
            return self.missing(points, self.name)
        if value is ... or _same_names(value, self.given):
            return self.untouched(
                points, f"`{self.name}` is as it was given. Change the list, run its cell, then this one."
            )
        order, faults = self._read(value)
        if order is None:
            nothing = tuple(FacetResult(title, share, False) for title, share in self.shares())
            return self.report(Outcome.WRONG, nothing, points, seen=tuple(faults))
        start = self.computation.start(self.rng(seed))
        run, want = self._run(order, start), self.reference(**start)
        results = tuple(FacetResult(f.title, f.share, f.earned(run, want)) for f in self.facets)
        if all(r.passed for r in results):
            return self.report(Outcome.PASSED, results, points)
        tried = order[: len(run.done) + bool(run.stopped)]
        return self.report(
            Outcome.WRONG,
            results,
            points,
            seen=(*faults, *self._seen(run, tried, want)),
            mistakes=tuple(slip.mistake for slip in self.slips if slip.when(tried)),
        )

    def _read(self, value: Any) -> tuple[list[str] | None, list[str]]:
        """The names in the list, None where they cannot be run, and what is wrong with the list as it stands."""
        if not isinstance(value, list | tuple):
            return None, [f"`{self.name}` should be a list of names; it is {kind_of(value)}."]
        strange = [item for item in value if not isinstance(item, str)]
        if strange:
            return None, [f"`{self.name}` should hold names only; it also holds {kind_of(strange[0])}."]
        order = [name.strip() for name in value]
        known = self.computation.names
        faults = [self._unknown(name) for name in dict.fromkeys(order) if name not in known]
        runs = not faults and len(order) <= 2 * len(known)
        for name in dict.fromkeys(order):
            places = [str(i) for i, other in enumerate(order, 1) if other == name]
            if len(places) > 1:
                faults.append(f"`{name}` is in the list {len(places)} times, in places {' and '.join(places[:4])}.")
        faults += [f"`{name}` is missing." for name in known if name in self.required - set(order)]
        return order if runs else None, faults[:4]

    def _unknown(self, name: str) -> str:
        said = f"There is no step `{name[:40]}`."
        known = self.computation.names
        run_on = next((first for first in known if name.startswith(first) and name[len(first) :] in known), None)
        if run_on is not None:
            return f"{said} Is a comma missing after `{run_on}`?"
        near = difflib.get_close_matches(name[:40], known, 1)
        return f"{said} Is it `{near[0]}`?" if near else said

    def _run(self, order: Sequence[str], start: Mapping[str, Any]) -> OrderRun:
        with np.errstate(all="ignore"):
            return self.computation.run(order, start)

    def _seen(self, run: OrderRun, tried: Sequence[str], want: Any) -> Sequence[str]:
        if run.stopped:
            return [f"`{tried[-1]}`, step {len(tried)}, {run.stopped}."]
        symptoms = self.symptoms(run) if self.symptoms is not None else ()
        if self.result not in run.state:
            return [*symptoms, f"No step makes the {self.result}."]
        result = run.state[self.result]
        return symptoms if agrees(result, want) else [*symptoms, f"The result: {difference(result, want)}"]


def result_agrees(result: str) -> Callable[[OrderRun, Any], bool]:
    """Whether a run came to its end with the right numbers under this name."""
    return lambda run, want: not run.stopped and agrees(run.state.get(result), want)


def _same_names(value: Any, given: Sequence[str]) -> bool:
    if not isinstance(value, list | tuple) or len(value) != len(given):
        return False
    return all(isinstance(name, str) and name.strip() == other for name, other in zip(value, given, strict=True))
