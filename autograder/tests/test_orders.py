"""Orders of steps: every order that gives the right numbers passes, and what is wrong with any other is told."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise, permutations
from typing import Any

import numpy as np
import pytest

from autograder import show_steps, show_swap
from autograder.checks import question
from autograder.checks.order_the_steps import STAYS, drawn_swaps
from autograder.checks.steps import AFTER_HEADS, CAUSAL_HEAD, HEAD
from autograder.marking import Computation, OrderQuestion, Outcome

QUESTIONS = [
    pytest.param(question("order_the_steps.head_order"), 12, id="seven steps"),
    pytest.param(question("causal_head.order"), 28, id="eight steps"),
]
RIGHT = ["project_q", "project_k", "project_v", "scores", "scale", "softmax", "mix"]


def _run(order: list[str]) -> Any:
    return question("order_the_steps.head_order").mark({"head_steps": order})


def _that_run(computation: Computation) -> Iterator[tuple[str, ...]]:
    """All orders in which no step lacks anything."""
    start = computation.start(np.random.default_rng(0))
    with np.errstate(all="ignore"):
        for order in permutations(computation.names):
            if order.index("scores") > 1 and not computation.run(order, start).stopped:
                yield order


@pytest.mark.parametrize(("asked", "count"), QUESTIONS)
def test_exactly_the_orders_that_compute_the_head_pass(asked: OrderQuestion, count: int) -> None:
    passed = 0
    for order in _that_run(asked.computation):
        report = asked.mark({asked.name: list(order)})
        if report.outcome is Outcome.PASSED:
            passed += 1
            assert report.mistakes == (), order
        else:
            assert report.mistakes, order
            assert len(report.seen) >= 2, order  # a symptom, and how the result differs
            assert 0 < report.share < 1, order
    assert passed == count


@pytest.mark.parametrize(("asked", "count"), QUESTIONS)
def test_the_list_as_given_is_no_answer(asked: OrderQuestion, count: int) -> None:
    for value in (list(asked.given), asked.given, ..., None):
        assert asked.mark({asked.name: value}).outcome is Outcome.NOT_ATTEMPTED
    assert asked.mark({}).outcome is Outcome.NOT_ATTEMPTED
    start = asked.computation.start(np.random.default_rng(0))
    assert asked.computation.run(asked.given, start).stopped


@pytest.mark.parametrize(
    ("order", "said"),
    [
        (["scale", *RIGHT[:4], *RIGHT[5:]], "`scale`, step 1, needs the matrix of scores, which no step before it makes."),
        ([*RIGHT[:1], "scores", *RIGHT[1:3], *RIGHT[4:]], "`scores`, step 2, needs the keys k"),
        ([*RIGHT[:2], *RIGHT[3:], "project_v"], "`mix`, step 6, needs the values v"),
        ([*RIGHT, "mix"], "`mix` is in the list 2 times, in places 7 and 8."),
        (RIGHT[:-1], "`mix` is missing."),
        ([*RIGHT[:-1], "mixx"], "There is no step `mixx`. Is it `mix`?"),
        ([*RIGHT[:4], "scalesoftmax", "mix"], "There is no step `scalesoftmax`. Is a comma missing after `scale`?"),
        ([*RIGHT, 3], "it also holds 3."),
        ("softmax", "should be a list of names; it is 'softmax'."),
        ({"softmax": 1}, "should be a list of names"),
        ([*RIGHT[:4], "softmax", "scale", "mix"], "sums to 0.5, which is 1/sqrt(d_k)."),
        ([*RIGHT[:4], "scale", "mix", "softmax"], "`softmax` changes the matrix after `mix` has taken it"),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_place(order: Any, said: str) -> None:
    report = _run(order)
    assert report.outcome is Outcome.WRONG
    assert said in " ".join(report.seen)


def test_a_very_long_list_is_told_in_a_few_sentences() -> None:
    assert len(_run(["softmax"] * 10_000).seen) <= 4
    assert len(_run([f"step {i}" for i in range(1000)]).seen) <= 4


@pytest.mark.parametrize("computation", [HEAD, CAUSAL_HEAD, AFTER_HEADS])
def test_steps_leave_what_they_start_from_as_it_is(computation: Computation) -> None:
    start = computation.start(np.random.default_rng(0))
    before = {name: value.copy() for name, value in start.items()}
    for step in computation.names:
        computation.run([*RIGHT[:3], "scores", step] if computation is not AFTER_HEADS else [step], start)
    for name, value in before.items():
        np.testing.assert_array_equal(start[name], value)


def test_show_steps_shows_the_shapes_and_where_it_stops(capsys: pytest.CaptureFixture[str]) -> None:
    show_steps([*RIGHT[:2], "scores", "softmax", "scale", "mix"])
    shown = capsys.readouterr().out
    assert "matrix (5, 5)" in shown
    assert "0.5" in shown.split("scale", 1)[1]
    assert shown.rstrip().endswith("Stops at step 6: mix needs the values v, which no step before it makes.")


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        (RIGHT, "All of them run. First row of the output:"),
        (["concatenate", "multiply_by_w_o"], "result (5, 10)"),
        (["multiply_by_w_o"], "meets rows of width 6, and w_o (18, 10) has 18 rows"),
        (["scores", "concatenate"], "show them in two lists"),
        (["sofmax"], "There is no step 'sofmax'. The steps are: project_q"),
        ([], "There is no step in the list."),
        ("softmax", "needs a list of names"),
        ([1, 2], "needs a list of names"),
        (None, "needs a list of names"),
    ],
)
def test_show_steps_says_what_it_cannot_show(steps: Any, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    show_steps(steps)
    assert said in capsys.readouterr().out


def test_the_swaps_that_keep_the_output_when_run_are_the_answers(capsys: pytest.CaptureFixture[str]) -> None:
    for (step, following), kept in STAYS.items():
        show_swap(step, following)
        assert ("stays the same" in capsys.readouterr().out) is kept


def test_all_pairs_that_can_be_neighbours_are_asked_and_a_learner_gets_eight_of_them() -> None:
    right = [order for order in _that_run(HEAD) if _run(list(order)).outcome is Outcome.PASSED]
    assert {frozenset(pair) for order in right for pair in pairwise(order)} == {frozenset(pair) for pair in STAYS}
    for own in range(50):
        drawn = drawn_swaps(own)
        assert "".join(drawn) == "ABCDEFGH"
        assert len(set(drawn.values())) == 8
        assert 3 <= sum(STAYS[pair] for pair in drawn.values()) <= 5


@pytest.mark.parametrize(
    ("pair", "said"),
    [
        (("mask", "scale"), "the output stays the same."),
        (("mask", "softmax"), "the output changes, to numbers that are infinite or NaN."),
        (("scale", "softmax"), "the output changes, by up to"),
        (("project_q", "mix"), "not neighbours in any order that works"),
        (("scale", "scale"), "needs the names of two steps"),
        (("scale", 3), "needs the names of two steps"),
    ],
)
def test_show_swap_tells_what_becomes_of_the_output(
    pair: tuple[Any, Any], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    show_swap(*pair)
    assert said in capsys.readouterr().out
