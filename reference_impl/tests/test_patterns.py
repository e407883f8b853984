"""The scores of heads, on weights made to be one thing or another."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

import reference_impl as mha


def shifted(t: int, back: int) -> np.ndarray:
    """A head that gives all its weight to the token `back` places before, and to the first where there is none."""
    weights = np.zeros((t, t))
    weights[np.arange(t), np.maximum(np.arange(t) - back, 0)] = 1
    return weights


def uniform(t: int) -> np.ndarray:
    return np.tri(t) / np.arange(1, t + 1)[:, None]


def test_each_score_is_one_for_its_own_pattern_and_zero_for_the_others() -> None:
    first = np.zeros((9, 9))
    first[:, 0] = 1
    weights = np.stack([shifted(9, 1), shifted(9, 3), shifted(9, 0), first])  # (4, 9, 9)
    assert_allclose(mha.previous_token_score(weights), [1, 1 / 8, 0, 1 / 8])  # the second has no token but the first
    assert_allclose(mha.induction_score(weights, 4), [0, 1, 0, 0])
    assert_allclose(mha.own_token_score(weights), [0, 0, 1, 0])
    assert_allclose(mha.first_token_score(weights), [1 / 8, 3 / 8, 0, 1])


def test_a_head_that_looks_everywhere_alike_scores_as_much_as_its_average_weight() -> None:
    weights = uniform(5)[None]
    assert_allclose(mha.previous_token_score(weights), np.mean([1 / 2, 1 / 3, 1 / 4, 1 / 5]))
    assert_allclose(mha.induction_score(weights, 2), np.mean([1 / 4, 1 / 5]))


def test_leading_axes_are_averaged() -> None:
    weights = np.stack([np.stack([shifted(5, 1), shifted(5, 1)]), np.stack([shifted(5, 1), shifted(5, 2)])])
    assert_allclose(mha.previous_token_score(weights), [1, (1 + 1 / 4) / 2])


def test_induction_counts_only_the_last_period() -> None:
    weights = np.stack([shifted(9, 3)])
    weights[0, :5] = 0  # the start token and the first of two periods
    assert_allclose(mha.induction_score(weights, 4), [1])


def test_weights_that_do_not_fit_are_refused() -> None:
    with pytest.raises(mha.ShapeError, match=r"\(2, 4, 5\)"):
        mha.previous_token_score(np.zeros((2, 4, 5)))
    with pytest.raises(mha.ShapeError, match="T at least 6"):
        mha.induction_score(np.zeros((2, 5, 5)), 3)
    with pytest.raises(mha.ShapeError, match="period"):
        mha.induction_score(np.zeros((2, 5, 5)), 0)
    with pytest.raises(mha.ShapeError, match="T at least 2"):
        mha.first_token_score(np.zeros((2, 1, 1)))
