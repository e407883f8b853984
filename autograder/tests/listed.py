"""The mistakes that the catalogue lists, alone and in pairs, as answers: how many of them get a name."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from autograder.checks import questions
from autograder.course import read
from autograder.marking import FunctionQuestion, Outcome, SeveralFunctions, Wrong
from autograder.marking.calls import silence

from .support import solved


def functions() -> Iterator[tuple[FunctionQuestion, Mapping[str, Any]]]:
    """Every question that is answered by a function, with the names of its notebook, solved."""
    for unit in read().units:
        for asked in questions(unit.short).values():
            parts = [part for part, _ in asked.parts] if isinstance(asked, SeveralFunctions) else [asked]
            yield from ((part, solved(unit.short)) for part in parts if isinstance(part, FunctionQuestion))


def named(asked: FunctionQuestion, names: Mapping[str, Any], pairs: int) -> Counter[str]:
    """Of the question's single mistakes, and of some of its pairs: how many give wrong numbers, and how many get a name.

    A mistake that only raises errors is explained and not named; one that the question cannot show is none there.
    """
    wrongs = list(asked.wrongs())
    single = [wrong for wrong in wrongs if len(wrong.mistakes) == 1]
    double = [wrong for wrong in wrongs if len(wrong.mistakes) == 2]
    found: Counter[str] = Counter()
    for kind, some in (("single", single), ("pair", random.Random(0).sample(double, min(pairs, len(double))))):
        for wrong in some:
            report = _answered(asked, names, wrong)
            if report.outcome is Outcome.WRONG:
                found[kind] += 1
                found[f"{kind} named"] += bool(report.mistakes)
    return found


def _answered(asked: FunctionQuestion, names: Mapping[str, Any], wrong: Wrong) -> Any:
    with silence():
        return asked.mark({**names, asked.name: wrong.function})
