"""Every exception of the catalogue, raised for real by NumPy, gets its explanation and not the corrected line."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograder.checks import question
from autograder.marking.explain import explain
from autograder.recording import record

from .support import solved

SIZES = {"B": 2, "H": 3, "T_q": 5, "T_k": 7, "d_model": 12, "d_k": 4}
RNG = np.random.default_rng(0)
Q, K, X = RNG.normal(size=(2, 5, 4)), RNG.normal(size=(2, 7, 4)), RNG.normal(size=(2, 5, 12))


def forgot_return(scores):
    np.exp(scores)


def recursive(x):
    return recursive(x)


def _fed(mask):
    if mask:
        return 1
    return 0


def _unpacked(x):
    b, h, t, d = x.shape
    return b, h, t, d


def _in_place(x):
    x = x.astype(int)
    x /= 2.5
    return x


def _into(x):
    out = np.zeros((2, 5, 3))
    out[:, :, 0] = x
    return out


def _unbound(x):
    total += x  # noqa: F821
    return total.sum()


def _forgotten(q):
    w = forgot_return(q)
    return w @ q


def _size(x):
    return x.size(0)


CATALOGUE = [
    (lambda q, k, x: q @ k, "here d_k (4) meets T_k (7)"),
    (lambda q, k, x: q @ k.T, "reverses all 3 axes"),
    (lambda q, k, x: np.dot(q, k), "here d_k (4) meets T_k (7)"),
    (lambda q, k, x: q + k, "axes -2 do not fit: T_q (5) meets T_k (7)"),
    (lambda q, k, x: _into(x), "do not fit into a place of shape"),
    (lambda q, k, x: np.transpose(k, 1, 2), "PyTorch's way of swapping"),
    (lambda q, k, x: k.transpose(-2, -1), "the array has 3 axes"),
    (lambda q, k, x: x.view(2, 5, 3, 4), "`reshape` in NumPy"),
    (lambda q, k, x: x.permute(0, 2, 1), "PyTorch's name"),
    (lambda q, k, x: _size(x), "is a number, how many entries"),
    (lambda q, k, x: np.sum(x, dim=-1), "NumPy says `axis`"),
    (lambda q, k, x: x.sum(dim=-1), "NumPy says `axis`"),
    (lambda q, k, x: x.sum(-1, keepdim=True), "NumPy says `keepdims`"),
    (lambda q, k, x: np.concatenate(q, k), "taken for the axis"),
    (lambda q, k, x: np.concatenate([q, k], axis=-1), "equally long along every axis but the one"),
    (lambda q, k, x: np.stack([q, k]), "equally long along every axis"),
    (lambda q, k, x: np.stack([]), "the list is empty"),
    (lambda q, k, x: np.zeros(2, 5), "taken for the dtype"),
    (lambda q, k, x: x.reshape(2, 5, 3, 5), "holds 120 numbers"),
    (lambda q, k, x: x.reshape(2, 5, 3, 12 / 3), "A size has to be an int"),
    (lambda q, k, x: np.zeros((5, 12 / 3)), "A size has to be an int"),
    (lambda q, k, x: x[..., : 12 / 3], "in a slice"),
    (lambda q, k, x: range(12 / 3), "A size has to be an int"),
    (lambda q, k, x: _forgotten(q), "None stands where an array should be"),
    (lambda q, k, x: forgot_return(q) @ q, "None stands where an array should be"),
    (lambda q, k, x: forgot_return(q).shape, "None stands where an array should be"),
    (lambda q, k, x: my_softmax(q), "There is no `my_softmax` yet"),  # noqa: F821
    (lambda q, k, x: recursive(x), "calls itself again and again"),
    (lambda q, k, x: _fed(q > 0), "want one True or False"),
    (lambda q, k, x: (q > 0) and (q < 1), "want one True or False"),
    (lambda q, k, x: q.sum(axis=3), "there is no axis 3"),
    (lambda q, k, x: q[0, 0, 0, 0], "The array has 3 axes, and the index names 4"),
    (lambda q, k, x: q[:, 9], "Axis 1 has the places 0 to 4"),
    (lambda q, k, x: q.shape[3], "as many entries as the array has axes"),
    (lambda q, k, x: _unpacked(x), "There are 3 values for 4 names"),
    (lambda q, k, x: _in_place(x), "an operation in place keeps its dtype"),
    (lambda q, k, x: [q, k].shape, "Python list"),
    (lambda q, k, x: q(0), "An array stands where a function should"),
    (lambda q, k, x: np.einsum("bid,bjd->bij", q, x), "one length wherever it occurs"),
    (lambda q, k, x: np.exp(q).softmax(-1), "you wrote one yourself"),
    (lambda q, k, x: q @ None, "None stands where an array should be"),
    (lambda q, k, x: _unbound(x), "the line uses it before that"),
    (lambda q, k, x: forgot_return(), "fewer arguments"),
    (lambda q, k, x: forgot_return(q, k), "more arguments"),
    (lambda q, k, x: {"k": k}["v"], "no such key"),
    (lambda q, k, x: np.array([q, k]), "have different shapes"),
]


def _explained(function: Any) -> str:
    return explain(record(function, (Q, K, X), {})["error"], SIZES)


@pytest.mark.parametrize(("function", "said"), CATALOGUE, ids=[said for _, said in CATALOGUE])
def test_an_exception_of_the_catalogue_is_explained(function: Any, said: str) -> None:
    assert said in _explained(function)


def test_the_line_and_what_met_are_told_in_letters() -> None:
    def scores(q, k, x):
        scores = q @ k
        return scores + 0

    assert _explained(scores) == (
        "In `scores = q @ k`: `q` is (2, 5, 4) = (B, T_q, d_k) and `k` is (2, 7, 4) = (B, T_k, d_k). A matrix product needs the "
        "last axis of `q` to meet the second to last axis of `k`: here d_k (4) meets T_k (7)."
    )


@pytest.mark.parametrize(("function", "said"), CATALOGUE, ids=[said for _, said in CATALOGUE])
def test_no_explanation_holds_the_corrected_line(function: Any, said: str) -> None:
    sentences = _explained(function).split(":", 1)[-1]
    for given_away in ("swapaxes", "np.where", "//", "keepdims=True"):
        assert given_away not in sentences


def test_a_report_explains_on_a_call_whose_sizes_all_differ() -> None:
    names = {**solved("one_head"), "scaled_scores": lambda q, k: q @ k / np.sqrt(q.shape[-1])}
    report = question("one_head.scores").mark(names)
    assert "here d_k (4) meets T_k (7)" in report.explanation
    assert report.as_dict()["explanation"] == report.explanation


def test_nothing_is_said_of_nothing() -> None:
    assert explain(None, SIZES) == ""
    assert explain({}, SIZES) == ""
    assert explain({"kind": 1, "message": [], "parts": [["x", ["array", [-1], "f"]], 5]}, SIZES) == ""
