"""Questions answered by values: a number, a shape, a choice, or a table of them, marked entry by entry."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from .calls import Observation, observe
from .compare import kind_of
from .mistake import Mistake
from .question import Question
from .report import FacetResult, Outcome, Report

MISSING = object()


@dataclass(frozen=True)
class Entry:
    """One value that a learner fills in.

    title    what it is, printed in the report
    share    its share of the question's points
    where    the variable's name, and for a table its key: ``("shapes", "q")``
    answer   computes the right value
    mistakes pairs (wrong value, the mistake behind it); a wrong value may be a function that computes it
    given    what stands there before the learner has answered (``...`` always counts as that)
    same     decides whether two values are the same answer
    """

    title: str
    share: float
    where: tuple[str, ...]
    answer: Callable[[], Any]
    mistakes: tuple[tuple[Any, Mistake], ...] = ()
    given: Any = ...
    same: Callable[[Any, Any], bool] = field(default=lambda got, want: same_value(got, want))

    @property
    def label(self) -> str:
        return self.where[0] + "".join(f"[{key!r}]" for key in self.where[1:])

    def look_up(self, names: Mapping[str, Any]) -> Any:
        value: Any = names.get(self.where[0], MISSING)
        for key in self.where[1:]:
            value = value.get(key, MISSING) if isinstance(value, dict) else MISSING
        return value

    def untouched(self, value: Any) -> bool:
        return value is MISSING or value is ... or value is None or same_value(value, self.given)


@dataclass(frozen=True)
class ValueQuestion(Question):
    """A question whose answer is one or more values.

    distinct         no two entries have the same answer: a value given for several of them earns nothing
    until_attempted  what the report says until there is an answer, a sentence each
    """

    id: str
    title: str
    points: float
    read: str
    entries: tuple[Entry, ...]
    distinct: bool = False
    until_attempted: Callable[[], Sequence[str]] = tuple

    def shares(self) -> tuple[tuple[str, float], ...]:
        return tuple((e.title, e.share) for e in self.entries)

    def known_mistakes(self) -> tuple[Mistake, ...]:
        return tuple({m.name: m for e in self.entries for _, m in e.mistakes}.values())

    def mark(self, names: Mapping[str, Any], seed: str = "", points: float | None = None) -> Report:
        variables = dict.fromkeys(entry.where[0] for entry in self.entries)
        if not any(name in names for name in variables):
            return self.missing(points, *variables)
        values = [entry.look_up(names) for entry in self.entries]
        open_ = [entry.untouched(value) for entry, value in zip(self.entries, values, strict=True)]
        results, seen, mistakes = [], self._no_tables(names), {}
        if all(open_) and not seen:
            return self.untouched(points, *self.until_attempted())
        given = [value for value, untouched in zip(values, open_, strict=True) if not untouched]
        for entry, value, untouched in zip(self.entries, values, open_, strict=True):
            again = self.distinct and sum(same_value(value, other) for other in given) > 1
            right = not (untouched or again) and entry.same(value, entry.answer())
            results.append(FacetResult(entry.title, entry.share, right, "not attempted" if untouched else ""))
            if right or untouched:
                continue
            if again:
                seen.append(
                    f"`{entry.label}` is {kind_of(value)}, and so is another entry. Each answer belongs to one."
                )
                continue
            seen.append(f"`{entry.label}` is {kind_of(value)}.")
            found = next((m for wrong, m in entry.mistakes if entry.same(value, _value(wrong))), None)
            if found is not None:
                mistakes[found.name] = found
        outcome = Outcome.PASSED if all(r.passed for r in results) else Outcome.WRONG
        return self.report(outcome, tuple(results), points, seen=tuple(seen), mistakes=tuple(mistakes.values()))

    def _no_tables(self, names: Mapping[str, Any]) -> list[str]:
        """A sentence for each table of which the learner has made something else."""
        tables = {entry.where[0]: names.get(entry.where[0]) for entry in self.entries if len(entry.where) > 1}
        return [
            f"`{name}` should be a dictionary with the entries that were given; it is {kind_of(value)}."
            for name, value in tables.items()
            if value is not None and value is not ... and not isinstance(value, dict)
        ]


def _value(wrong: Any) -> Any:
    if not callable(wrong):
        return wrong
    made: Observation = observe(wrong, (), {})
    return MISSING if made.raised else made.value


def same_value(got: Any, want: Any) -> bool:
    """Whether two answers say the same: 64 and 64.0 and np.int64(64); [2, 3] and (2, 3); "B" and " b ".

    True is not 1, a number is not its text, and nothing else is converted.
    """
    if isinstance(want, bool | np.bool_) or isinstance(got, bool | np.bool_):
        return isinstance(got, bool | np.bool_) and isinstance(want, bool | np.bool_) and bool(got) == bool(want)
    if isinstance(want, int | float | np.number):
        if isinstance(got, np.ndarray) and got.shape == ():
            got = got[()]
        if not isinstance(got, int | float | np.number):
            return False
        whole = isinstance(want, int | np.integer)  # a count is right or wrong, however large it is
        return math.isclose(float(got), float(want), rel_tol=0 if whole else 1e-6, abs_tol=1e-6 if whole else 0)
    if isinstance(want, str):
        return isinstance(got, str) and got.strip().casefold() == want.strip().casefold()
    if isinstance(want, set | frozenset):
        if not isinstance(got, set | frozenset | list | tuple):
            return False
        return len(got) == len(want) and all(any(same_value(g, w) for g in got) for w in want)
    if isinstance(want, list | tuple):
        if isinstance(got, np.ndarray):
            got = got.tolist()
        return (
            isinstance(got, list | tuple)
            and len(got) == len(want)
            and all(same_value(g, w) for g, w in zip(got, want, strict=True))
        )
    if isinstance(want, dict):
        return isinstance(got, dict) and got.keys() == want.keys() and all(same_value(got[k], want[k]) for k in want)
    return got is want
