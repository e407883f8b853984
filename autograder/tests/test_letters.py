"""Shapes read as letters."""

from __future__ import annotations

import pytest

from autograder.marking.letters import axes_of, single, told

SIZES = {"B": 2, "H": 3, "T_q": 5, "T_k": 7, "d_model": 27, "d_k": 4, "d_v": 13}


@pytest.mark.parametrize(
    ("shape", "axes"),
    [
        ((2, 3, 5, 7), ("B", "H", "T_q", "T_k")),
        ((2, 15, 4), ("B", "H·T_q", "d_k")),
        ((6, 5, 4), ("B·H", "T_q", "d_k")),
        ((2, 5, 39), ("B", "T_q", "H·d_v")),
        ((3, 5, 9), ("H", "T_q", "d_model/H")),
        ((1, 11), ("1", "11")),
    ],
)
def test_a_shape_is_read_as_letters_products_and_numbers(shape: tuple[int, ...], axes: tuple[str, ...]) -> None:
    assert axes_of(shape, SIZES) == axes


def test_a_size_that_two_letters_have_stays_a_number() -> None:
    assert axes_of((5, 5), {"B": 5, "T": 5}) == ("5", "5")


def test_shape_and_letters_are_told_together() -> None:
    assert told((2, 15, 4), axes_of((2, 15, 4), SIZES)) == "(2, 15, 4) = (B, H·T_q, d_k)"
    assert told((11,), axes_of((11,), SIZES)) == "(11,)"


def test_single_letters_do_not_depend_on_order_or_folding() -> None:
    assert single(("B", "H·T_q", "1")) == single(("T_q", "B", "H"))
