"""Questions on values: what is told of a table that is none, and of sizes that are wrong."""

from __future__ import annotations

import numpy as np

from autograder.checks import questions
from autograder.marking import Case, Facet, FunctionQuestion, Outcome
from autograder.tests.support import solved, untouched

SHAPES = questions("head_dimensions")["head_dimensions.shapes"]


def test_a_table_that_is_no_dictionary_is_told_and_is_not_called_untouched() -> None:
    report = SHAPES.mark({**untouched("head_dimensions"), "shapes": [(24, 12)]})
    assert (report.outcome, report.marks) == (Outcome.WRONG, 0.0)
    assert report.seen == ("`shapes` should be a dictionary with the entries that were given; it is a list of 1.",)


def test_a_table_that_is_missing_or_as_given_is_not_attempted() -> None:
    for names in ({}, {"shapes": ...}, {"shapes": {}}, untouched("head_dimensions")):
        assert SHAPES.mark(names).outcome is Outcome.NOT_ATTEMPTED


def test_entries_are_marked_one_by_one() -> None:
    right = solved("head_dimensions")["shapes"]
    for done in range(1, len(right)):
        some = dict(list(right.items())[:done])
        assert SHAPES.mark({"shapes": {**dict.fromkeys(right, ...), **some}}).marks == round(0.25 * done, 2)


def test_matrices_in_a_list_are_told_by_their_number_and_shape() -> None:
    question = FunctionQuestion(
        id="test.heads",
        title="",
        points=1,
        read="",
        name="f",
        reference=len,
        argnames=("matrices",),
        facets=(Facet("", 1, lambda rng: [Case(([np.ones((4, 2))] * 3,))]),),
    )
    assert question.mark({"f": lambda matrices: 0}).seen == ("On matrices 3 times (4, 2): Expected 3, got 0.",)
