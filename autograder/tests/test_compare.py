"""What counts as the right answer, and how a difference is told."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.marking.compare import agrees, difference, identical, kind_of
from autograder.marking.values import same_value

WANT = np.arange(6.0).reshape(2, 3) / 7


@pytest.mark.parametrize(
    "got",
    [WANT.copy(), WANT.tolist(), WANT.astype(np.float32), WANT + 5e-5, WANT[::1], tuple(map(tuple, WANT))],
    ids=["array", "list", "float32", "rounding", "view", "tuples"],
)
def test_the_same_numbers_in_another_form_agree(got: object) -> None:
    assert agrees(got, WANT)


@pytest.mark.parametrize(
    "got",
    [
        WANT + 0.01,
        WANT.T,
        WANT[None],
        WANT[:1],
        np.full_like(WANT, np.nan),
        WANT.astype(str),
        None,
        "numbers",
        [[1], [2, 3]],
    ],
    ids=["values", "transposed", "axis", "fewer rows", "nan", "text array", "none", "text", "ragged"],
)
def test_other_numbers_shapes_and_kinds_do_not_agree(got: object) -> None:
    assert not agrees(got, WANT)


def test_a_shape_that_broadcasts_is_not_the_right_shape() -> None:
    assert not agrees(np.ones((1, 4)), np.ones((3, 4)))
    assert not agrees(np.empty((0, 5, 4)), np.ones((1, 5, 4)))


def test_a_masked_array_and_an_object_that_equals_everything_do_not_agree() -> None:
    class EqualToAll:
        def __eq__(self, other: object) -> bool:
            return True

    assert not agrees(EqualToAll(), WANT)
    assert not agrees(np.ma.masked_all(WANT.shape), WANT)
    assert not agrees(EqualToAll(), 3)


def test_nan_agrees_with_nan_at_the_same_place_only() -> None:
    holes = WANT.copy()
    holes[0, 1] = np.nan
    assert agrees(holes.copy(), holes)
    assert not agrees(np.roll(holes, 1), holes)


def test_several_results_may_come_as_a_list() -> None:
    assert agrees([WANT, WANT[0]], (WANT, WANT[0]))
    assert not agrees((WANT,), (WANT, WANT[0]))


@pytest.mark.parametrize(
    ("got", "said"),
    [
        (None, "return"),
        (WANT.T, "shape (2, 3), got (3, 2)"),
        (np.full_like(WANT, np.inf), "6 of 6 values are NaN or infinite"),
        (WANT + np.eye(2, 3), "2 of 6 values differ, most at (0, 0): 1 where 0"),
        ("text", "'text'"),
    ],
)
def test_a_difference_names_the_first_thing_that_is_wrong(got: object, said: str) -> None:
    assert said in difference(got, WANT)


def test_a_difference_among_several_results_says_which() -> None:
    assert difference((WANT, WANT + 1), (WANT, WANT)).startswith("Result 2 of 2")


def test_an_argument_is_identical_only_with_its_values_and_its_dtype() -> None:
    assert identical([WANT, None, 3], [WANT.copy(), None, 3])
    assert not identical(WANT, WANT + 1e-9)
    assert not identical(WANT, WANT.astype(np.float32))


def test_kinds_are_told_in_plain_words() -> None:
    assert kind_of(np.ones((2, 3))) == "an array of shape (2, 3)"
    assert kind_of(np.float64(0.5)) == "0.5"
    assert kind_of([WANT, WANT]) == "a list of 2"
    assert kind_of(list(range(9))) == "a list of 9"
    assert kind_of((np.int64(2), 3)) == "(2, 3)"


@pytest.mark.parametrize("got", [64, 64.0, np.int32(64), np.array(64)])
def test_a_whole_number_agrees_whatever_its_type(got: object) -> None:
    assert agrees(got, 64)


def test_whole_numbers_agree_exactly_or_not_at_all() -> None:
    assert agrees(2359296.0, 2359296)
    assert not agrees(2359297, 2359296)
    assert not agrees(64.0001, 64)


def test_a_row_of_sizes_may_come_as_any_row() -> None:
    for got in ((18, 10), [18, 10], np.array([18, 10])):
        assert agrees(got, (18, 10))
    for got in ((10, 18), (18,), (18, 10, 1), 18, "18, 10"):
        assert not agrees(got, (18, 10))


def test_a_difference_between_numbers_or_sizes_shows_both() -> None:
    assert difference(6.4, 64) == "Expected 64, got 6.4."
    assert difference((10, 18), (18, 10)) == "Expected (18, 10), got (10, 18)."
    assert difference(None, 64).startswith("Expected 64, got None")


@pytest.mark.parametrize(
    ("got", "want"),
    [
        (64, 64),
        (64.0, 64),
        (2.359296e6, 2359296),
        (6.4000001, 6.4),
        (np.int64(64), 64),
        ((2, 3), [2, 3]),
        (np.array([2, 3]), (2, 3)),
        (" B ", "b"),
        ({"a", "b"}, {"b", "a"}),
        (True, True),
    ],
)
def test_values_that_say_the_same_are_the_same(got: object, want: object) -> None:
    assert same_value(got, want)


@pytest.mark.parametrize(
    ("got", "want"),
    [
        (True, 1),
        (1, True),
        ("64", 64),
        (63.9, 64),
        (2359297, 2359296),
        ((2, 3, 1), (2, 3)),
        (None, 0),
        ({"a"}, {"a", "b"}),
        ({"k": 1}, {"k": 2}),
        (float("nan"), 1),
    ],
)
def test_values_that_say_something_else_are_not(got: object, want: object) -> None:
    assert not same_value(got, want)


@pytest.mark.parametrize(
    "got", [[range(10**12)], [1.0] * 1000 + ["x" * 10**6], [[1.0], range(3)]], ids=["range", "text", "mixed"]
)
def test_what_is_no_number_is_not_written_out_to_see_that_it_is_none(got: object) -> None:
    assert not agrees(got, WANT)
    assert "Expected an array of shape (2, 3), got a list of" in difference(got, WANT)


def test_what_python_does_not_write_is_told_in_words() -> None:
    for value in (10**6000, [10**6000, 1], {"a": 10**6000}, {10**6000: 1}):
        assert "cannot be shown" in kind_of(value)


def test_a_list_that_contains_itself_is_no_array() -> None:
    got: list[object] = []
    got.append(got)
    assert not agrees(got, WANT)
