"""Units 3 to 5: their mistakes by name, one slip charged once, and what the reports of these units say."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograder.checks import questions
from autograder.marking import Outcome, Wrong
from autograder.mistakes import (
    COLUMNS,
    CONCAT_BY_ITSELF,
    CONCAT_WIDTH,
    CONTRIBUTIONS,
    DIFFERENCES,
    FUSED,
    HEAD_WIDTH,
    OUTPUT_SHAPE,
    PARAMETERS,
    ROWS,
    SEVERAL_HEADS,
    SPLIT_BY_ITSELF,
    from_stages,
)
from autograder.tests.support import solved


def _with_rows(rows_of_head: Any) -> dict[str, Any]:
    """A notebook whose `contributions` calls its own `rows_of_head`, as the solution does."""

    def contributions(heads: Any, w_o: Any) -> Any:
        count = heads.shape[-3]
        return heads @ np.stack([rows_of_head(w_o, h, count) for h in range(count)])

    return {**solved("output_projection"), "rows_of_head": rows_of_head, "contributions": contributions}


def test_wrong_rows_with_a_name_cost_their_points_once() -> None:
    asked = questions("output_projection")
    names = _with_rows(lambda w_o, h, num_heads: w_o[h::num_heads])
    assert asked["output_projection.rows"].mark(names).marks == 0
    report = asked["output_projection.sum"].mark(names)
    assert (report.outcome, report.share) == (Outcome.PASSED, 1.0)
    assert all("output_projection.rows" in facet.note for facet in report.facets)


def test_wrong_rows_without_a_name_carry_nothing_through() -> None:
    asked = questions("output_projection")
    names = _with_rows(lambda w_o, h, num_heads: np.split(w_o, num_heads)[h][::-1])
    assert asked["output_projection.rows"].mark(names).mistakes == ()
    assert asked["output_projection.sum"].mark(names).share == 0


def test_the_report_says_which_heads_are_right() -> None:
    names = solved("several_heads")
    right = names["several_heads"]
    names["several_heads"] = lambda x, w_q, w_k, w_v: [right(x, w_q, w_k, w_v)[0]] * len(w_q)
    report = questions("several_heads")["several_heads.two_heads"].mark(names)
    assert report.seen[1:] == ("All heads gave the same output.", "Right: head 0.")


@pytest.mark.parametrize(
    ("d_v", "d_out"), [(64, 768), (96, 768), (64, 300)], ids=["usual sizes", "wide values", "another output"]
)
def test_only_the_shape_that_is_asked_for_multiplies(d_v: int, d_out: int) -> None:
    shape = solved("output_projection")["output_projection_shape"](768, 12, d_v, d_out)
    heads = np.zeros((12, 2, d_v))
    assert solved("output_projection")["apply_w_o"](heads, np.zeros(shape)).shape == (2, d_out)


def test_the_sum_of_the_contributions_is_the_output() -> None:
    names = solved("output_projection")
    rng = np.random.default_rng(0)
    heads, w_o = rng.standard_normal((2, 3, 5, 4)), rng.standard_normal((12, 7))
    np.testing.assert_allclose(names["contributions"](heads, w_o).sum(axis=-3), names["apply_w_o"](heads, w_o))


def _singles() -> list[Any]:
    """The wrong functions of these units that stand in a table of their own."""
    asked = {**questions("several_heads"), **questions("head_dimensions"), **questions("output_projection")}
    tables = {
        "several_heads.two_heads": SEVERAL_HEADS,
        "several_heads.fused": FUSED,
        "several_heads.columns": COLUMNS,
        "several_heads.differences": DIFFERENCES,
        "head_dimensions.head_width": HEAD_WIDTH,
        "head_dimensions.concat_function": CONCAT_WIDTH,
        "head_dimensions.split_heads": from_stages(
            lambda s: lambda x, num_heads: s.split(x, num_heads), SPLIT_BY_ITSELF
        )(),
        "head_dimensions.concat_heads": from_stages(lambda s: lambda heads: s.concat(heads), CONCAT_BY_ITSELF)(),
        "output_projection.shape": OUTPUT_SHAPE,
        "output_projection.parameters": PARAMETERS,
        "output_projection.rows": from_stages(
            lambda s: lambda w_o, h, num_heads: s.rows_of_head(w_o, h, num_heads), ROWS
        )(),
        "output_projection.sum": CONTRIBUTIONS,
    }
    return [
        pytest.param(asked[name], wrong, id=f"{name}: {wrong.mistakes[0].name} {i}")
        for name, table in tables.items()
        for i, wrong in enumerate(table)
    ]


@pytest.mark.parametrize(("question", "wrong"), _singles())
def test_every_mistake_of_a_table_loses_marks_and_is_told_by_its_own_name(question: Any, wrong: Wrong) -> None:
    for seed in "123":
        report = question.mark({question.name: wrong.function}, seed)
        assert report.share < 1
        assert report.mistakes == wrong.mistakes
