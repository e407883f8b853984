"""Right numbers in another form are told as such, and wrong ones never."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograder.checks import question
from autograder.marking.calls import Observation
from autograder.marking.cases import Case
from autograder.marking.nearly import nearly
from autograder.marking.seen import Seen

from .support import solved

WANTS = [np.random.default_rng(i).standard_normal((2, 3 + i, 4)) for i in range(3)]


def _named(make: Callable[[Any], Any], wants: Any = None) -> str:
    seen = [Seen(Case(()), Observation(make(want)), Observation(want)) for want in wants or WANTS]
    found = nearly(seen)
    return found.name if found else ""


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (lambda want: (want, want + 1), "result_beside_others"),
        (lambda want: {"output": want, "weights": 0}, "result_beside_others"),
        (lambda want: want.swapaxes(-1, -2), "axes_in_another_order"),
        (lambda want: want.reshape(-1, 4), "numbers_in_another_shape"),
        (lambda want: want[None], "numbers_in_another_shape"),
        (lambda want: -want, "wrong_sign"),
        (lambda want: want / 1000, "constant_factor"),
    ],
)
def test_each_form_has_its_name(make: Callable[[Any], Any], name: str) -> None:
    assert _named(make) == name


@pytest.mark.parametrize(
    "make",
    [
        lambda want: want + 1,
        lambda want: want * want.shape[1],
        lambda want: np.zeros_like(want),
        lambda want: want[..., ::-1],
        lambda want: (want + 1, want + 2),
        lambda want: np.full_like(want, np.nan),
        lambda want: "text",
    ],
)
def test_other_numbers_have_no_form(make: Callable[[Any], Any]) -> None:
    assert _named(make) == ""


def test_a_form_holds_in_every_case() -> None:
    assert _named(lambda want: want.swapaxes(-1, -2) if want.shape[1] > 3 else want + 1) == ""


def test_results_in_a_dict_are_named() -> None:
    wants = [(want, want + 1) for want in WANTS]
    assert _named(lambda want: {"a": want[0], "b": want[1]}, wants) == "results_in_a_dict"


def test_a_head_that_returns_its_weights_too_is_told_so() -> None:
    names = solved("one_head")
    right = names["attention_head"]
    names["attention_head"] = lambda *args: (right(*args), 0)
    report = question("one_head.head").mark(names)
    assert [m.name for m in report.mistakes] == ["result_beside_others"]
    assert report.marks == 0
