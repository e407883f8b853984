"""How far a right result may be off, and that it may be no further."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograder.checks import question
from autograder.marking import Report
from autograder.marking.rounding import finely, in_other_precision, off_by, right

from .support import solved

WANT = np.linspace(-1, 3, 12).reshape(3, 4)


def _rounded() -> Any:
    return WANT.astype(np.float32)


@pytest.mark.parametrize("got", [WANT, WANT + 1e-12, WANT.astype(np.float32), WANT.tolist()])
def test_rounding_leaves_a_result_right(got: Any) -> None:
    assert right(got, WANT, _rounded)


@pytest.mark.parametrize("off", [1e-5, 1e-4])
def test_what_is_off_by_more_than_rounding_is_not_right(off: float) -> None:
    assert not right(WANT + off, WANT, _rounded)


def test_float32_is_as_far_off_as_large_scores_bring_it() -> None:
    assert right((WANT + 5e-5).astype(np.float32), WANT, _rounded)
    assert right((WANT + 5e-5).astype(np.float32).astype(float), WANT, _rounded)
    assert not right((WANT + 1e-2).astype(np.float32), WANT, _rounded)


def test_the_other_precision_is_asked_for_only_where_it_counts() -> None:
    assert right(WANT, WANT, lambda: pytest.fail("asked for"))
    assert not right(WANT + 1, WANT, lambda: pytest.fail("asked for"))


def test_several_results_are_right_where_each_is() -> None:
    want = {"k": WANT, "v": 100 * WANT}
    rounded = {name: array.astype(np.float32) for name, array in want.items()}
    assert right({"v": 100 * WANT, "k": WANT}, want, lambda: rounded)
    assert not right({"v": 100 * WANT, "k": WANT + 1e-5}, want, lambda: rounded)


def test_whole_numbers_and_texts_have_no_rounding() -> None:
    assert right(np.arange(3), np.arange(3), lambda: pytest.fail("asked for"))
    assert right("yes", "yes", lambda: pytest.fail("asked for"))


def test_a_computation_that_float32_cannot_hold_is_judged_by_float64_alone() -> None:
    assert right(WANT + 1e-5, WANT, lambda: np.full_like(WANT, np.inf))


def test_results_that_differ_in_the_last_digits_are_told_apart() -> None:
    assert finely(WANT + 1e-9, WANT)
    assert not finely(WANT + 1e-6, WANT)
    assert off_by(WANT + 1e-6, WANT) == pytest.approx(1e-6)


def test_arguments_change_their_precision_and_nothing_else() -> None:
    (x, n), kwargs = in_other_precision(((WANT, 3), {"mask": np.ones(2, dtype=bool), "ids": np.arange(2)}))
    assert (x.dtype, n, kwargs["mask"].dtype, kwargs["ids"].dtype) == (np.float32, 3, np.bool_, np.float32)
    assert in_other_precision(WANT.astype(np.float32)).dtype == np.float64


def _softmax(epsilon: float = 0.0, low: float = -np.inf, dtype: Any = None) -> Callable[[Any], Any]:
    def softmax(scores: Any) -> Any:
        scores = scores.astype(dtype or scores.dtype)
        exps = np.exp(np.maximum(scores - scores.max(axis=-1, keepdims=True), low))
        return exps / (exps.sum(axis=-1, keepdims=True) + epsilon)

    return softmax


def _report(seed: int = 0, **kinds: Any) -> Report:
    names = {**solved("one_head"), "softmax": _softmax(**kinds)}
    return question("one_head.softmax").mark(names, str(seed))


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("kinds", [{}, {"dtype": np.float32}, {"epsilon": 1e-9}, {"low": -40.0}])
def test_right_in_either_precision_and_with_what_no_digit_shows(kinds: dict[str, Any], seed: int) -> None:
    assert _report(seed, **kinds).outcome == "passed"


@pytest.mark.parametrize(
    ("kinds", "mistake"), [({"epsilon": 1e-5}, "epsilon_in_the_sum"), ({"low": -10.0}, "exponent_clipped")]
)
def test_nearly_right_is_not_right_and_has_its_name(kinds: dict[str, Any], mistake: str) -> None:
    report = _report(**kinds)
    assert report.outcome == "wrong"
    assert [m.name for m in report.mistakes] == [mistake]
    assert report.first_wrong == "weights"
    assert "nearly right" in report.seen[0]
