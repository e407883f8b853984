"""The questions by hand: right answers, and every slip, worked out with a pencil's arithmetic and no reference."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from math import exp, sqrt
from typing import Any

import numpy as np

from autograder.checks import question, questions
from autograder.marking import CountedQuestion, HandQuestion, StatementQuestion
from autograder.tests.answers import Right, Wrong

NAMES = {
    "one_head": "my_weight",
    "several_heads": "my_score",
    "output_projection": "my_entry",
    "causal_head": "my_entry",
    "multi_head_attention": "my_entry",
}
OWN = (1, 20260324)


def _dot(a: Any, b: Any) -> float:
    return sum(float(x) * float(y) for x, y in zip(a, b, strict=True))


def _shares(scores: Any) -> list[float]:
    return [exp(s) / sum(exp(t) for t in scores) for s in scores]


def _scores(q: Any, k: Any, scale: float) -> list[list[float]]:
    return [[_dot(a, b) / scale for b in k] for a in q]


def _one_head(q: Any, k: Any, i: int, j: int) -> Mapping[str, float]:
    scaled = _scores(q, k, sqrt(2))
    return {
        "": _shares(scaled[i])[j],
        "no_scale": _shares(_scores(q, k, 1)[i])[j],
        "another_scale": _shares(_scores(q, k, 2)[i])[j],
        "row_and_column": _shares(scaled[j])[i],
        "softmax_over_queries": _shares([row[j] for row in scaled])[i],
        "no_softmax": scaled[i][j],
    }


def _several_heads(q: Any, k: Any, h: int, i: int, j: int) -> Mapping[str, float]:
    mine, other = (slice(2 * h, 2 * h + 2), slice(2 - 2 * h, 4 - 2 * h))
    return {
        "": _dot(q[i, mine], k[j, mine]) / sqrt(2),
        "no_scale": _dot(q[i, mine], k[j, mine]),
        "another_scale": _dot(q[i, mine], k[j, mine]) / sqrt(4),
        "row_and_column": _dot(q[j, mine], k[i, mine]) / sqrt(2),
        "another_heads_columns": _dot(q[i, other], k[j, other]) / sqrt(2),
        "heads_added_in_scores": _dot(q[i], k[j]) / sqrt(2),
        "interleaved": _dot(q[i, h::2], k[j, h::2]) / sqrt(2),
    }


def _output_projection(row: Any, w_o: Any, c: int) -> Mapping[str, float]:
    column = w_o[:, c]
    return {
        "": _dot(row, column),
        "w_o_row_for_column": _dot(row, w_o[c]),
        "one_head_only": _dot(row[2:], column[2:]),
        "heads_added": _dot(row[:2] + row[2:], column[:2]),
        "heads_exchanged": _dot(row[:2], column[2:]) + _dot(row[2:], column[:2]),
    }


def _causal_head(scores: Any, v: Any, t: int, c: int) -> Mapping[str, float]:
    column, everything = v[:, c], _shares(scores[1])
    first, last = exp(scores[1][0]), exp(scores[1][1])
    return {
        "": (first * column[0] + last * column[1]) / (first + last),
        "no_mask": _dot(everything, column),
        "mask_after_softmax": _dot(everything[:2], column[:2]),
        "zero_score": _dot(_shares([scores[1][0], scores[1][1], 0]), column),
        "not_itself": column[0],
        "softmax_over_queries": _shares(scores[:, 0])[1] * column[0] + _shares(scores[1:, 1])[0] * column[1],
    }


def _multi_head_attention(weights_0: Any, v_0: Any, weights_1: Any, v_1: Any, w_o: Any, c: int) -> Mapping[str, float]:
    row = np.array([_dot(w, v[:, n]) for w, v in ((weights_0, v_0), (weights_1, v_1)) for n in range(2)])
    with_one = np.array([*row[:2], *(_dot(weights_0, v_1[:, n]) for n in range(2))])
    return {
        **_output_projection(row, w_o, c),
        "weights_of_one_head": _dot(with_one, w_o[:, c]),
        "no_w_o": row[c],
    }


WORKED: Mapping[str, Callable[..., Mapping[str, float]]] = {
    "one_head": _one_head,
    "several_heads": _several_heads,
    "output_projection": _output_projection,
    "causal_head": _causal_head,
    "multi_head_attention": _multi_head_attention,
}


def _worked(unit: str, own: int) -> Mapping[str, float]:
    asked = question(f"{unit}.by_hand")
    assert isinstance(asked, HandQuestion)
    return WORKED[unit](**asked.numbers(own))


def _others(unit: str, own: int) -> dict[str, Any]:
    """Right answers to the unit's other questions that the same integer decides."""
    found: dict[str, Any] = {}
    for asked in questions(unit).values():
        if isinstance(asked, HandQuestion):
            found[asked.name] = asked.answer(**asked.numbers(own))
        elif isinstance(asked, StatementQuestion):
            found[asked.name] = asked.answer(own)
        elif isinstance(asked, CountedQuestion) and asked.own:
            for entry in asked.entries(own):
                *tables, last = entry.where
                place = found.setdefault(tables[0], {}) if tables else found
                place[last] = entry.answer()
    return found


def right(unit: str) -> Iterator[Right]:
    """Right answers with several numbers of the learner's own, as numbers of several kinds."""
    for own in (*OWN, np.int64(7), -3):
        yield Right(
            f"by hand, {own}",
            {**_others(unit, int(own)), "my_number": own, NAMES[unit]: round(_worked(unit, int(own))[""], 2)},
        )
    exact = _worked(unit, 5)[""]
    yield Right("by hand, not rounded", {**_others(unit, 5), "my_number": 5, NAMES[unit]: np.float32(exact)})
    yield Right("by hand, in an array", {**_others(unit, 5), "my_number": 5, NAMES[unit]: np.array([exact])})


def wrong(unit: str) -> Iterator[Wrong]:
    """Every slip, and answers that are no slip that has a name."""
    for own in OWN:
        for name, value in _worked(unit, own).items():
            if name:
                yield _wrong(unit, f"{name}, {own}", own, round(value, 2), f"by_hand_{name}")
    beyond = max(_worked(unit, 1).values()) + 1
    yield _wrong(unit, "another number", 1, beyond)
    yield _wrong(unit, "a text", 1, "0.5")
    yield _wrong(unit, "a whole array", 1, np.ones(3))
    yield _wrong(unit, "infinity", 1, float("inf"))
    yield _wrong(unit, "a text for my_number", "1", round(_worked(unit, 1)[""], 2))


def _wrong(unit: str, label: str, own: Any, value: Any, *mistakes: str) -> Wrong:
    return Wrong(f"{unit}.by_hand", f"by hand: {label}", {"my_number": own, NAMES[unit]: value}, 0, mistakes)
