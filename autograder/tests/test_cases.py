"""A case calls a function directly or through another one, and results made of dicts are compared item by item."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograder.marking import Case, Facet, FunctionQuestion, Mistake, Wrong
from autograder.marking.compare import agrees, difference, kind_of
from autograder.mistakes.conduct import CONDUCT

ONES = np.ones((2, 3))


def _total_of_each(function: Any) -> Any:
    return lambda numbers: sum(function(n) for n in numbers)


def _question(**more: Any) -> FunctionQuestion:
    return FunctionQuestion(
        id="tiny.double",
        title="Double",
        points=1,
        read="",
        name="double",
        reference=lambda n: 2.0 * n,
        argnames=("n",),
        facets=(
            Facet("one number", 0.5, lambda rng: [Case((3.0,))]),
            Facet("several, one after the other", 0.5, lambda rng: [Case(([1.0, 2.0],), through=_total_of_each)]),
        ),
        **more,
    )


def test_a_case_through_another_function_compares_what_that_one_makes_of_it() -> None:
    assert _question().mark({"double": lambda n: n + n}).share == 1
    calls: list[float] = []
    late = _question().mark({"double": lambda n: calls.append(n) or (2 * n if len(calls) < 3 else 0)})
    assert [facet.passed for facet in late.facets] == [True, False]


def test_a_mistake_is_recognised_through_the_same_function() -> None:
    mistake = Mistake("no_doubling", "double", "The number comes back as it is.")
    question = _question(wrongs=lambda: [Wrong((mistake,), lambda n: n)])
    assert question.mark({"double": lambda n: 1.0 * n}).mistakes == (mistake,)
    assert question.mark({"double": lambda n: 3.0 * n}).mistakes == ()


def test_a_result_is_kept_as_it_was_when_the_function_returned() -> None:
    buffer = np.zeros(2)

    def kept(n: float) -> Any:
        buffer[:] += n
        return buffer

    question = FunctionQuestion(
        id="tiny.twice",
        title="Twice",
        points=1,
        read="",
        name="f",
        reference=lambda n: np.full(2, n),
        facets=(Facet("called twice", 1, lambda rng: [Case((3.0,), twice=CONDUCT)]),),
    )
    assert [m.name for m in question.mark({"f": kept}).mistakes] == ["keeps_state"]


@pytest.mark.parametrize(
    ("got", "same"),
    [
        ({"k": ONES, "v": 2 * ONES}, True),
        ({"v": 2 * ONES, "k": ONES.tolist()}, True),
        ({"k": ONES, "v": ONES}, False),
        ({"k": ONES}, False),
        ({"k": ONES, "v": 2 * ONES, "q": ONES}, False),
        ((ONES, 2 * ONES), False),
        (None, False),
    ],
)
def test_dicts_agree_key_by_key(got: object, same: bool) -> None:
    want = {"k": ONES, "v": 2 * ONES}
    assert agrees(got, want) is same
    assert agrees((ONES, got), (ONES, want)) is same


def test_a_difference_between_dicts_names_the_key() -> None:
    want = {"k": ONES, "v": ONES}
    assert difference({"k": ONES, "v": ONES[:1]}, want) == "'v': Expected shape (2, 3), got (1, 3)."
    assert difference({"k": ONES}, want) == "Expected a dict with keys 'k', 'v', got a dict with key 'k'."
    assert kind_of({"scale": True}) == "{'scale': True}"
