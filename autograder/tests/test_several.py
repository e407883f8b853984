"""Questions on several functions at once, answers used once each, and functions that are handed out to be repaired."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograder.marking import (
    Case,
    Entry,
    Facet,
    FunctionQuestion,
    Mistake,
    Outcome,
    SeveralFunctions,
    ValueQuestion,
    Wrong,
)

NEGATED = Mistake("negated", "sign", "The sign is turned round.")


def _question(name: str, factor: float, **more: Any) -> FunctionQuestion:
    return FunctionQuestion(
        id=f"tiny.{name}",
        title=name,
        points=1,
        read="tiny",
        name=name,
        reference=lambda x: factor * x,
        facets=(Facet("numbers", 1, lambda rng: [Case((rng.standard_normal(3),))]),),
        wrongs=lambda: (Wrong((NEGATED,), lambda x: -factor * x),),
        **more,
    )


BOTH = SeveralFunctions(
    "tiny.both", "Two functions", 2, "tiny", ((_question("double", 2), 0.6), (_question("halve", 0.5), 0.4))
)


def _unwritten(x: Any) -> Any:
    raise NotImplementedError("write me")


@pytest.mark.parametrize(
    ("double", "halve", "outcome", "marks", "mistakes"),
    [
        (lambda x: x + x, lambda x: x / 2, Outcome.PASSED, 2.0, []),
        (_unwritten, _unwritten, Outcome.NOT_ATTEMPTED, 0.0, []),
        (lambda x: x + x, _unwritten, Outcome.WRONG, 1.2, []),
        (lambda x: -2 * x, lambda x: x / 2, Outcome.WRONG, 0.8, ["negated"]),
        (lambda x: -2 * x, lambda x: [][0], Outcome.WRONG, 0.0, ["negated"]),
        (lambda x: [][0], lambda x: x / 2, Outcome.RAISED, 0.8, []),
    ],
    ids=["right", "untouched", "one missing", "one wrong", "both wrong", "one raises"],
)
def test_each_function_earns_its_share(
    double: Any, halve: Any, outcome: Outcome, marks: float, mistakes: list[str]
) -> None:
    report = BOTH.mark({"double": double, "halve": halve})
    assert (report.outcome, report.marks) == (outcome, marks), str(report)
    assert [m.name for m in report.mistakes] == mistakes
    assert [f.title for f in report.facets] == ["`double`", "`halve`"]


def test_the_report_says_which_function_was_wrong_and_keeps_still_about_a_missing_one() -> None:
    report = BOTH.mark({"double": lambda x: x, "halve": _unwritten})
    assert all(line.startswith("`double`: ") for line in report.seen)
    assert [f.note for f in report.facets] == ["", "not attempted"]


PLACES = ValueQuestion(
    "tiny.places",
    "Places",
    2,
    "tiny",
    tuple(
        Entry(name, 0.5, ("places", name), lambda place=place: place) for place, name in enumerate(["left", "right"])
    ),
    distinct=True,
    until_attempted=lambda: ("There are two.",),
)


@pytest.mark.parametrize(
    ("places", "share"), [((0, 1), 1), ((0, 0), 0), ((0, ...), 0.5), ((1, 0), 0), ((0, 0.0), 0), ((0, 2), 0.5)]
)
def test_an_answer_given_twice_earns_nothing(places: tuple[Any, Any], share: float) -> None:
    assert PLACES.mark({"places": dict(zip(("left", "right"), places, strict=True))}).share == share


def test_until_there_is_an_answer_the_report_says_what_there_is_to_see() -> None:
    report = PLACES.mark({"places": {"left": ..., "right": ...}})
    assert (report.outcome, report.seen) == (Outcome.NOT_ATTEMPTED, ("There are two.",))


REPAIR = _question("repair", 3, given=lambda x: np.abs(x), until_attempted=lambda: ("It has no sign.",))


def test_a_function_that_still_does_what_it_was_given_to_do_is_not_attempted() -> None:
    report = REPAIR.mark({"repair": lambda x: np.sqrt(x * x)})
    assert (report.outcome, report.marks, report.mistakes) == (Outcome.NOT_ATTEMPTED, 0.0, ())
    assert report.seen == ("`repair` still does what it did when it was handed out.", "It has no sign.")


def test_a_repair_that_changes_something_is_an_attempt() -> None:
    report = REPAIR.mark({"repair": lambda x: -3 * x})
    assert (report.outcome, [m.name for m in report.mistakes]) == (Outcome.WRONG, ["negated"])
    assert REPAIR.mark({"repair": lambda x: 3 * x}).outcome is Outcome.PASSED
