"""How answers are tested over many seeds. The tests stand in one file per two units, so that workers share them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from typing import Any

import pytest

from autograder.checks import question, questions
from autograder.marking import Case, FunctionQuestion, Outcome
from autograder.marking.calls import Observation

from .answers import Wrong
from .support import answers, solved

# A hundred seeds; a quarter of them in .ci/run, which has twenty minutes.
SEEDS = [str(seed) for seed in range(25 if os.environ.get("CI") == "true" else 100)]


def units(*names: str) -> pytest.MarkDecorator:
    """Parametrizes a test with these units."""
    return pytest.mark.parametrize("unit", names)


def wrong_answers(*names: str) -> pytest.MarkDecorator:
    """Parametrizes a test with the wrong answers to each question of these units."""
    wrongs = sorted((wrong for unit in names for wrong in answers(unit).WRONG), key=lambda wrong: wrong.question)
    groups = [list(group) for _, group in groupby(wrongs, key=lambda wrong: wrong.question)]
    return pytest.mark.parametrize("wrongs", [pytest.param(group, id=group[0].question) for group in groups])


def assert_full_with_every_seed(unit: str) -> None:
    """Every right answer to the unit's questions scores full, without an accusation."""
    for seed in SEEDS:
        with _one_seed(seed):
            for answer in answers(unit).RIGHT:
                names = {**solved(unit), **answer.names}
                for asked in questions(unit).values():
                    own = getattr(asked, "name", None)
                    # The other questions' answers are the solution's; they may call this one, so they are asked, but once.
                    if own is None or own in answer.names or seed == SEEDS[0]:
                        report = asked.mark(names, seed)
                        said = f"{answer.label}, seed {seed}: {report}"
                        assert (report.outcome, report.mistakes) == (Outcome.PASSED, ()), said


def assert_marked_and_diagnosed_with_every_seed(wrongs: Sequence[Wrong]) -> None:
    """Every one of the wrong answers to one question gets its share of the points, and its mistakes are named."""
    unit = wrongs[0].question.partition(".")[0]
    asked = question(wrongs[0].question)
    for seed in SEEDS:
        with _one_seed(seed):
            for answer in wrongs:
                report = asked.mark({**solved(unit), **answer.names}, seed)
                said = f"{answer.label}, seed {seed}: {report}"
                assert report.outcome in (Outcome.WRONG, Outcome.RAISED), said
                assert report.share == pytest.approx(answer.share), said
                assert sorted(m.name for m in report.mistakes) == sorted(answer.mistakes), said


@contextmanager
def _one_seed(seed: str) -> Iterator[None]:
    """Whoever answers, a seed decides the cases, and a case what our own functions make of it: made once for all answers."""
    draw, of = FunctionQuestion.drawn, Case.of
    cases: dict[str, Any] = {}
    results: dict[tuple[int, int], tuple[Case, Any, Observation]] = {}  # holds both, so that no identity comes back

    def drawn(asked: FunctionQuestion, seed: str) -> Any:
        if asked.id not in cases:
            cases[asked.id] = draw(asked, seed)
        return cases[asked.id]

    def of_once(case: Case, function: Any) -> Observation:
        key = id(case), id(function)
        if key not in results:
            results[key] = case, function, of(case, function)
        return results[key][2]

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(FunctionQuestion, "drawn", drawn)
        patched.setattr(Case, "of", of_once)
        yield
