"""The mistakes that people are known to make in attention: each costs marks and gets its own name."""

from __future__ import annotations

import pytest

from autograder.checks import question
from autograder.mistakes.conduct import INPUT_CHANGED

from .support import UNITS, answers, solved

# What the field's courses, libraries and forums report, and the names in the catalogue.
FIELD = {
    "no 1/sqrt(d_k)": ("no_scale",),
    "divide by sqrt(d_model)": ("sqrt_d_model",),
    "divide by d_k": ("by_d_k",),
    "divide by sqrt(T)": ("sqrt_t", "sqrt_t_k"),
    "scale after softmax": ("scale_after_softmax",),
    "softmax over queries": ("softmax_over_queries",),
    "softmax over heads": ("softmax_over_heads",),
    "softmax over everything": ("softmax_over_everything",),
    "sum without keepdims": ("sum_without_keepdims",),
    "no exponential": ("no_exponential",),
    "softmax without subtracting the maximum": ("softmax_overflows",),
    "mask after softmax, not renormalised": ("mask_after_softmax",),
    "mask multiplies scores by 0": ("mask_times_zero",),
    "0 * -inf": ("zero_times_infinity",),
    "fully masked row": ("empty_row_nan", "empty_row_uniform"),
    "mask inverted": ("mask_inverted",),
    "upper triangle for lower": ("upper_triangle",),
    "diagonal excluded": ("diagonal_excluded",),
    "mask forgotten": ("mask_forgotten",),
    "mask on query rows, not key columns": ("mask_on_queries", "padding_on_queries"),
    "(B,T) padding mask broadcast as it is": ("padding_mask_broadcast",),
    "mask tiled wrongly when heads fold into the batch": ("mask_tiled",),
    "split by reshape without transpose": ("split_by_reshape",),
    "merge by reshape without transpose": ("concat_by_reshape",),
    "heads merged in another order": ("heads_in_reverse", "concat_interleaved"),
    "concat on the token or the batch axis": ("concat_on_tokens", "concat_on_batch"),
    "no W_o": ("no_output_projection",),
    "W_o transposed": ("w_o_transposed",),
    "W_o shaped (d_model, d_model) when H*d_v differs": ("w_o_square",),
    "one weight used twice": ("w_q_for_keys", "w_k_for_queries", "w_k_for_values"),
    "values not projected, queries not projected": ("values_not_projected", "queries_not_projected"),
    "K not transposed, or reshaped instead": ("k_not_transposed", "k_reshaped"),
    "all axes reversed by .T": ("all_axes_reversed",),
    "K @ Q^T": ("keys_by_queries",),
    "batch squeezed, or [0] taken": ("batch_squeezed", "first_of_batch"),
    "input changed in place": ("input_changed",),
    "result buffer takes the integer dtype of the input": ("integer_result",),
    "notebook global or hard-coded size used": ("size_of_the_example",),
    "d_model not divisible by H: silent floor": ("silent_floor",),
    "projections shared across heads": ("projections_shared", "w_q_shared", "w_k_shared", "w_v_shared"),
    "x sliced in place of projected": ("x_sliced", "x_sliced_then_projected"),
    "heads projected one by one and then concatenated": ("projected_then_concatenated", "w_o_before_concat"),
    "heads added": ("heads_added",),
    "normalised between the heads and W_o": ("normalised_before_w_o", "normalised"),
}
SAMPLES = [answer for unit in UNITS for answer in answers(unit).WRONG]


@pytest.mark.parametrize(
    "name", [pytest.param(name, id=f"{row}: {name}") for row, names in FIELD.items() for name in names]
)
def test_a_mistake_of_the_field_costs_marks_and_is_called_by_its_name(name: str) -> None:
    samples = [answer for answer in SAMPLES if answer.mistakes == (name,)]
    assert samples, f"no wrong answer shows {name} by itself"
    for answer in samples:
        asked = question(answer.question)
        report = asked.mark({**solved(answer.question.partition(".")[0]), **answer.names})
        assert [m.name for m in report.mistakes] == [name], str(report)
        assert report.marks < asked.points, str(report)


def test_every_name_of_the_field_stands_among_those_that_its_question_knows() -> None:
    of_the_field = {name for names in FIELD.values() for name in names}
    for answer in SAMPLES:
        if shown := of_the_field & set(answer.mistakes):
            known = {m.name for m in question(answer.question).known_mistakes()} | {INPUT_CHANGED.name}
            assert shown <= known, answer.label
